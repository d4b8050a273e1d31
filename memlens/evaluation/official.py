"""The official evaluation: one threshold for a whole data set, three figures, each its best.

Kim & Lee 2026 (official code, `evaluate_metrics`), in two passes over the maps instead of one
per threshold: extremes first, then a histogram of thresholds per map, which gives every
threshold's counts at once and exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.errors import DatasetError, MaskError
from memlens.evaluation.datasets import OfficialItem, OfficialSet, Skipped, read_mask, read_official
from memlens.files.array_files import ArrayFileError, read_array_file
from memlens.maps.localization_map import mean_filter, resize_bilinear, smoothing_window
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

OFFICIAL_SIZE = 256
THRESHOLDS: NDArray[np.float64] = np.linspace(0.0 - 1e-6, 1.0 + 1e-6, 101)

# Rounded down, so that a float32 exceeds one of these exactly where it exceeds the double.
_NEAREST = THRESHOLDS.astype(np.float32)
_BELOW = np.nextafter(_NEAREST, np.float32(-np.inf))
_AT: FloatArray = np.where(_NEAREST > THRESHOLDS, _BELOW, _NEAREST)
_NEXT: FloatArray = np.append(_AT[1:], np.float32(np.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well the maps of a data set find their ground truth, at the best common threshold.

    Attributes
    ----------
    iou, iou_threshold
        Best ΣI/ΣU over thresholds, 0..1, and the first threshold that reaches it.
    mean_iou, mean_iou_threshold
        Best mean over maps of I/U, an empty union counting 1.
    accuracy, accuracy_threshold
        Best share of pixels that are right.
    low, high
        Extremes of log1p(map) over the data set: threshold t is the map value
        expm1(low + t·(high − low)).
    maps
        Number of maps evaluated.
    skipped
        Those left out, with the reason.
    """

    iou: float
    iou_threshold: float
    mean_iou: float
    mean_iou_threshold: float
    accuracy: float
    accuracy_threshold: float
    low: float
    high: float
    maps: int
    skipped: tuple[Skipped, ...] = ()


def evaluate_maps(
    maps: Iterable[tuple[FloatArray, BoolArray]],
    *,
    size: int = OFFICIAL_SIZE,
    smoothing: int | str = 1,
    names: Sequence[str] | None = None,
) -> Evaluation:
    """Evaluate maps in memory against their ground truth.

    Parameters
    ----------
    maps
        Pairs of a map (H, W), any unit above −1 and one for all, and its mask (size, size).
    size
        Side in pixels at which maps and masks are compared; 256 is the official one.
    smoothing
        Side of the mean filter applied to each map at its own resolution, or "paper" for the
        paper's, scaled to it; 1 = none.
    names
        What to call the maps when some are skipped; "map 0", … where not given.

    Raises
    ------
    MaskError
        If a mask is not boolean of (size, size).
    SettingsError
        If `smoothing` is no width for a mean filter over these maps.
    DatasetError
        If no map is left to evaluate.
    """
    pairs = list(maps)
    called = names if names is not None else [f"map {index}" for index in range(len(pairs))]
    for name, (_, mask) in zip(called, pairs, strict=True):
        if mask.dtype != np.bool_ or mask.shape != (size, size):
            raise MaskError(
                f"the mask of {name} is {mask.dtype} of shape {mask.shape}, "
                f"not boolean of {(size, size)}."
            )

    def read() -> Iterator[_Sample | Skipped]:
        for name, (values, mask) in zip(called, pairs, strict=True):
            try:
                yield _sample(values, mask, size=size, smoothing=smoothing)
            except UnusableMap as problem:
                yield Skipped(name, str(problem))

    return _evaluate(read)


