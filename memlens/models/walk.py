"""The walk from noise to a picture: where each step leads, for every kind of schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from torch import Tensor

from memlens.sampling.schedule import NoiseLevel, Schedule

if TYPE_CHECKING:
    from memlens.models.denoiser import Prediction


class Walk(Protocol):
    """One run's way along a schedule; steps are taken in order, each once."""

    @property
    def schedule(self) -> Schedule:
        """Noise level of every step."""
        ...

    def move(self, x: Tensor, prediction: Prediction, step: int) -> Tensor:
        """Move `x`, (B, C, H, W), from `step` to the next less noisy one (no noise is added)."""
        ...


class FirstOrderWalk:
    """x' = α' x̂₀ + σ' ε̂: DDIM (η = 0) and Euler, on variance-preserving schedules and flows.

    Euler's step in x/α is DDIM's, and a flow's x + (σ' − σ) v is the same with α = 1 − σ; they
    differ only in the levels they pass.

    Parameters
    ----------
    schedule
        Where each step starts.
    arrivals
        Where each step leads.
    clip
        x̂₀ is cut to ± this; None cuts nothing.
    """

    def __init__(
        self, schedule: Schedule, arrivals: Sequence[NoiseLevel], clip: float | None = None
    ) -> None:
        self._schedule = schedule
        self._arrivals = tuple(arrivals)
        self._clip = clip

    @property
    def schedule(self) -> Schedule:
        """Noise level of every step."""
        return self._schedule

    def move(self, x: Tensor, prediction: Prediction, step: int) -> Tensor:
        """Move from `step` to the next less noisy one; `x` itself is not needed."""
        there = self._arrivals[step]
        x0 = prediction.x0
        if self._clip is not None:
            x0 = x0.clamp(-self._clip, self._clip)
        return there.alpha * x0 + there.sigma * prediction.eps


class SolverWalk:
    """The steps of one of diffusers' own solvers that looks back at the steps before.

    Parameters
    ----------
    schedule
        Where each step starts.
    scheduler
        Its steps set, configured to take x̂₀ ("sample") for the network's output.
    """

    def __init__(self, schedule: Schedule, scheduler: Any) -> None:
        self._schedule = schedule
        self._scheduler = scheduler

    @property
    def schedule(self) -> Schedule:
        """Noise level of every step."""
        return self._schedule

    def move(self, x: Tensor, prediction: Prediction, step: int) -> Tensor:
        """Move `x` from `step` to the next less noisy one."""
        timestep = self._scheduler.timesteps[step]
        moved: Tensor = self._scheduler.step(prediction.x0, timestep, x, return_dict=False)[0]
        return moved
