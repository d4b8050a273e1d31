"""SD3 and SD3.5: a flow; two CLIP text encoders and, where it is there, T5."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from memlens.errors import ModelError
from memlens.models.clip_text import ClipText
from memlens.models.denoiser import Condition
from memlens.models.description import CLASSIFIER_FREE, PROMPT
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import Flow
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.stable_diffusion import guidance_scale, refuse_other_channels
from memlens.models.stable_diffusion_xl import POOLED, clip_text
from memlens.models.t5_text import T5Text
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

_GUIDANCE_SCALE = 7.0
_T5_TOKENS = 256


class SD3Denoiser(NetworkDenoiser):
    """An SD3Transformer2DModel that speaks ε̂."""

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the transformer on `x`, (B, C, H, W)."""
        time = torch.full((len(x),), level.timestep, dtype=torch.float32, device=x.device)
        output: Tensor = self.network(
            hidden_states=x,
            timestep=time,
            encoder_hidden_states=condition.embedding,
            pooled_projections=condition.extra[POOLED],
            return_dict=False,
        )[0]
        return output


class SD3PromptEncoder(TextEncoders):
    """Both CLIPs' states side by side, padded to T5's width, and T5's along the sequence.

    Parameters
    ----------
    first, second
        Both project.
    t5
        None where the pipeline has none: as many zero tokens take its place.
    width
        Features that the transformer takes.
    """

    def __init__(self, first: ClipText, second: ClipText, t5: T5Text | None, width: int) -> None:
        also = {} if t5 is None else {"text_encoder_3": t5}
        super().__init__(text_encoder=first, text_encoder_2=second, **also)
        self._width = width
        # What CLIP does not see, T5 does.
        self._widest = "text_encoder" if t5 is None else "text_encoder_3"
        self.max_tokens = self.texts[self._widest].max_tokens

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is ∅.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        first = self.clip("text_encoder")
        one, two = first.states(prompt), self.clip("text_encoder_2").states(prompt)
        clip = torch.cat([one.penultimate, two.penultimate], dim=-1)
        clip = pad(clip, (0, self._width - clip.shape[-1]))
        if "text_encoder_3" in self.texts:
            t5 = self.t5("text_encoder_3").states(prompt)[0].to(clip.dtype)
        else:
            t5 = clip.new_zeros(1, _T5_TOKENS, self._width)
        return Condition(
            embedding=torch.cat([clip, t5], dim=1),
            end_of_text=first.end_of_text(first.tokens(prompt).input_ids[0].tolist()),
            truncated=self.texts[self._widest].truncated(prompt),
            extra={POOLED: torch.cat([one.pooled, two.pooled], dim=-1)},
        )

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for."""
        return self.texts[self._widest].count(prompt)


def load(parts: Parts) -> PipelineModel:
    """Load an SD3 pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    values, file = parts.scheduler()
    first = clip_text(parts, "", "CLIPTextModelWithProjection")
    second = clip_text(parts, "_2", "CLIPTextModelWithProjection")
    t5 = t5_text(parts, "_3", max_tokens=_T5_TOKENS) if parts.has("text_encoder_3") else None
    transformer = parts.network("transformer", "SD3Transformer2DModel")
    config = transformer.config
    patch = int(config.patch_size)
    noise = Flow(values, file=file, patch=patch, starts_evenly=False)
    codec = Autoencoder(parts.network("vae", "AutoencoderKL"))
    size = latent_sides(parts, "transformer", config.sample_size)
    denoiser = SD3Denoiser(transformer, "flow", (int(config.in_channels), *size))
    _refuse_text_that_differs(parts, first, second, t5, config)
    refuse_other_channels(parts, denoiser, codec, "transformer")
    encoder = SD3PromptEncoder(first, second, t5, int(config.joint_attention_dim))
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
                "bright-ending": "Bright Ending reads a UNet's cross-attention; SD3's transformer "
                "attends to text and picture together."
            },
            multiple=patch,
        ),
    )


def t5_text(parts: Parts, number: str, *, max_tokens: int, masked: bool = False) -> T5Text:
    """Load the T5 encoder whose parts' names end in `number` ("", "_2", "_3")."""
    text = parts.text_encoder(f"text_encoder{number}", "T5EncoderModel")
    tokenizer = parts.tokenizer(
        f"tokenizer{number}", "T5Tokenizer", vocabulary=text.config.vocab_size
    )
    return T5Text(text, tokenizer, max_tokens=max_tokens, masked=masked)


def _refuse_text_that_differs(
    parts: Parts, first: ClipText, second: ClipText, t5: T5Text | None, config: Any
) -> None:
    needed = int(config.joint_attention_dim)
    both = first.width + second.width
    pooled = sum(int(each.text_encoder.config.projection_dim) for each in (first, second))
    if both > needed or (t5 is not None and t5.width != needed):
        width = both if t5 is None else t5.width
        raise ModelError(
            f"{parts.source}: the text encoders' width is {width}, the transformer needs {needed}: "
            "they do not belong together."
        )
    if pooled != config.pooled_projection_dim:
        raise ModelError(
            f"{parts.source}: the text encoders pool {pooled} features, the transformer needs "
            f"{config.pooled_projection_dim}: they do not belong together."
        )
