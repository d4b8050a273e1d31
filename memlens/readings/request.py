"""What one computation of a reading is asked for, and how its result is wrapped."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MethodUnavailable, ModelError
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS
from memlens.progress import CancelToken, Progress, ProgressCallback
from memlens.readings.reading import Reading
from memlens.readings.registry import ReadingKind
from memlens.sampling.provenance import Provenance
from memlens.sampling.trajectory import Trajectory

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRequest:
    """One reading of one run.

    Attributes
    ----------
    run, kind
        What is read off what.
    step
        0..N−1, or None for the reading's own.
    maps
        Maps of this run that are there already; they are not computed again.
    baseline
        A less-trained baseline, for the means of maps that subtract one.
    estimation
        Keywords of `memlens.localize` for what uses probes.
    progress, cancel
        As for every long call.
    """

    run: Trajectory
    kind: ReadingKind
    step: int | None
    maps: tuple[LocalizationMap, ...]
    baseline: Baseline | None
    estimation: Mapping[str, Any]
    progress: ProgressCallback
    cancel: CancelToken
    started: float = field(default_factory=time.perf_counter)

    def model(self) -> Model:
        """Return the run's model.

        Raises
        ------
        ModelError
            If none is attached.
        MethodUnavailable
            If it cannot offer the reading.
        """
        model = self.run.model
        if model is None:
            raise ModelError("this trajectory has no model attached: load it and use with_model.")
        reason = self.kind.unavailable(model)
        if reason:
            raise MethodUnavailable(reason)
        return model

    def report(self, done: int, total: int) -> None:
        """Tell how many network calls are made."""
        self.progress(Progress(min(done, total), total, self.kind.label.lower()))

    def map_at(self, kind: str, step: int) -> tuple[LocalizationMap, int]:
        """Return a kind of map at `step`, and the network calls made for it now.

        One that was given is taken as it is, unless it was smoothed or averaged.
        """
        identity = None if self.baseline is None else self.baseline.description.identity
        less_trained = MAP_KINDS[kind].baseline == LESS_TRAINED
        for found in self.maps:
            made = found.provenance
            plain = made.smoothing is None and made.steps_averaged in (None, 1)
            same = not less_trained or made.baseline == identity
            if found.kind == kind and found.step == step and plain and same:
                return found, 0
        self.model()
        from memlens.maps.localize import localize

        made_now = localize(
            self.run,
            MAP_KINDS[kind].method,
            baseline=self.baseline if less_trained else None,
            step=step,
            progress=self.progress,
            cancel=self.cancel,
            **self.estimation,
        )
        return made_now, made_now.network_calls

    def at_step(self, step: int) -> Provenance:
        """Extend the run's provenance to a step of it."""
        level = self.run.schedule[step]
        return replace(
            self.run.provenance,
            step=step,
            timestep=level.timestep,
            alpha=level.alpha,
            sigma=level.sigma,
        )

    def finished(
        self,
        value: float,
        *,
        provenance: Provenance,
        standard_error: float | None = None,
        per_step: NDArray[np.floating] | None = None,
        per_token: tuple[tuple[str, float], ...] | None = None,
        step: int | None = None,
        network_calls: int = 0,
    ) -> Reading:
        """Wrap the number with where it came from."""
        return Reading(
            key=self.kind.key,
            value=float(value),
            standard_error=standard_error,
            per_step=None if per_step is None else per_step.astype(np.float32),
            per_token=per_token,
            unit=self.kind.unit,
            step=step,
            network_calls=network_calls,
            seconds=time.perf_counter() - self.started,
            provenance=replace(provenance, reading=self.kind.key),
        )


def began_from_noise(run: Trajectory) -> bool:
    """Whether a run began from noise alone, not from a picture or a given latent."""
    return run.provenance.picture is None and run.provenance.one_step is None
