"""What one computation of a map is asked for, and how its result is wrapped."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.estimators.diagonal import ProbePlan
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MapKind
from memlens.models.denoiser import Baseline, Condition, Denoiser, Model
from memlens.models.precision import dtype_of_products
from memlens.progress import CancelToken, Progress, ProgressCallback
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel
from memlens.sampling.trajectory import StepRecord, Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRequest:
    """One map at one step.

    Attributes
    ----------
    run, model
        The trajectory and the model that made it.
    kind
        Which map.
    baseline
        The less-trained checkpoint, None for ∅ and for methods without one.
    step
        0..N−1.
    plan, probe_seed
        The probes, for methods that use them; the seed is None for given and exact ones.
    probes_per_batch
        How many go into one pass; None chooses by device.
    products
        One of `memlens.estimators.names.PRODUCTS`.
    progress, cancel
        As for every long call.
    started
        When its own work began, on the clock of ``time.perf_counter``.
    """

    run: Trajectory
    model: Model
    kind: MapKind
    baseline: Baseline | None
    step: int
    plan: ProbePlan | None
    probe_seed: int | None
    probes_per_batch: int | None
    products: str
    progress: ProgressCallback
    cancel: CancelToken
    started: float = field(default_factory=time.perf_counter)

    @property
    def record(self) -> StepRecord:
        """What the run kept at the step."""
        return self.run.record(self.step)

    @property
    def level(self) -> NoiseLevel:
        """The noise level of the step."""
        return self.run.schedule[self.step]

    def x_t(self) -> Tensor:
        """Return the stored latent, (1, C, H, W), float32 on the model's device."""
        stored = torch.from_numpy(np.array(self.record.x_t))[None]
        return stored.to(self.model.denoiser.device)

    def target_condition(self) -> Condition:
        """Encode the run's prompt for the target."""
        return self.model.encode_prompt(self.run.provenance.prompt, self.guidance_scale)

    @property
    def guidance_scale(self) -> float:
        """What the run was guided with; an input of networks that have guidance embedded."""
        return self.run.provenance.guidance_scale

    def report(self, done: int, total: int) -> None:
        """Tell how many network calls are made."""
        self.progress(Progress(min(done, total), total, self.kind.label.lower()))

    def finished(
        self,
        values: NDArray[np.floating],
        *,
        paper: NDArray[np.floating],
        standard_error: NDArray[np.floating] | None = None,
        network_calls: int,
        probes: int | None = None,
        products: str | None = None,
    ) -> LocalizationMap:
        """Wrap the numbers, each (H, W), with where they came from."""
        baseline = self.kind.baseline
        if self.baseline is not None:
            baseline = self.baseline.description.identity
        computed = self.model.description
        # The model may have been loaded again in another precision since the run was sampled.
        made_by = replace(self.run.provenance, device=computed.device, dtype=computed.dtype)
        return LocalizationMap(
            kind=self.kind.name,
            values=values.astype(np.float32),
            standard_error=None if standard_error is None else standard_error.astype(np.float32),
            paper=paper.astype(np.float32),
            network_calls=network_calls,
            seconds=time.perf_counter() - self.started,
            provenance=at_step(
                made_by,
                self.kind,
                self.step,
                self.level,
                baseline=baseline,
                estimator=self.plan.estimator if self.plan and probes is not None else None,
                probes=probes,
                planned_probes=self.plan.laid_out_for if self.plan else None,
                probe_seed=self.probe_seed if probes is not None else None,
                curvature_dtype=None if probes is None else dtype_of_products(self.model.denoiser),
                products=products,
            ),
        )


def at_step(
    provenance: Provenance,
    kind: MapKind,
    step: int,
    level: NoiseLevel,
    *,
    baseline: str | None,
    estimator: str | None = None,
    probes: int | None = None,
    planned_probes: int | None = None,
    probe_seed: int | None = None,
    curvature_dtype: str | None = None,
    products: str | None = None,
) -> Provenance:
    """Extend a trajectory's provenance to a map of it."""
    return replace(
        provenance,
        method=kind.method,
        baseline=baseline,
        step=step,
        timestep=level.timestep,
        alpha=level.alpha,
        sigma=level.sigma,
        steps_averaged=1,
        estimator=estimator,
        probes=probes,
        planned_probes=planned_probes if planned_probes != probes else None,
        probe_seed=probe_seed,
        curvature_dtype=curvature_dtype,
        products=products,
    )


def pair_eps(
    denoiser: Denoiser, x: Tensor, level: NoiseLevel, first: Condition, second: Condition
) -> tuple[Tensor, Tensor]:
    """Return ε̂ under two conditions from one call of batch 2, each (1, C, H, W)."""
    eps = denoiser.eps(x.expand(2, -1, -1, -1), level, Condition.joined([first, second]))
    return eps[:1], eps[1:]
