"""The gate: whether a template's region is pinned by its caption alone.

A model on which no method could find anything shows nothing about methods. So before any
agreement is looked at, 1 − ρ inside the regions is compared between the target, the same model
without a caption and under another caption, and a less-trained checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from memlens.lab.captions import TEMPLATE_CAPTIONS
from memlens.lab.denoiser import new_scheduler
from memlens.lab.pictures import template_mask
from memlens.lab.recipe import LATENT_SIZE, PICTURE_SIZE
from memlens.lab.text_encoder import tokenize

# Timesteps of steps 49 and 44 of 50.
TIMESTEPS = (1, 101)
_PROBES = 4


@dataclass(frozen=True, slots=True)
class Pinned:
    """1 − ρ of one model under one caption, averaged inside and outside the regions."""

    inside: float
    outside: float


@dataclass(frozen=True, slots=True)
class Gate:
    """1 − ρ at one timestep; `less_trained` is None before there is such a checkpoint."""

    timestep: int
    target: Pinned
    unconditional: Pinned
    other_caption: Pinned
    less_trained: Pinned | None

    @property
    def sentence(self) -> str:
        """Return the gate in one line."""
        parts = [
            f"target {self.target.inside:.3f}",
            f"∅ {self.unconditional.inside:.3f}",
            f"another caption {self.other_caption.inside:.3f}",
        ]
        if self.less_trained is not None:
            parts.append(f"θ̃ {self.less_trained.inside:.3f}")
        outside = self.target.outside - self.unconditional.outside
        return (
            f"1 − ρ inside at t = {self.timestep}: {', '.join(parts)}; "
            f"target − ∅ outside {outside:.3f}"
        )


def measure_gate(
    unet: UNet2DConditionModel,
    early: UNet2DConditionModel | None,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    latents: Sequence[Tensor],
    *,
    seed: int = 0,
) -> tuple[Gate, ...]:
    """Measure the gate on noised training pictures, at every one of `TIMESTEPS`.

    Parameters
    ----------
    unet, early
        The target and, once there is one, the less-trained checkpoint.
    text_encoder, tokenizer
        Of both.
    latents
        Clean latents (4, 32, 32), one training picture of each template, in order.
    seed
        Of the noise and the probes, which all conditions share.
    """
    clean = torch.stack(list(latents))
    masks = torch.stack([_on_latents(index) for index in range(len(clean))])
    others = (*TEMPLATE_CAPTIONS[1:], TEMPLATE_CAPTIONS[0])
    with torch.no_grad():
        own, empty, other = (
            text_encoder(tokenize(tokenizer, list(captions))).last_hidden_state
            for captions in (TEMPLATE_CAPTIONS, [""] * len(clean), others)
        )
    gates = []
    for timestep in TIMESTEPS:
        random = torch.Generator().manual_seed(seed + timestep)
        signal = new_scheduler().alphas_cumprod[timestep]
        noise = torch.randn(clean.shape, generator=random)
        noisy = signal.sqrt() * clean + (1 - signal).sqrt() * noise
        probes = torch.randint(0, 2, (_PROBES, *clean.shape), generator=random) * 2.0 - 1

        def pinned(
            model: UNet2DConditionModel,
            embedding: Tensor,
            noisy: Tensor = noisy,
            probes: Tensor = probes,
            timestep: int = timestep,
            sigma: float = float((1 - signal).sqrt()),
        ) -> Pinned:
            diagonal = sigma * _diagonal(model, noisy, timestep, embedding, probes).mean(dim=1)
            return Pinned(float(diagonal[masks].mean()), float(diagonal[~masks].mean()))

        gates.append(
            Gate(
                timestep=timestep,
                target=pinned(unet, own),
                unconditional=pinned(unet, empty),
                other_caption=pinned(unet, other),
                less_trained=None if early is None else pinned(early, own),
            )
        )
    return tuple(gates)


def _diagonal(
    unet: UNet2DConditionModel, noisy: Tensor, timestep: int, embedding: Tensor, probes: Tensor
) -> Tensor:
    total = torch.zeros_like(noisy)
    for probe in probes:
        place = noisy.clone().requires_grad_()
        prediction = unet(place, timestep, embedding).sample
        (product,) = torch.autograd.grad(prediction, place, probe)
        total += probe * product
    return total / len(probes)


def _on_latents(template: int) -> Tensor:
    side = PICTURE_SIZE // LATENT_SIZE
    mask = template_mask(template).reshape(LATENT_SIZE, side, LATENT_SIZE, side)
    return torch.from_numpy(np.asarray(mask.mean(axis=(1, 3)) > 0.5))
