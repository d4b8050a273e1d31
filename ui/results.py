"""Results: what came back from the worker and is kept; the cache of maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.agreement import Agreement, AgreementCurve
from memlens.maps import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.models.description import ModelDescription
from memlens.readings.reading import Reading
from memlens.sessions import NamedMask, Session
from memlens.training_picture import TrainingPicture
from memlens.trajectory import Trajectory
from ui.reading_requests import ReadingKey
from ui.requests import MapKey, Picture
from ui.run_masks import RunMasks

EXACT = "exact"
_UNUSED = ("", 0)


class MapCache:
    """Maps of one run, the one with most probes per key, and their agreement.

    `version` grows with every change, so that what is derived can be kept meanwhile.
    """

    def __init__(self) -> None:
        self._maps: dict[MapKey, LocalizationMap] = {}
        self._complete: dict[MapKey, int] = {}
        self._newest: dict[tuple[int, int, str, str], MapKey] = {}
        self._means: dict[MapKey, float] = {}
        self._agreement: dict[
            tuple[MapKey, int], tuple[LocalizationMap, Agreement, AgreementCurve]
        ] = {}
        self._stale: set[tuple[MapKey, int]] = set()
        self.version = 0

    def keep(self, key: MapKey, found: LocalizationMap, *, complete: bool, asked: int = 0) -> None:
        """Keep a map unless a complete one with at least as many probes is there.

        `asked` is how many probes were asked for, where that may be more than were used.
        """
        probes = found.provenance.probes or 0
        if self._complete.get(key, -1) > max(probes, asked):
            return
        there = self._maps.get(key)
        if there is not None and not complete and (there.provenance.probes or 0) > probes:
            return
        self._maps[key] = found
        self._newest[_place(key)] = key
        self._means[key] = float(found.values.mean())
        if complete:
            self._complete[key] = max(probes, asked)
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

    def curve(self, key: MapKey, smoothing: int) -> AgreementCurve | None:
        """Return the agreement at many thresholds, None where there is none."""
        found = self._agreement.get((key, smoothing))
        return found[2] if found is not None else None

    def measured(
        self,
        key: MapKey,
        smoothing: int,
        found: LocalizationMap,
        agreement: Agreement,
        curve: AgreementCurve,
    ) -> None:
        """Keep an agreement."""
        self._agreement[key, smoothing] = (found, agreement, curve)
        self._stale.discard((key, smoothing))
        self.version += 1

    def mark_stale(self) -> None:
        """Measure every agreement anew, and show the old ones until then."""
        self._stale = set(self._agreement)
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
            if known is None or known[0] is not map_ or (key, smoothing) in self._stale:
                found.append((key, map_))
        return found

    @property
    def nbytes(self) -> int:
        """Memory that the maps take."""
        return sum(2 * found.values.nbytes + found.paper.nbytes for found in self._maps.values())

    def forget(self, unwanted: Callable[[LocalizationMap], bool]) -> None:
        """Drop the maps that `unwanted` says yes to."""
        for key in [key for key, found in self._maps.items() if unwanted(found)]:
            for kept in (self._maps, self._complete, self._means):
                kept.pop(key, None)
            self._newest = {place: k for place, k in self._newest.items() if k != key}
        self.version += 1

    def items(self) -> Iterator[tuple[MapKey, LocalizationMap]]:
        """Iterate over all maps."""
        return iter(self._maps.items())


@dataclass
class Run:
    """One sampling run as the window knows it, complete or still going.

    Attributes
    ----------
    number
        Counts the runs of this window; results carry it.
    prompt, seed
        What it was sampled from.
    log_snr
        (N,), empty until sampling began.
    reached
        Steps sampled so far.
    maps
        Every map computed for it.
    masks
        The masks that it came with.
    drawn
        Its masks as they are now, once it has a picture.
    kept_view
        What its session kept of the view; empty for a new one.
    session_path
        Where it was saved or opened from.
    unsaved_masks
        Whether its masks were edited since they were last saved: it is not dropped then.
    detached
        Why nothing more can be computed for it, "" when it can.
    readings
        Numbers read off it so far.
    """

    number: int
    prompt: str = ""
    seed: int = 0
    log_snr: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    reached: int = 0
    trajectory: Trajectory | None = None
    pictures: dict[int, Picture] = field(default_factory=dict)
    masks: tuple[NamedMask, ...] = ()
    truncated: str = ""
    detached: str = ""
    session_path: Path | None = None
    unsaved_masks: bool = False
    readings: dict[ReadingKey, Reading] = field(default_factory=dict)
    maps: MapCache = field(default_factory=lambda: MapCache())
    drawn: RunMasks | None = None
    kept_view: Mapping[str, Any] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Memory that its arrays take."""
        total = self.maps.nbytes
        total += sum(picture.nbytes for picture in self.pictures.values())
        total += sum(mask.pixels.nbytes for mask in self.masks)
        if self.trajectory is not None:
            kept = self.trajectory
            total += kept.x_t.nbytes + kept.eps_target.nbytes + kept.eps_unconditional.nbytes
        return total

    def masks_now(self) -> tuple[NamedMask, ...]:
        """Return copies of its masks as they are now."""
        return self.masks if self.drawn is None else self.drawn.document.snapshot()

    @property
    def steps(self) -> int:
        """How many steps the schedule has."""
        return len(self.log_snr)

    def picture_at(self, step: int) -> Picture | None:
        """Return x̂₀ at `step`, or the nearest earlier one decoded, or the nearest at all."""
        if self.trajectory is not None and step == self.steps - 1 == self.reached - 1:
            return self.trajectory.image
        if step in self.pictures:
            return self.pictures[step]
        if not self.pictures:
            return self.trajectory.image if self.trajectory is not None else None
        return self.pictures[min(self.pictures, key=lambda other: (abs(other - step), other))]


