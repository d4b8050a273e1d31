"""ε̂ of target and ∅ from one network call, and where guidance leads: the same for all families."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from memlens.methods.registry import UNCONDITIONAL
from memlens.models.denoiser import Condition, Prediction
from memlens.models.description import CLASSIFIER_FREE, UNGUIDED

if TYPE_CHECKING:
    from memlens.models.denoiser import Model
    from memlens.sampling.schedule import NoiseLevel


@dataclass(frozen=True, slots=True, eq=False)
class GuidedNoise:
    """What one network call says of N latents.

    Attributes
    ----------
    target, unconditional
        ε̂, (N, C, H, W); the latter None where the model has no ∅.
    guided
        What the walk follows: ε̂_∅ + w (ε̂_c − ε̂_∅), and x̂₀ alike; the target's own where
        guidance is embedded or there is none.
    """

    target: Tensor
    unconditional: Tensor | None
    guided: Prediction


class Guidance:
    """A model's answers under some prompts and under ∅.

    Parameters
    ----------
    model
        Of any family.
    prompts
        One for each latent.
    scale
        w; None takes the model's default.
    """

    def __init__(self, model: Model, prompts: Sequence[str], scale: float | None) -> None:
        facts = model.description
        self.scale = facts.default_guidance_scale if scale is None else float(scale)
        if facts.guidance == UNGUIDED:
            self.scale = 0.0
        self._denoiser = model.denoiser
        self._free = facts.guidance == CLASSIFIER_FREE
        self.targets = [model.encode_prompt(prompt, self.scale) for prompt in prompts]
        conditions = list(self.targets)
        self.has_unconditional = not model.unavailable(UNCONDITIONAL)
        if self.has_unconditional:
            conditions = [model.encode_prompt("", self.scale)] * len(prompts) + conditions
        self._joined = Condition.joined(conditions)

    def __call__(self, x: Tensor, level: NoiseLevel) -> GuidedNoise:
        """Call the network once on `x`, (N, C, H, W)."""
        both = torch.cat([x, x]) if self.has_unconditional else x
        eps, x0 = self._denoiser.predict(both, level, self._joined)
        if not self.has_unconditional:
            return GuidedNoise(eps, None, Prediction(eps, x0))
        count = len(x)
        target = Prediction(eps[count:], x0[count:])
        if not self._free:
            return GuidedNoise(target.eps, eps[:count], target)
        guided = Prediction(
            *(part[:count] + self.scale * (part[count:] - part[:count]) for part in (eps, x0))
        )
        return GuidedNoise(target.eps, eps[:count], guided)