def evaluate_official(
    maps_folder: Path,
    datasets: Sequence[Path],
    *,
    metric: str,
    smoothing: int | str = 1,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Evaluation]:
    """Evaluate a folder in the official layout (see `memlens.evaluation.datasets.read_official`).

    `smoothing` is that of `evaluate_maps`.

    Returns
    -------
    dict
        "TV only" and "all", as the official code reports them; a set without maps is absent.

    Raises
    ------
    SettingsError
        If `smoothing` is no width for a mean filter over these maps.
    DatasetError
        If the folder or a data set cannot be read, or no set has a map of this metric.
    Cancelled
        If cancelled.
    """
    sets = [found for found in read_official(maps_folder, datasets, metric=metric) if found.items]
    if not sets:
        raise DatasetError(
            f"no map of metric {metric} in {maps_folder} goes with {datasets[0].name}."
        )
    total = 2 * sum(len(found.items) for found in sets)
    done = 0

    def evaluate(found: OfficialSet) -> Evaluation:
        masks: dict[Path, NDArray[np.uint8] | str] = {}

        def read() -> Iterator[_Sample | Skipped]:
            nonlocal done
            for item in found.items:
                if cancel is not None:
                    cancel.check()
                try:
                    yield _read_item(item, masks, smoothing)
                except UnusableMap as problem:
                    yield Skipped(item.name, str(problem))
                done += 1
                progress(Progress(done, total, f"evaluating {metric}, {found.name}"))

        return _evaluate(read, already_skipped=found.skipped)

    return {found.name: evaluate(found) for found in sets}


