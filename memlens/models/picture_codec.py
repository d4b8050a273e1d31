"""Between latents and pictures: an autoencoder, or none where the model works on pixels."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.errors import ModelError, NumericalError
from memlens.models.finite_output import advice


class PictureCodec(Protocol):
    """Decodes latents and encodes pictures."""

    @property
    def scale(self) -> int:
        """Pixels a side of one latent coordinate."""
        ...

    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3)."""
        ...

    def encode(self, picture: NDArray[np.uint8]) -> Tensor:
        """Encode a picture (height, width, 3) into (1, C, H, W), float32."""
        ...


class Autoencoder:
    """An AutoencoderKL with its scaling; encoding takes the mean."""

    def __init__(self, vae: Any) -> None:
        vae.requires_grad_(False)
        vae.eval()
        self.vae = vae
        self.scale = 2 ** (len(vae.config.block_out_channels) - 1)
        self._factor = float(vae.config.scaling_factor)
        self._shift = float(getattr(vae.config, "shift_factor", None) or 0.0)

    @torch.no_grad()
    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3).

        Raises
        ------
        NumericalError
            If the decoder gives NaN or infinity.
        """
        scaled = latent.to(self.vae.device, self.vae.dtype) / self._factor
        if self._shift:
            scaled = scaled + self._shift
        pixels = self.vae.decode(scaled, return_dict=False)[0][0].float()
        if not bool(torch.isfinite(pixels).all()):
            raise NumericalError(
                f"the decoder gave NaN or infinity for the picture; {advice(self.vae.dtype)}."
            )
        return picture_of(pixels)

    @torch.no_grad()
    def encode(self, picture: NDArray[np.uint8]) -> Tensor:
        """Encode a picture (height, width, 3) into (1, C, H, W), float32.

        Raises
        ------
        NumericalError
            If the encoder gives NaN or infinity.
        """
        pixels = pixels_of(picture).to(self.vae.device, self.vae.dtype)
        mean = self.vae.encode(pixels).latent_dist.mode().float()
        if not bool(torch.isfinite(mean).all()):
            raise NumericalError(
                f"the encoder gave NaN or infinity for the picture; {advice(self.vae.dtype)}."
            )
        latent: Tensor = (mean - self._shift) * self._factor
        return latent


class Pixels:
    """No autoencoder: the latent is the picture in ±1, with one channel or three."""

    scale = 1

    def __init__(self, channels: int) -> None:
        if channels not in (1, 3):
            raise ModelError(f"pictures of {channels} channels are neither grey nor coloured.")
        self._channels = channels

    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Turn (1, C, H, W) into a picture (height, width, 3)."""
        return picture_of(latent[0].float().expand(3, -1, -1))

    def encode(self, picture: NDArray[np.uint8]) -> Tensor:
        """Turn a picture (height, width, 3) into (1, C, H, W), float32."""
        pixels = pixels_of(picture)
        return pixels if self._channels == 3 else pixels.mean(dim=1, keepdim=True)


def picture_of(pixels: Tensor) -> NDArray[np.uint8]:
    """Turn (3, height, width) in ±1 into a picture (height, width, 3)."""
    scaled = (pixels / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).mul(255).round()
    picture: NDArray[np.uint8] = scaled.to(torch.uint8).cpu().numpy()
    return picture


def pixels_of(picture: NDArray[np.uint8]) -> Tensor:
    """Turn a picture (height, width, 3) into (1, 3, height, width) in ±1, float32."""
    values = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]
    return values.float() / 127.5 - 1.0
