"""Stable-Diffusion-shaped pipelines: SD 1.x and 2.x, epsilon, sample and v prediction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from memlens.errors import MethodUnavailable, ModelError
from memlens.models.clip_text import ClipPromptEncoder
from memlens.models.denoiser import Condition
from memlens.models.description import CLASSIFIER_FREE, PROMPT
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.scheduler_config import STABLE_DIFFUSION_MENDS, mended_config
from memlens.sampling.schedule import NoiseLevel

_GUIDANCE_SCALE = 7.5
_BRIGHT_ENDING_BLOCK = "CrossAttnDownBlock2D"


class UNetDenoiser(NetworkDenoiser):
    """A UNet2DConditionModel that speaks ε̂.

    Parameters
    ----------
    unet
        The diffusers model, on its device.
    prediction_type
        What its output is: "epsilon", "sample" or "v_prediction".
    latent_shape
        (C, H, W); None takes the UNet's own.
    """

    def __init__(
        self, unet: Any, prediction_type: str, latent_shape: tuple[int, int, int] | None = None
    ) -> None:
        size = unet.config.sample_size
        height, width = (size, size) if isinstance(size, int) else size
        own = int(unet.config.in_channels), int(height), int(width)
        super().__init__(unet, prediction_type, latent_shape or own)

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the UNet on `x`, (B, C, H, W)."""
        output: Tensor = self.network(
            x,
            torch.tensor(int(level.timestep), device=x.device),
            encoder_hidden_states=condition.embedding,
            return_dict=False,
        )[0]
        return output


def load(parts: Parts) -> PipelineModel:
    """Load a Stable Diffusion pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    # Walked as the official protocol has it: DDIM, whatever sampler the configuration names.
    values, file = parts.scheduler()
    noise = VariancePreserving(
        mended_config(values, file, STABLE_DIFFUSION_MENDS), own_sampler=False
    )
    text = parts.text_encoder("text_encoder", "CLIPTextModel")
    encoder = ClipPromptEncoder(
        text, parts.tokenizer("tokenizer", "CLIPTokenizer", vocabulary=text.config.vocab_size)
    )
    unet = parts.network("unet", "UNet2DConditionModel")
    refuse_other_interface(parts, unet.config, additions=None)
    denoiser = UNetDenoiser(unet, noise.values["prediction_type"])
    codec = Autoencoder(parts.network("vae", "AutoencoderKL"))
    refuse_other_width(parts, encoder.width, unet.config.cross_attention_dim)
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


def guidance_scale(parts: Parts, family_default: float) -> float:
    """Return what the model's card asks for, or its family's own."""
    asked = parts.default_guidance_scale
    return family_default if asked is None else asked


def first_block_layers(unet: Any) -> Callable[[], tuple[Any, ...]]:
    """Return what finds a UNet's layers that Bright Ending reads."""
    return partial(_bright_ending_layers, unet)


def _bright_ending_layers(unet: Any) -> tuple[Any, ...]:
    """Return ``attn2`` of ``down_blocks.0.attentions.*`` (Chen et al., ICLR 2025)."""
    block = unet.down_blocks[0]
    layers = tuple(
        transformer.attn2
        for attention in getattr(block, "attentions", ())
        for transformer in attention.transformer_blocks
        if transformer.attn2 is not None
    )
    if not layers:
        raise MethodUnavailable(
            "Bright Ending needs cross-attention in the first down block "
            f"({_BRIGHT_ENDING_BLOCK}); this model has {type(block).__name__} there."
        )
    return layers


def refuse_other_interface(parts: Parts, config: Any, *, additions: str | None) -> None:
    """Refuse a UNet that needs more than its family gives it.

    Raises
    ------
    ModelError
        If it conditions on a picture, on a class, or on other additions than `additions`.
    """
    where = parts.where("unet")
    latent_sides(parts, "unet", config.sample_size)
    if config.in_channels != config.out_channels:
        raise ModelError(
            f"{where} takes {config.in_channels} channels and gives {config.out_channels}: "
            "memlens knows no pipelines that condition on a picture."
        )
    allowed = {"addition_embed_type": additions}
    for key in ("class_embed_type", "addition_embed_type", "encoder_hid_dim_type"):
        if config.get(key) != allowed.get(key):
            raise ModelError(f"{where} needs more than a prompt ({key} is {config[key]!r}).")


def refuse_other_width(parts: Parts, width: int, needed: Any, network: str = "UNet") -> None:
    """Refuse a text encoder of another width than the network takes.

    Raises
    ------
    ModelError
        If it is.
    """
    if isinstance(needed, int) and width != needed:
        raise ModelError(
            f"{parts.source}: the text encoder's width is {width}, the {network} needs {needed}: "
            "they do not belong together."
        )


def refuse_other_channels(
    parts: Parts, denoiser: NetworkDenoiser, codec: Autoencoder, network: str = "UNet"
) -> None:
    """Refuse an autoencoder of other channels than the network gives.

    Raises
    ------
    ModelError
        If it is.
    """
    channels, latent = denoiser.latent_shape[0], codec.vae.config.latent_channels
    if latent != channels:
        raise ModelError(
            f"{parts.source}: the decoder takes {latent} channels, the {network} gives "
            f"{channels}: they do not belong together."
        )
