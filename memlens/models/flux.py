"""FLUX.1: a flow on latents packed 2×2, with guidance embedded (dev) or without any (schnell)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from memlens.errors import ModelError
from memlens.models.clip_text import ClipText
from memlens.models.denoiser import Condition
from memlens.models.description import EMBEDDED, PROMPT, UNGUIDED
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import Flow
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.stable_diffusion import (
    guidance_scale,
    refuse_other_channels,
    refuse_other_width,
)
from memlens.models.stable_diffusion_3 import t5_text
from memlens.models.stable_diffusion_xl import POOLED, clip_text
from memlens.models.t5_text import T5Text
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

_DEV_GUIDANCE = 3.5
# Tokens of T5: the pipeline's default, and what schnell's card asks for.
_DEV_TOKENS, _SCHNELL_TOKENS = 512, 256
_PATCH = 2
GUIDANCE = "guidance"


class FluxDenoiser(NetworkDenoiser):
    """A FluxTransformer2DModel that speaks ε̂ on the latent's own grid."""

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the transformer on `x`, (B, C, H, W)."""
        height, width = x.shape[-2] // _PATCH, x.shape[-1] // _PATCH
        rows, columns = torch.meshgrid(
            torch.arange(height, device=x.device), torch.arange(width, device=x.device),
            indexing="ij",
        )  # fmt: skip
        places = torch.stack([torch.zeros_like(rows), rows, columns], dim=-1).reshape(-1, 3)
        text = torch.zeros(condition.embedding.shape[1], 3, device=x.device)
        time = torch.full((len(x),), level.timestep, dtype=torch.float32, device=x.device)
        output: Tensor = self.network(
            hidden_states=packed(x),
            timestep=(time / 1000.0).to(x.dtype),
            guidance=condition.extra.get(GUIDANCE),
            pooled_projections=condition.extra[POOLED],
            encoder_hidden_states=condition.embedding,
            txt_ids=text.to(x.dtype),
            img_ids=places.to(x.dtype),
            return_dict=False,
        )[0]
        return unpacked(output, height, width)


def packed(x: Tensor) -> Tensor:
    """Turn (B, C, H, W) into tokens of 2×2 places, (B, H·W/4, 4·C), by channel, row, column."""
    batch, channels, height, width = x.shape
    split = x.reshape(batch, channels, height // _PATCH, _PATCH, width // _PATCH, _PATCH)
    return split.permute(0, 2, 4, 1, 3, 5).reshape(batch, -1, channels * _PATCH**2)


def unpacked(tokens: Tensor, rows: int, columns: int) -> Tensor:
    """Undo `packed` for a grid of `rows` × `columns` tokens."""
    split = tokens.reshape(len(tokens), rows, columns, -1, _PATCH, _PATCH)
    return split.permute(0, 3, 1, 4, 2, 5).reshape(len(tokens), -1, rows * _PATCH, columns * _PATCH)


class FluxPromptEncoder(TextEncoders):
    """T5's states, CLIP's pooled text, and the guidance scale where it is embedded.

    Parameters
    ----------
    clip, t5
        The text encoders.
    embeds_guidance
        Whether the network takes a guidance scale.
    """

    def __init__(self, clip: ClipText, t5: T5Text, *, embeds_guidance: bool) -> None:
        super().__init__(text_encoder=clip, text_encoder_2=t5)
        self._embeds_guidance = embeds_guidance
        self.max_tokens = t5.max_tokens

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt and the guidance scale, the family's own if it is None.

        Raises
        ------
        SettingsError
            If the prompt is not Unicode.
        """
        t5 = self.t5("text_encoder_2")
        states = t5.states(prompt)[0]
        extra = {POOLED: self.clip("text_encoder").states(prompt).pooled}
        if self._embeds_guidance:
            scale = _DEV_GUIDANCE if guidance_scale is None else guidance_scale
            extra[GUIDANCE] = torch.full((1,), scale, dtype=torch.float32, device=states.device)
        return Condition(embedding=states, truncated=t5.truncated(prompt), extra=extra)

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for."""
        return self.t5("text_encoder_2").count(prompt)


def load(parts: Parts) -> PipelineModel:
    """Load a FLUX.1 pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    values, file = parts.scheduler()
    noise = Flow(values, file=file, patch=_PATCH, starts_evenly=True)
    clip = clip_text(parts, "", "CLIPTextModel")
    transformer = parts.network("transformer", "FluxTransformer2DModel")
    config = transformer.config
    embeds = bool(config.guidance_embeds)
    t5 = t5_text(parts, "_2", max_tokens=_DEV_TOKENS if embeds else _SCHNELL_TOKENS)
    codec = Autoencoder(parts.network("vae", "AutoencoderKL"))
    denoiser = FluxDenoiser(transformer, "flow", _latent_shape(parts, config, codec))
    refuse_other_width(parts, t5.width, int(config.joint_attention_dim), "transformer")
    refuse_other_width(parts, clip.width, int(config.pooled_projection_dim), "transformer")
    refuse_other_channels(parts, denoiser, codec, "transformer")
    encoder = FluxPromptEncoder(clip, t5, embeds_guidance=embeds)
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
            default_guidance_scale=guidance_scale(parts, _DEV_GUIDANCE if embeds else 0.0),
            guidance=EMBEDDED if embeds else UNGUIDED,
            takes=PROMPT,
        ),
        denoiser=denoiser,
        encoder=encoder,
        codec=codec,
        noise=noise,
        offers=Offers(missing=_missing(embeds=embeds), multiple=_PATCH),
    )


def _missing(*, embeds: bool) -> dict[str, str]:
    missing = {
        "bright-ending": "Bright Ending reads a UNet's cross-attention; FLUX's transformer attends "
        "to text and picture together."
    }
    if embeds:
        missing["unconditional"] = (
            "FLUX with embedded guidance has no unconditional ∅: it was distilled to answer under "
            "a prompt and a guidance scale alone. Subtract a less-trained checkpoint, the model "
            "without its LoRA, or another prompt."
        )
    return missing


def _latent_shape(parts: Parts, config: Any, codec: Autoencoder) -> tuple[int, int, int]:
    """Return the latent's size: the transformer says nothing of it, the autoencoder does."""
    height, width = latent_sides(parts, "vae", codec.vae.config.sample_size)
    grain = codec.scale * _PATCH
    if height % grain or width % grain or config.in_channels % _PATCH**2:
        raise ModelError(
            f"{parts.where('vae')}: pictures of {width}x{height} make no latent packed 2x2."
        )
    return config.in_channels // _PATCH**2, height // codec.scale, width // codec.scale
