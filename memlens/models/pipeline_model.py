"""A model put together from a denoiser, a prompt encoder, a schedule and a picture codec."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.errors import MethodUnavailable, SettingsError
from memlens.models.denoiser import Condition
from memlens.models.description import ModelDescription
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import NoiseSchedule
from memlens.models.picture_codec import PictureCodec
from memlens.models.walk import Walk
from memlens.sampling.schedule import NoiseLevel, Schedule

BRIGHT_ENDING = "bright-ending"
TOKENS = "tokens"


class RenewableEncoder(Protocol):
    """A prompt encoder that also counts, and whose text encoders can be replaced."""

    @property
    def networks(self) -> Mapping[str, Any]:
        """The text encoders by the names of their folders; none where there is no text."""
        ...

    @property
    def max_tokens(self) -> int:
        """Longest prompt in tokens, start and end included."""
        ...

    def with_networks(self, networks: Mapping[str, Any]) -> RenewableEncoder:
        """Return the same with other text encoders, by the names of their folders."""
        ...

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is ∅."""
        ...

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes, and how many there is room for."""
        ...


@runtime_checkable
class TellsTokens(Protocol):
    """A text encoder whose embedding has one position for each token."""

    def token_texts(self, prompt: str) -> tuple[str, ...]:
        """Return the text of every position, marks and padding too."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a family cannot offer, and where its attention is.

    Attributes
    ----------
    missing
        Method's key, or "unconditional" → why not.
    attention_layers
        Finds the layers that Bright Ending reads; raises `MethodUnavailable` where there are none.
    multiple
        Both sides of a latent must be a multiple of this.
    """

    missing: Mapping[str, str] = field(default_factory=dict)
    attention_layers: Callable[[], tuple[Any, ...]] | None = None
    multiple: int = 1


class PipelineModel:
    """A model of one of the families; see `memlens.models.denoiser.Model`."""

    def __init__(
        self,
        *,
        description: ModelDescription,
        denoiser: NetworkDenoiser,
        encoder: RenewableEncoder,
        codec: PictureCodec,
        noise: NoiseSchedule,
        offers: Offers,
    ) -> None:
        self.description = description
        self.denoiser = denoiser
        self.encoder = encoder
        self.codec = codec
        self.noise = noise
        self.offers = offers
        # Of the model without its LoRA, where it has one.
        self.base: ModelDescription | None = None
        self.lora_fingerprint = ""

    def encode_prompt(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is the unconditional ∅."""
        scale = (
            self.description.default_guidance_scale if guidance_scale is None else guidance_scale
        )
        return self.encoder(prompt, scale)

    def count_tokens(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes, and how many there is room for."""
        return self.encoder.count(prompt)

    def token_texts(self, prompt: str) -> tuple[str, ...]:
        """Return the text of every position of a prompt's embedding, marks and padding too.

        Raises
        ------
        MethodUnavailable
            If this family's text encoder does not tell them apart.
        """
        if not isinstance(self.encoder, TellsTokens):
            raise MethodUnavailable(self.unavailable(TOKENS))
        return self.encoder.token_texts(prompt)

    def schedule(self, steps: int) -> Schedule:
        """Return the noise levels of a run of `steps` steps.

        Raises
        ------
        SettingsError
            If `steps` is below 1, or so many that the walk would leave the training schedule.
        """
        return self.walk(steps).schedule

    def walk(self, steps: int) -> Walk:
        """Begin a run of `steps` steps; errors are those of `schedule`."""
        return self.noise.walk(steps, self.denoiser.latent_shape[1:])

    def level(self, log_snr: float) -> NoiseLevel:
        """Return the noise level that the model knows whose logSNR, in nats, is nearest."""
        return self.noise.level(log_snr)

    def initial_latent(self, seed: int) -> Tensor:
        """Draw x_T, (1, C, H, W), float32, from a CPU generator seeded with `seed`."""
        generator = torch.Generator("cpu").manual_seed(seed)
        noise = torch.randn((1, *self.denoiser.latent_shape), generator=generator)
        return noise.to(self.denoiser.device)

    def sized(self, latent_size: tuple[int, int]) -> Self:
        """Return the same model for latents of (H, W), sharing all weights.

        Raises
        ------
        SettingsError
            If a side is not a positive multiple of what the network takes.
        """
        if latent_size == self.denoiser.latent_shape[1:]:
            return self
        multiple, scale = self.offers.multiple, self.codec.scale
        if any(side < 1 or side % multiple for side in latent_size):
            height, width = (side * scale for side in latent_size)
            raise SettingsError(
                f"{self.description.name} makes no pictures of {width}x{height} pixels: both sides "
                f"must be multiples of {multiple * scale}."
            )
        other = copy.copy(self)
        other.denoiser = self.denoiser.sized(latent_size)
        other.description = replace(
            self.description,
            latent_shape=other.denoiser.latent_shape,
            picture_size=(latent_size[0] * scale, latent_size[1] * scale),
        )
        return other

    def unavailable(self, what: str) -> str:
        """Why this model cannot offer a method, "unconditional" or "tokens"; "" where it can."""
        if what == TOKENS and not isinstance(self.encoder, TellsTokens):
            return "Tokens are told apart for the text encoder of Stable Diffusion 1 and 2 alone."
        if what == BRIGHT_ENDING and what not in self.offers.missing:
            try:
                self.attention_layers()
            except MethodUnavailable as error:
                return str(error)
        return self.offers.missing.get(what, "")

    def attention_layers(self) -> tuple[Any, ...]:
        """Return the cross-attention layers that Bright Ending reads.

        Raises
        ------
        MethodUnavailable
            If there are none.
        """
        if self.offers.attention_layers is None:
            raise MethodUnavailable(
                self.offers.missing.get(BRIGHT_ENDING, "")
                or "Bright Ending is defined for Stable Diffusion's cross-attention."
            )
        return self.offers.attention_layers()

    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3).

        Raises
        ------
        NumericalError
            If the decoder gives NaN or infinity.
        """
        return self.codec.decode(latent)

    def encode_picture(self, picture: NDArray[np.uint8]) -> Tensor:
        """Encode a picture (height, width, 3) of the model's size into (1, C, H, W), float32.

        Raises
        ------
        NumericalError
            If the encoder gives NaN or infinity.
        """
        return self.codec.encode(picture).to(self.denoiser.device)


def described(
    *,
    name: str,
    source: str,
    fingerprint: str,
    family: str,
    denoiser: NetworkDenoiser,
    codec: PictureCodec,
    noise: NoiseSchedule,
    prompt_tokens: int,
    default_guidance_scale: float,
    guidance: str,
    takes: str,
) -> ModelDescription:
    """Gather the facts of a loaded model."""
    _, height, width = denoiser.latent_shape
    return ModelDescription(
        name=name,
        source=source,
        fingerprint=fingerprint,
        family=family,
        prediction_type=denoiser.prediction_type,
        latent_shape=denoiser.latent_shape,
        picture_size=(height * codec.scale, width * codec.scale),
        train_timesteps=noise.train_timesteps,
        prompt_tokens=prompt_tokens,
        parameters=denoiser.parameters,
        device=str(denoiser.device),
        dtype=str(denoiser.dtype).removeprefix("torch."),
        default_guidance_scale=default_guidance_scale,
        longest_walk=noise.most_steps,
        schedule_mended=noise.mended,
        assumed=noise.assumed,
        guidance=guidance,
        takes=takes,
    )
