"""Results: what came back from the worker and is kept; the cache of maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.agreement import Agreement
from memlens.maps import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.models.description import ModelDescription
from memlens.sessions import NamedMask, Session
from memlens.trajectory import Trajectory
from ui.requests import MapKey, Picture

EXACT = "exact"
_UNUSED = ("", 0)


@dataclass
class Run:
    """One sampling run as the window knows it, complete or still going.

    Attributes
    ----------
    number
        Counts the runs of this window; results of another number are late and dropped.
    log_snr
        (N,), empty until sampling began.
    reached
        Steps sampled so far.
    detached
        Why nothing more can be computed for it, "" when it can.
    """

    number: int
    log_snr: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    reached: int = 0
    trajectory: Trajectory | None = None
    pictures: dict[int, Picture] = field(default_factory=dict)
    masks: tuple[NamedMask, ...] = ()
    truncated: str = ""
    detached: str = ""

    @property
    def steps(self) -> int:
        """How many steps the schedule has."""
        return len(self.log_snr)

    def picture_at(self, step: int) -> Picture | None:
        """Return x̂₀ at `step`, or the nearest earlier one decoded, or the nearest at all."""
        if self.trajectory is not None and step == self.steps - 1:
            return self.trajectory.image
        if step in self.pictures:
            return self.pictures[step]
        if not self.pictures:
            return self.trajectory.image if self.trajectory is not None else None
        return self.pictures[min(self.pictures, key=lambda other: (abs(other - step), other))]


class MapCache:
    """Maps of the open run, the one with most probes per key, and their agreement.

    `version` grows with every change, so that what is derived can be kept meanwhile.
    """

    def __init__(self) -> None:
        self._maps: dict[MapKey, LocalizationMap] = {}
        self._complete: dict[MapKey, int] = {}
        self._newest: dict[tuple[int, str, str], MapKey] = {}
        self._means: dict[MapKey, float] = {}
        self._agreement: dict[tuple[MapKey, int], tuple[LocalizationMap, Agreement]] = {}
        self.version = 0

    def clear(self) -> None:
        """Forget everything."""
        self._maps.clear()
        self._complete.clear()
        self._newest.clear()
        self._means.clear()
        self._agreement.clear()
        self.version += 1

    def keep(self, key: MapKey, found: LocalizationMap, *, complete: bool) -> None:
        """Keep a map unless a complete one with at least as many probes is there."""
        probes = found.provenance.probes or 0
        if self._complete.get(key, -1) > probes:
            return
        self._maps[key] = found
        self._newest[_place(key)] = key
        self._means[key] = float(found.values.mean())
        if complete:
            self._complete[key] = probes
        self.version += 1

    def get(self, key: MapKey) -> LocalizationMap | None:
        """Return the map of `key`, complete or partial."""
        return self._maps.get(key)

    def complete(self, key: MapKey, probes: int) -> bool:
        """Whether the map is there with all of at least `probes` probes."""
        uses = METHODS[MAP_KINDS[key.kind].method].uses_probes
        return self._complete.get(key, -1) >= (probes if uses and key.estimator != EXACT else 0)

    def any_estimate(self, key: MapKey) -> tuple[MapKey, LocalizationMap] | None:
        """Return the map of `key`, or the same map from another estimator or seed."""
        if key in self._maps:
            return key, self._maps[key]
        other = self._newest.get(_place(key))
        return None if other is None else (other, self._maps[other])

    def mean(self, key: MapKey) -> float:
        """Return the mean of the map, NaN where there is none."""
        return self._means.get(key, float("nan"))

    def agreement(self, key: MapKey, smoothing: int) -> Agreement | None:
        """Return the agreement last measured, None where there is none."""
        found = self._agreement.get((key, smoothing))
        return found[1] if found is not None else None

    def measured(
        self, key: MapKey, smoothing: int, found: LocalizationMap, agreement: Agreement
    ) -> None:
        """Keep an agreement."""
        self._agreement[key, smoothing] = (found, agreement)
        self.version += 1

    def forget_agreement(self) -> None:
        """Drop every agreement: the mask is another one."""
        self._agreement.clear()
        self.version += 1

    def unmeasured(self, smoothing: int) -> list[tuple[MapKey, LocalizationMap]]:
        """Return the maps whose agreement is missing or of an older estimate."""
        found = []
        for key, map_ in self._maps.items():
            known = self._agreement.get((key, smoothing))
            if known is None or known[0] is not map_:
                found.append((key, map_))
        return found

    def items(self) -> Iterator[tuple[MapKey, LocalizationMap]]:
        """Iterate over all maps."""
        return iter(self._maps.items())

    def at(self, step: int) -> dict[str, MapKey]:
        """Return kind → key of the maps at `step`."""
        return {key.kind: key for key in self._maps if key.step == step}


@dataclass
class Results:
    """Everything that came back and still holds.

    Attributes
    ----------
    unavailable
        Kind of map → why the open model cannot make it.
    baseline
        Identity of the less-trained baseline that maps are made with, "" for none.
    baseline_ready
        Whether the worker holds it, so that more maps can be made with it.
    """

    model: ModelDescription | None = None
    unavailable: Mapping[str, str] = field(default_factory=dict)
    early: Path | None = None
    baseline: str = ""
    baseline_name: str = ""
    baseline_ready: bool = False
    refused_baseline: str = ""
    run: Run | None = None
    maps: MapCache = field(default_factory=MapCache)
    session_path: Path | None = None
    sampling_call_s: float | None = None
    curvature_call_s: float | None = None

    @property
    def mask(self) -> NamedMask | None:
        """The mask that maps are compared with."""
        return self.run.masks[0] if self.run is not None and self.run.masks else None

    def key(self, content: str, step: int, estimator: str, probe_seed: int) -> MapKey:
        """Return the key of a kind of map of the open run."""
        kind = MAP_KINDS[content]
        baseline = {None: "", UNCONDITIONAL: UNCONDITIONAL, LESS_TRAINED: self.baseline}
        uses = METHODS[kind.method].uses_probes
        chosen, seed = (estimator, probe_seed) if uses else _UNUSED
        return MapKey(
            run=self.run.number if self.run is not None else 0,
            step=step,
            kind=content,
            baseline=baseline[kind.baseline],
            estimator=chosen,
            probe_seed=seed,
        )

    def begin_run(self, number: int) -> Run:
        """Forget the run before and start another."""
        self.maps.clear()
        self.run = Run(number)
        self.session_path = None
        return self.run

    def adopt_session(self, number: int, session: Session, path: Path, detached: str) -> None:
        """Make a session's run the open one, with all its maps."""
        run = self.begin_run(number)
        trajectory = session.trajectory
        run.trajectory = trajectory
        run.log_snr = trajectory.schedule.log_snr.astype(np.float32)
        run.reached = run.steps
        run.masks = session.masks
        run.detached = detached
        if session.thumbnails is not None:
            run.pictures = dict(enumerate(session.thumbnails))
        self.session_path = path
        for found in session.maps:
            key = key_of(number, found)
            if MAP_KINDS[found.kind].baseline == LESS_TRAINED and not self.baseline:
                self.baseline = key.baseline
                self.baseline_name = key.baseline.split("@")[0]
            self.maps.keep(key, found, complete=True)


def key_of(run: int, found: LocalizationMap) -> MapKey:
    """Return the key that a map was made for, from its provenance."""
    provenance = found.provenance
    uses = METHODS[MAP_KINDS[found.kind].method].uses_probes
    return MapKey(
        run=run,
        step=found.step,
        kind=found.kind,
        baseline=provenance.baseline or "",
        estimator=(provenance.estimator or "") if uses else "",
        probe_seed=(provenance.probe_seed or 0) if uses else 0,
    )


def _place(key: MapKey) -> tuple[int, str, str]:
    return key.step, key.kind, key.baseline
