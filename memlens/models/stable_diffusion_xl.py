"""SDXL: two CLIP text encoders, pooled text and sizes as additional conditions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from memlens.models.clip_text import ClipText
from memlens.models.denoiser import Condition
from memlens.models.description import CLASSIFIER_FREE, PROMPT
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.scheduler_config import LATENT_MENDS, mended_config
from memlens.models.stable_diffusion import (
    first_block_layers,
    guidance_scale,
    refuse_other_channels,
    refuse_other_interface,
    refuse_other_width,
)
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

_GUIDANCE_SCALE = 5.0
_ADDITIONS = "text_time"
POOLED = "pooled"


class XLDenoiser(NetworkDenoiser):
    """An SDXL UNet that speaks ε̂; told that pictures are neither scaled nor cropped.

    Parameters
    ----------
    unet
        The diffusers model, on its device.
    prediction_type
        "epsilon", "sample" or "v_prediction".
    latent_shape
        (C, H, W).
    scale
        Pixels a side of one latent coordinate.
    """

    def __init__(
        self, unet: Any, prediction_type: str, latent_shape: tuple[int, int, int], scale: int
    ) -> None:
        super().__init__(unet, prediction_type, latent_shape)
        self._scale = scale

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the UNet on `x`, (B, C, H, W)."""
        height, width = (side * self._scale for side in x.shape[-2:])
        sizes = torch.tensor([[height, width, 0, 0, height, width]], dtype=x.dtype, device=x.device)
        output: Tensor = self.network(
            x,
            torch.tensor(level.timestep, device=x.device),
            encoder_hidden_states=condition.embedding,
            added_cond_kwargs={
                "text_embeds": condition.extra[POOLED],
                "time_ids": sizes.expand(len(x), -1),
            },
            return_dict=False,
        )[0]
        return output


class XLPromptEncoder(TextEncoders):
    """Both encoders' states before the last side by side, and the second one's pooled text.

    Parameters
    ----------
    first, second
        The second one projects.
    zero_when_empty
        Whether ∅ is zeros instead of "" encoded.
    """

    def __init__(self, first: ClipText, second: ClipText, *, zero_when_empty: bool) -> None:
        super().__init__(text_encoder=first, text_encoder_2=second)
        self.zero_when_empty = zero_when_empty
        self.max_tokens = max(first.max_tokens, second.max_tokens)

    @property
    def first(self) -> ClipText:
        """The encoder that is not pooled."""
        return self.clip("text_encoder")

    @property
    def second(self) -> ClipText:
        """The encoder whose text is pooled."""
        return self.clip("text_encoder_2")

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is ∅.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        one, two = self.first.states(prompt), self.second.states(prompt)
        embedding, pooled = torch.cat([one.penultimate, two.penultimate], dim=-1), two.pooled
        if self.zero_when_empty and not prompt:
            embedding, pooled = torch.zeros_like(embedding), torch.zeros_like(pooled)
        return Condition(
            embedding=embedding,
            end_of_text=self.first.end_of_text(self.first.tokens(prompt).input_ids[0].tolist()),
            truncated=self.first.truncated(prompt),
            extra={POOLED: pooled},
        )

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for."""
        return self.first.count(prompt)


def clip_text(parts: Parts, number: str, kind: str) -> ClipText:
    """Load the CLIP text encoder whose parts' names end in `number` ("", "_2")."""
    text = parts.text_encoder(f"text_encoder{number}", kind)
    tokenizer = parts.tokenizer(
        f"tokenizer{number}", "CLIPTokenizer", vocabulary=text.config.vocab_size
    )
    return ClipText(text, tokenizer)


def load(parts: Parts) -> PipelineModel:
    """Load an SDXL pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    values, file = parts.scheduler()
    noise = VariancePreserving(mended_config(values, file, LATENT_MENDS))
    encoder = XLPromptEncoder(
        clip_text(parts, "", "CLIPTextModel"),
        clip_text(parts, "_2", "CLIPTextModelWithProjection"),
        zero_when_empty=bool(parts.index.get("force_zeros_for_empty_prompt", True)),
    )
    unet = parts.network("unet", "UNet2DConditionModel")
    refuse_other_interface(parts, unet.config, additions=_ADDITIONS)
    # Its own decoder overflows in half precision.
    codec = Autoencoder(parts.network("vae", "AutoencoderKL", float32=True))
    size = latent_sides(parts, "unet", unet.config.sample_size)
    shape = (int(unet.config.in_channels), *size)
    denoiser = XLDenoiser(unet, noise.values["prediction_type"], shape, codec.scale)
    width = encoder.first.width + encoder.second.width
    refuse_other_width(parts, width, unet.config.cross_attention_dim)
    refuse_other_channels(parts, denoiser, codec)
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
            default_guidance_scale=guidance_scale(parts, _GUIDANCE_SCALE),
            guidance=CLASSIFIER_FREE,
            takes=PROMPT,
        ),
        denoiser=denoiser,
        encoder=encoder,
        codec=codec,
        noise=noise,
        offers=Offers(attention_layers=first_block_layers(unet)),
    )
