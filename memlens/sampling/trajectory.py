"""All that one sampling run keeps, and what can be read off it without the network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MethodUnavailable, ModelError
from memlens.sampling.baseline_noise import BaselineNoise
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule

if TYPE_CHECKING:
    from memlens.models.denoiser import Model

FloatArray = NDArray[np.float32]

NO_LATENTS = (
    "This session was saved without its trajectory: nothing more can be computed for it. "
    "Run the prompt again."
)
NO_UNCONDITIONAL = "This run's model has no unconditional ∅, so that nothing is subtracted as ∅."


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What one sampling step leaves behind, as soon as it is made.

    Attributes
    ----------
    step
        Index into the schedule, 0 = most noise.
    level
        Its noise level.
    x_t, eps_target, eps_unconditional
        The latent and ε̂ of target and ∅ there, each (C, H, W); None for a model without ∅.
    provenance
        Of the run.
    """

    step: int
    level: NoiseLevel
    x_t: FloatArray
    eps_target: FloatArray
    eps_unconditional: FloatArray | None
    provenance: Provenance

    def unconditional(self) -> FloatArray:
        """Return ε̂ of ∅, (C, H, W).

        Raises
        ------
        MethodUnavailable
            If the model has no ∅.
        """
        if self.eps_unconditional is None:
            raise MethodUnavailable(NO_UNCONDITIONAL)
        return self.eps_unconditional

    @property
    def x0_prediction(self) -> FloatArray:
        """The target's x̂₀ = (x_t − σ ε̂)/α, (C, H, W)."""
        return predicted_x0(self.x_t, self.eps_target, self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """One sampling run: x_t and ε̂ of target and ∅ at every step.

    Attributes
    ----------
    schedule
        Noise level of each of the N steps.
    x_t, eps_target, eps_unconditional
        Each (N, C, H, W), float32; (0, C, H, W) when the latents were not kept, and for ∅ of a
        model that has none.
    final_latent
        The latent after the last step, (C, H, W).
    image
        The decoded picture, (height, width, 3), uint8.
    provenance
        What made it.
    seconds
        Wall time of the sampling.
    model
        The model that made it, or None when reopened without one.
    baseline_noise
        ε̂ of less-trained baselines, as far as maps have asked for it.
    other_draws
        Runs of the same picture under other noise, where a run was made by adding noise to one:
        maps are averaged over them and this one.
    """

    schedule: Schedule
    x_t: FloatArray
    eps_target: FloatArray
    eps_unconditional: FloatArray
    final_latent: FloatArray
    image: NDArray[np.uint8]
    provenance: Provenance
    seconds: float = 0.0
    model: Model | None = field(default=None, repr=False, compare=False)
    baseline_noise: BaselineNoise = field(default_factory=BaselineNoise, repr=False, compare=False)
    other_draws: tuple[Trajectory, ...] = field(default=(), repr=False, compare=False)

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one latent."""
        channels, height, width = self.x_t.shape[1:]
        return channels, height, width

    @property
    def keeps_latents(self) -> bool:
        """Whether x_t and ε̂ are there, so that more maps can be computed."""
        return len(self.x_t) == len(self.schedule)

    @property
    def draws(self) -> tuple[Trajectory, ...]:
        """The run itself, then the same picture's under other noise."""
        return (self, *self.other_draws)

    @property
    def keeps_unconditional(self) -> bool:
        """Whether ε̂ of ∅ is there too: not for a model without ∅."""
        return self.keeps_latents and len(self.eps_unconditional) == len(self.x_t)

    def without_latents(self) -> Self:
        """Return the run's picture, schedule and provenance alone."""
        none = self.x_t[:0]
        return replace(
            self, x_t=none, eps_target=none, eps_unconditional=none, model=None, other_draws=()
        )

    def record(self, step: int) -> StepRecord:
        """Return what the run kept at `step` (−1 = last).

        Raises
        ------
        ModelError
            If the latents were not kept.
        """
        if not self.keeps_latents:
            raise ModelError(NO_LATENTS)
        index = self.schedule.index(step)
        return StepRecord(
            step=index,
            level=self.schedule[index],
            x_t=self.x_t[index],
            eps_target=self.eps_target[index],
            eps_unconditional=self.eps_unconditional[index] if self.keeps_unconditional else None,
            provenance=self.provenance,
        )

    def with_model(self, model: Model) -> Self:
        """Attach the model again, after reopening.

        Raises
        ------
        ModelError
            If it is not the model that sampled this trajectory, or the latents were not kept.
        """
        if not self.keeps_latents:
            raise ModelError(NO_LATENTS)
        if model.description.identity != self.provenance.model:
            raise ModelError(
                f"This trajectory was sampled from {self.provenance.model}, "
                f"not from {model.description.identity}: load that model instead."
            )
        sized = model.sized(self.latent_shape[1:])
        others = tuple(replace(draw, model=sized) for draw in self.other_draws)
        return replace(self, model=sized, other_draws=others)


def predicted_x0(x_t: FloatArray, eps: FloatArray, level: NoiseLevel) -> FloatArray:
    """Return x̂₀ = (x_t − σ ε̂)/α, in the shape of `x_t`."""
    return ((x_t - level.sigma * eps) / level.alpha).astype(np.float32)