@dataclass
class Results:
    """Everything that came back and still holds.

    Attributes
    ----------
    unavailable
        Kind of map → why the open model cannot make it.
    devices, dtypes
        What the machine offers, name → why it cannot be chosen; empty before the engine started.
    checkpoints
        Path of a checkpoint → why it cannot be the baseline, "" when it can.
    loaded_on
        Device and precision that the open model was asked for with.
    waiting_picture
        A picture named before there was a size to read it at, and whether it may be a mask.
    reference_path, reference_picture
        The training picture that runs are compared with, at the run's size, (height, width, 3);
        the path is a bare name where it came with a session.
    baseline
        Identity of the less-trained baseline that maps are made with, "" for none.
    baseline_ready
        Whether the worker holds it, so that more maps can be made with it.
    """

    model: ModelDescription | None = None
    unavailable: Mapping[str, str] = field(default_factory=dict)
    early: Path | None = None
    devices: Mapping[str, str] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    checkpoints: Mapping[str, str] = field(default_factory=dict)
    waiting_picture: tuple[Path, bool] | None = None
    reference_path: Path | None = None
    reference_picture: Picture | None = None
    loaded_on: tuple[str, str] = ("auto", "auto")
    baseline: str = ""
    baseline_name: str = ""
    baseline_ready: bool = False
    refused_baseline: str = ""
    run: Run | None = None
    sampling_call_s: float | None = None
    curvature_call_s: float | None = None
    _no_maps: MapCache = field(default_factory=MapCache, repr=False)

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """(height, width) of the shown run's picture, or the open model's; None without both."""
        if self.run is not None and self.run.reached:
            shown = self.run.picture_at(self.run.reached - 1)
            if shown is not None:
                return shown.shape[0], shown.shape[1]
        return self.model.picture_size if self.model is not None else None

    @property
    def reference(self) -> TrainingPicture | None:
        """The training picture as a session keeps it."""
        if self.reference_picture is None or self.reference_path is None:
            return None
        return TrainingPicture(self.reference_path.name, self.reference_picture)

    @property
    def maps(self) -> MapCache:
        """The maps of the shown run."""
        return self.run.maps if self.run is not None else self._no_maps

    @property
    def session_path(self) -> Path | None:
        """Where the shown run was saved or opened from."""
        return self.run.session_path if self.run is not None else None

    @property
    def mask(self) -> NamedMask | None:
        """The mask that maps are compared with."""
        run = self.run
        if run is not None and run.drawn is not None:
            return run.drawn.settled
        return run.masks[0] if run is not None and run.masks else None

    def reference_to_read(self) -> Path | None:
        """Return the file of a training picture whose size is not the run's, None without one.

        One of another size that came with a session is forgotten: there is no file to read.
        """
        there, size = self.reference_picture, self.picture_size
        if size is None or (there is not None and there.shape[:2] == size):
            return None
        if self.reference_path is not None and not self.reference_path.is_absolute():
            self.reference_path = self.reference_picture = None
        return self.reference_path

    def key(
        self,
        content: str,
        step: int,
        estimator: str,
        probe_seed: int,
        steps_averaged: int = 1,
    ) -> MapKey:
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
            steps_averaged=steps_averaged,
        )

    def adopt_session(self, number: int, session: Session, path: Path | None, detached: str) -> Run:
        """Make a session's run the shown one, with all its maps."""
        trajectory = session.trajectory
        made = trajectory.provenance
        run = self.run = Run(number, prompt=made.prompt, seed=made.seed, session_path=path)
        run.trajectory = trajectory
        run.log_snr = trajectory.schedule.log_snr.astype(np.float32)
        run.reached = run.steps
        run.masks = session.masks
        run.kept_view = session.view
        run.detached = detached
        if session.reference is not None:
            # It has no file here: only its name is known.
            self.reference_path = Path(session.reference.name)
            self.reference_picture = session.reference.pixels
        if session.thumbnails is not None:
            run.pictures = dict(enumerate(session.thumbnails))
        for found in session.maps:
            key = key_of(number, found)
            if MAP_KINDS[found.kind].baseline == LESS_TRAINED and not self.baseline:
                self.baseline = key.baseline
                self.baseline_name = key.baseline.split("@")[0]
            run.maps.keep(key, found, complete=True)
        return run


def picture_size(run: Run) -> tuple[int, int] | None:
    """Return (height, width) of a run's masks and picture, None before there is either."""
    picture = run.picture_at(max(0, run.reached - 1))
    shape = run.masks[0].pixels.shape if run.masks else None
    if shape is None and picture is not None:
        shape = picture.shape
    return None if shape is None else (shape[0], shape[1])


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
        steps_averaged=provenance.steps_averaged or 1,
    )


def _place(key: MapKey) -> tuple[int, int, str, str]:
    return key.step, key.steps_averaged, key.kind, key.baseline
