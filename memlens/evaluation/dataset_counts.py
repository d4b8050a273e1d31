"""Pixels of all maps of a set counted at every threshold, in two passes over the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.errors import DatasetError
from memlens.evaluation.agreement import agreement_of_values
from memlens.evaluation.datasets import Skipped
from memlens.evaluation.map_set import MapItem, MapSet
from memlens.evaluation.official import (
    OFFICIAL_SIZE,
    THRESHOLDS,
    UnusableMap,
    counts_at_thresholds,
    prepared_map,
    read_map,
)
from memlens.evaluation.truths import Truth, read_truth

BoolArray = NDArray[np.bool_]
_SIZE = (OFFICIAL_SIZE, OFFICIAL_SIZE)
PIXELS = OFFICIAL_SIZE**2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SetCounts:
    """The maps of one set at the thresholds that are the set's own.

    Attributes
    ----------
    members
        Places of its maps in the map set.
    low, high
        Extremes of log1p over the set; threshold t stands for low + t·(high − low).
    inside, outside
        Predicted pixels within and without the mask of each map, (N, 101).
    area
        Pixels of each mask, (N,).
    """

    members: tuple[int, ...]
    low: float
    high: float
    inside: NDArray[np.int32]
    outside: NDArray[np.int32]
    area: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountedMaps:
    """What was counted of one kind of map.

    Attributes
    ----------
    sets
        By name, those of `MapSet.subsets` that have maps.
    means
        Mean of each map as it is on the disk, by place: what detection ranks by.
    auroc, average_precision, best_iou
        Of each map whose mask is neither empty nor full, by place.
    skipped
        Maps and rows that are left out.
    """

    sets: Mapping[str, SetCounts]
    means: Mapping[int, float]
    auroc: Mapping[int, float]
    average_precision: Mapping[int, float]
    best_iou: Mapping[int, float]
    skipped: tuple[Skipped, ...]


def count_maps(
    maps: MapSet, *, smoothing: int | str = 1, tell: Callable[[], None] = lambda: None
) -> CountedMaps:
    """Read every map twice and count.

    Parameters
    ----------
    maps
        Of one kind.
    smoothing
        As for `memlens.evaluation.official.evaluate_maps`.
    tell
        Called for every map read; may raise to stop.

    Raises
    ------
    SettingsError
        If `smoothing` is no width for a mean filter over these maps.
    DatasetError
        If no map can be read.
    """
    return _Counting(maps, smoothing, tell).counted()


class _Counting:
    def __init__(self, maps: MapSet, smoothing: int | str, tell: Callable[[], None]) -> None:
        self._maps = maps
        self._smoothing = smoothing
        self._tell = tell
        self._skipped = list(maps.skipped)
        self._extremes: dict[int, tuple[np.float32, np.float32]] = {}
        self._means: dict[int, float] = {}
        self._masks: dict[Path, NDArray[np.uint8]] = {}
        self._scores: tuple[dict[int, float], ...] = ({}, {}, {})

    def counted(self) -> CountedMaps:
        for at, item in enumerate(self._maps.items):
            self._tell()
            self._judge(at, item)
        if not self._extremes:
            first = self._skipped[0] if self._skipped else None
            named = f", for instance {first.name}: {first.reason}" if first else ""
            raise DatasetError(
                f"no map of {self._maps.kind} is left to evaluate "
                f"({len(self._skipped)} skipped{named})."
            )
        members = {
            name: tuple(at for at in places if at in self._extremes)
            for name, places in self._maps.subsets().items()
        }
        members = {name: places for name, places in members.items() if places}
        sets = self._counts(members)
        auroc, average_precision, best_iou = self._scores
        return CountedMaps(
            sets=sets,
            means=self._means,
            auroc=auroc,
            average_precision=average_precision,
            best_iou=best_iou,
            skipped=tuple(dict.fromkeys(self._skipped)),
        )

    def _judge(self, at: int, item: MapItem) -> None:
        """Note a map's extremes and mean, or why it is left out."""
        try:
            values = read_map(item.path)
            logarithms = prepared_map(values, smoothing=self._smoothing)
            self._mask(item.truth)
        except UnusableMap as problem:
            self._skipped.append(Skipped(item.name, f"{self._maps.kind}: {problem}"))
            return
        except DatasetError as problem:
            self._skipped.append(Skipped(item.name, str(problem)))
            return
        self._means[at] = float(np.mean(values, dtype=np.float64))
        self._extremes[at] = (logarithms.min(), logarithms.max())

    def _counts(self, members: Mapping[str, tuple[int, ...]]) -> dict[str, SetCounts]:
        ranges = {
            name: (
                min(self._extremes[at][0] for at in places),
                max(self._extremes[at][1] for at in places),
            )
            for name, places in members.items()
        }
        rows = {name: {at: row for row, at in enumerate(at_)} for name, at_ in members.items()}
        shape = {name: (len(places), len(THRESHOLDS)) for name, places in members.items()}
        inside = {name: np.zeros(size, np.int32) for name, size in shape.items()}
        outside = {name: np.zeros(size, np.int32) for name, size in shape.items()}
        area = {name: np.zeros(size[0], np.int32) for name, size in shape.items()}
        for at, item in enumerate(self._maps.items):
            self._tell()
            if at not in self._extremes:
                continue
            homes = [name for name in members if at in rows[name]]
            mask = self._mask(item.truth)
            if mask is None or not homes:
                continue
            logarithms = prepared_map(read_map(item.path), smoothing=self._smoothing)
            self._score(at, logarithms, mask)
            same: dict[
                tuple[np.float32, np.float32], tuple[NDArray[np.int64], NDArray[np.int64], int]
            ] = {}
            for name in homes:
                low, high = ranges[name]
                if (low, high) not in same:
                    scaled = np.clip((logarithms - low) / (high - low + 1e-8), 0, 1)
                    same[low, high] = counts_at_thresholds(scaled, mask)
                row = rows[name][at]
                inside[name][row], outside[name][row], area[name][row] = same[low, high]
        return {
            name: SetCounts(
                members=places,
                low=float(ranges[name][0]),
                high=float(ranges[name][1]),
                inside=inside[name],
                outside=outside[name],
                area=area[name],
            )
            for name, places in members.items()
        }

    def _score(self, at: int, logarithms: NDArray[np.float32], mask: BoolArray) -> None:
        if not mask.any() or mask.all():
            return
        # The ranks of a map and of its logarithm are the same.
        scores = agreement_of_values(logarithms, mask)
        auroc, average_precision, best_iou = self._scores
        auroc[at], average_precision[at] = scores.auroc, scores.average_precision
        best_iou[at] = scores.iou

    def _mask(self, truth: Truth) -> BoolArray | None:
        if not isinstance(truth, Path):
            return read_truth(truth, _SIZE)
        # Packed: thousands of pictures may each have a mask, and both passes want it.
        if truth not in self._masks:
            found = read_truth(truth, _SIZE)
            assert found is not None
            self._masks[truth] = np.packbits(found)
        bits = np.unpackbits(self._masks[truth], count=PIXELS)
        return bits.view(np.bool_).reshape(_SIZE)


def kinds_of(sets: Sequence[MapSet]) -> tuple[str, ...]:
    """Return the kinds that there are maps of, each once."""
    return tuple(dict.fromkeys(each.kind for each in sets))
