"""PixArt-Σ: a transformer with learned variance, told the prompt by T5 with its mask."""

from __future__ import annotations

import torch
from torch import Tensor

from memlens.models.denoiser import Condition
from memlens.models.description import CLASSIFIER_FREE, PROMPT
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.scheduler_config import LATENT_MENDS, mended_config
from memlens.models.stable_diffusion import (
    guidance_scale,
    refuse_other_channels,
    refuse_other_width,
)
from memlens.models.stable_diffusion_3 import t5_text
from memlens.models.t5_text import T5Text
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

_GUIDANCE_SCALE = 4.5
_T5_TOKENS = 300
MASK = "mask"


class PixArtDenoiser(NetworkDenoiser):
    """A PixArtTransformer2DModel that speaks ε̂: the first half of its channels."""

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the transformer on `x`, (B, C, H, W)."""
        output: Tensor = self.network(
            x,
            encoder_hidden_states=condition.embedding,
            encoder_attention_mask=condition.extra[MASK],
            timestep=torch.full((len(x),), int(level.timestep), device=x.device),
            added_cond_kwargs={"resolution": None, "aspect_ratio": None},
            return_dict=False,
        )[0]
        return output[:, : x.shape[1]]


class PixArtPromptEncoder(TextEncoders):
    """T5's states and mask; prompts are stripped and in lower case, as the pipeline has them."""

    def __init__(self, t5: T5Text) -> None:
        super().__init__(text_encoder=t5)
        self.max_tokens = t5.max_tokens

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is ∅.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        t5 = self.t5("text_encoder")
        states, mask = t5.states(prompt.lower().strip())
        return Condition(embedding=states, truncated=t5.truncated(prompt), extra={MASK: mask})

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for."""
        return self.t5("text_encoder").count(prompt)


def load(parts: Parts) -> PipelineModel:
    """Load a PixArt-Σ pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    values, file = parts.scheduler()
    noise = VariancePreserving(mended_config(values, file, LATENT_MENDS))
    t5 = t5_text(parts, "", max_tokens=_T5_TOKENS, masked=True)
    transformer = parts.network("transformer", "PixArtTransformer2DModel")
    config = transformer.config
    codec = Autoencoder(parts.network("vae", "AutoencoderKL"))
    size = latent_sides(parts, "transformer", config.sample_size)
    denoiser = PixArtDenoiser(
        transformer, noise.values["prediction_type"], (int(config.in_channels), *size)
    )
    refuse_other_width(parts, t5.width, int(config.caption_channels), "transformer")
    refuse_other_channels(parts, denoiser, codec, "transformer")
    encoder = PixArtPromptEncoder(t5)
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
        offers=Offers(
            missing={
                "bright-ending": "Bright Ending reads the first down block of a UNet; PixArt is a "
                "transformer without blocks of several sizes, and T5 marks no end of text there."
            },
            multiple=int(config.patch_size),
        ),
    )