class UnusableMap(Exception):
    """A map cannot be evaluated; the message is a clause."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """log1p of a map, and its mask, both (size, size)."""

    values: FloatArray
    mask: BoolArray


def _sample(values: FloatArray, mask: BoolArray, *, size: int, smoothing: int | str) -> _Sample:
    return _Sample(prepared_map(values, size=size, smoothing=smoothing), mask)


def prepared_map(
    values: FloatArray, *, size: int = OFFICIAL_SIZE, smoothing: int | str = 1
) -> FloatArray:
    """Return log1p of a map, (H, W), at (size, size), as the official evaluation compares it.

    Raises
    ------
    UnusableMap
        If it cannot be evaluated.
    SettingsError
        If `smoothing` is no width for a mean filter over it.
    """
    if values.ndim != 2 or values.size == 0:
        raise UnusableMap(f"the map has shape {values.shape}, not (height, width)")
    if not np.isfinite(values).all():
        raise UnusableMap("the map holds NaN or infinity")
    if values.min() <= -1.0:
        raise UnusableMap("the map has values of -1 or less, which have no log1p")
    window = smoothing_window(smoothing, (values.shape[0], values.shape[1]))
    if window > 1:
        values = mean_filter(values, window)
    # A map of the official size keeps its own precision there, so here too.
    if values.shape != (size, size):
        values = resize_bilinear(values.astype(np.float32), (size, size))
    logarithms: FloatArray = np.log1p(values)
    return logarithms


def read_map(path: Path) -> FloatArray:
    """Read a map's file, (H, W).

    Raises
    ------
    UnusableMap
        If it is missing or damaged.
    """
    try:
        return read_array_file(path, kinds="fiu", dimensions=2)
    except ArrayFileError as error:
        raise UnusableMap(f"the map {error}") from error
    except FileNotFoundError:
        raise UnusableMap("the map is missing") from None
    except OSError as error:
        raise UnusableMap(f"the map cannot be read: {error.strerror}") from error


def _read_item(
    item: OfficialItem, masks: dict[Path, NDArray[np.uint8] | str], smoothing: int | str
) -> _Sample:
    if isinstance(item.truth, Path):
        mask = _remembered_mask(item.truth, masks)
    else:
        mask = np.full((OFFICIAL_SIZE, OFFICIAL_SIZE), item.truth)
    values = read_map(item.path)
    return _sample(values, mask, size=OFFICIAL_SIZE, smoothing=smoothing)


def _remembered_mask(path: Path, masks: dict[Path, NDArray[np.uint8] | str]) -> BoolArray:
    # Packed: thousands of pictures may each have a mask, and both passes want it.
    if path not in masks:
        try:
            masks[path] = np.packbits(read_mask(path, size=OFFICIAL_SIZE))
        except DatasetError as error:
            masks[path] = str(error)
    packed = masks[path]
    if isinstance(packed, str):
        raise UnusableMap(packed)
    bits = np.unpackbits(packed, count=OFFICIAL_SIZE**2)
    return bits.view(np.bool_).reshape(OFFICIAL_SIZE, OFFICIAL_SIZE)


def _evaluate(
    read: Callable[[], Iterator[_Sample | Skipped]], *, already_skipped: Sequence[Skipped] = ()
) -> Evaluation:
    skipped = list(already_skipped)
    extremes = []
    for found in read():
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            extremes.append((found.values.min(), found.values.max()))
    if not extremes:
        first = f", for instance {skipped[0].name}: {skipped[0].reason}" if skipped else ""
        raise DatasetError(f"no map is left to evaluate ({len(skipped)} skipped{first}).")
    low = min(lowest for lowest, _ in extremes)
    high = max(highest for _, highest in extremes)
    tally = _Tally()
    for found in read():
        if isinstance(found, _Sample):
            scaled = np.clip((found.values - low) / (high - low + 1e-8), 0, 1)
            tally.add(scaled, found.mask)
    return tally.evaluation(low=float(low), high=float(high), skipped=tuple(skipped))


def thresholds_exceeded(scaled: NDArray[np.floating[Any]]) -> NDArray[np.intp]:
    """Count, for each value 0..1, the `THRESHOLDS` below it, each compared in double.

    The same as a search in the sorted thresholds, several times faster: 100·v is within 1e-4 of
    the place of v among them, so that the two thresholds from there on settle the count.
    """
    if scaled.dtype == np.float64:
        return np.searchsorted(THRESHOLDS, scaled)
    place = (scaled * np.float32(100.0)).astype(np.intp)
    return place + (_AT.take(place) < scaled) + (_NEXT.take(place) < scaled)


def counts_at_thresholds(
    scaled: FloatArray, mask: BoolArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the predicted pixels inside and outside a mask at each threshold, and its area."""
    bins = len(THRESHOLDS) + 1
    exceeded = thresholds_exceeded(scaled.ravel())
    counts = np.bincount(exceeded + bins * mask.ravel(), minlength=2 * bins).reshape(2, bins)
    predicted = counts[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return predicted[1], predicted[0], int(counts[1].sum())


class _Tally:
    """Counts of every threshold, summed over maps."""

    def __init__(self) -> None:
        self._intersection = np.zeros(len(THRESHOLDS), np.int64)
        self._union = np.zeros(len(THRESHOLDS), np.int64)
        self._right = np.zeros(len(THRESHOLDS), np.int64)
        self._pixels = 0
        self._ious: list[NDArray[np.float64]] = []

    def add(self, scaled: FloatArray, mask: BoolArray) -> None:
        intersection, outside, area = counts_at_thresholds(scaled, mask)
        union = area + outside
        self._intersection += intersection
        self._union += union
        self._right += intersection + (mask.size - area - outside)
        self._pixels += mask.size
        self._ious.append(share_or_one(intersection, union))

    def evaluation(self, *, low: float, high: float, skipped: tuple[Skipped, ...]) -> Evaluation:
        iou = share_or_one(self._intersection, self._union)
        mean_iou = np.mean(self._ious, axis=0)
        accuracy = self._right / self._pixels
        return Evaluation(
            iou=float(iou.max()),
            iou_threshold=float(THRESHOLDS[iou.argmax()]),
            mean_iou=float(mean_iou.max()),
            mean_iou_threshold=float(THRESHOLDS[mean_iou.argmax()]),
            accuracy=float(accuracy.max()),
            accuracy_threshold=float(THRESHOLDS[accuracy.argmax()]),
            low=low,
            high=high,
            maps=len(self._ious),
            skipped=skipped,
        )


def share_or_one(
    intersection: NDArray[np.number[Any]], union: NDArray[np.number[Any]]
) -> NDArray[np.float64]:
    """Return intersection over union, 1 where the union is empty."""
    shares: NDArray[np.float64] = np.divide(
        intersection, union, out=np.ones(union.shape), where=union > 0
    )
    return shares
