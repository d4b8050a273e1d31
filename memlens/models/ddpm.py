"""DDPM: pixels, without any condition; walked by DDIM, since its own sampler adds noise."""

from __future__ import annotations

import torch
from torch import Tensor

from memlens.errors import ModelError, SettingsError
from memlens.models.denoiser import Condition
from memlens.models.description import NOTHING, UNGUIDED
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Pixels
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.scheduler_config import mended_config
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel


class DDPMDenoiser(NetworkDenoiser):
    """A UNet2DModel that speaks ε̂."""

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the UNet on `x`, (B, C, H, W); there is no condition."""
        time = torch.tensor(int(level.timestep), device=x.device)
        output: Tensor = self.network(x, time, return_dict=False)[0]
        return output


class NoPrompt(TextEncoders):
    """The empty condition of a model that takes none."""

    max_tokens = 0

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self._device = device

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Return the empty condition.

        Raises
        ------
        SettingsError
            If a prompt is given.
        """
        if prompt.strip():
            raise SettingsError("this model takes no prompt: leave it empty.")
        return Condition(embedding=torch.zeros(1, 1, 1, device=self._device))

    def count(self, prompt: str) -> tuple[int, int]:
        """Return that there is no room."""
        return 0, 0


def load(parts: Parts) -> PipelineModel:
    """Load a DDPM pipeline.

    Raises
    ------
    ModelError
        If a part is missing or damaged, or conditions on a class.
    """
    values, file = parts.scheduler()
    # Thresholding by quantiles is the pipeline's choice for its own sampler; DDIM clips alone.
    noise = VariancePreserving(
        mended_config(values, file, {"thresholding": False}), own_sampler=False, pixels=True
    )
    unet = parts.network("unet", "UNet2DModel")
    config = unet.config
    if config.in_channels != config.out_channels or config.get("class_embed_type"):
        raise ModelError(f"{parts.where('unet')} needs more than a noisy picture.")
    size = latent_sides(parts, "unet", config.sample_size)
    denoiser = DDPMDenoiser(unet, noise.values["prediction_type"], (int(config.in_channels), *size))
    encoder = NoPrompt(denoiser.device)
    codec = Pixels(int(config.in_channels))
    # The network's own grid sizes halve at every block but the last.
    multiple = 2 ** (len(config.block_out_channels) - 1)
    return PipelineModel(
        description=described(
            name=parts.name,
            source=parts.source,
            fingerprint=parts.fingerprint,
            family=parts.pipeline,
            denoiser=denoiser,
            codec=codec,
            noise=noise,
            prompt_tokens=encoder.max_tokens,
            default_guidance_scale=0.0,
            guidance=UNGUIDED,
            takes=NOTHING,
        ),
        denoiser=denoiser,
        encoder=encoder,
        codec=codec,
        noise=noise,
        offers=Offers(
            missing={
                "bright-ending": "Bright Ending reads attention to a prompt; DDPM has none.",
                "unconditional": "DDPM is conditioned on nothing, so that there is no "
                "unconditional ∅ to subtract: give a less-trained checkpoint.",
            },
            multiple=multiple,
        ),
    )
