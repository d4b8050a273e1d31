"""The figures of one set of maps, each with its interval over prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.evaluation.bootstrap import Weights, interval, prompt_places
from memlens.evaluation.dataset_counts import PIXELS, CountedMaps, SetCounts
from memlens.evaluation.detection import Detection, DetectionCurve
from memlens.evaluation.map_set import MapItem, MapSet
from memlens.evaluation.official import THRESHOLDS, share_or_one

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its 95 % interval over prompts; NaN where undefined.

    Attributes
    ----------
    value
        Over all pictures.
    low, high
        Bounds of the interval.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SetFigures:
    """What one kind of map is worth on one set.

    Attributes
    ----------
    kind, name
        Of map and set.
    maps, prompts
        How many.
    all_ones
        IoU of predicting every pixel: what finds nothing may reach.
    iou, mean_iou, accuracy
        As the official evaluation gives them, each at its own best threshold.
    auroc, average_precision
        Mean over the pictures whose mask is neither empty nor full, over their pixels.
    iou_without_threshold
        Mean IoU of what is found beyond controls, no threshold chosen; NaN without controls.
    detection_auc, detection_average_precision, true_rate
        Of the map's mean, the set's memorized pictures against all others (`true_rate`: at
        1 % false positives).
    iou_curve, precision, recall
        Over the 101 thresholds, of all pixels together; precision 1 where none is predicted.
    detection
        The curves behind the detection figures, None where there is nothing to tell apart.
    """

    kind: str
    name: str
    maps: int
    prompts: int
    all_ones: float
    iou: Figure
    mean_iou: Figure
    accuracy: Figure
    auroc: Figure
    average_precision: Figure
    iou_without_threshold: Figure
    detection_auc: Figure
    detection_average_precision: Figure
    true_rate: Figure
    iou_curve: FloatArray
    precision: FloatArray
    recall: FloatArray
    detection: DetectionCurve | None


def figures_of(
    maps: MapSet,
    counted: CountedMaps,
    name: str,
    *,
    draws: int,
    controls: Mapping[str, float] | None = None,
) -> SetFigures:
    """Return the figures of one set.

    The range that maps are scaled to, and so the thresholds, stays that of the whole set while
    prompts are drawn again.

    Parameters
    ----------
    maps, counted
        One kind, and what was counted of it.
    name
        Of the set, a key of ``counted.sets``.
    draws
        Of the bootstrap.
    controls
        IoU without threshold by name of picture; what an item's own numbers say where None.
    """
    counts = counted.sets[name]
    items = [maps.items[at] for at in counts.members]
    place, prompts = prompt_places([item.prompt for item in items])
    pixels = _PixelFigures(counts, place, prompts)
    iou, precision, recall = pixels.curves()
    own = f"iou controls {maps.kind}"
    known = {at: controls[maps.items[at].name] for at in counts.members
             if controls is not None and maps.items[at].name in controls}  # fmt: skip
    if controls is None:
        known = {at: maps.items[at].numbers[own] for at in counts.members
                 if own in maps.items[at].numbers}  # fmt: skip
    detected = _DetectionFigures(maps.items, counted.means, counts.members, draws)
    return SetFigures(
        kind=maps.kind,
        name=name,
        maps=len(items),
        prompts=prompts,
        all_ones=float(counts.area.mean() / PIXELS),
        iou=_figure(pixels.iou, prompts, draws),
        mean_iou=_figure(pixels.mean_iou, prompts, draws),
        accuracy=_figure(pixels.accuracy, prompts, draws),
        auroc=_mean(counts.members, counted.auroc, place, prompts, draws),
        average_precision=_mean(counts.members, counted.average_precision, place, prompts, draws),
        iou_without_threshold=_mean(counts.members, known, place, prompts, draws),
        detection_auc=detected.auc,
        detection_average_precision=detected.average_precision,
        true_rate=detected.true_rate,
        iou_curve=iou,
        precision=precision,
        recall=recall,
        detection=detected.curve,
    )


class _PixelFigures:
    """Official figures for any weights of prompts."""

    def __init__(self, counts: SetCounts, place: NDArray[np.intp], prompts: int) -> None:
        self._inside = _by_prompt(counts.inside, place, prompts)
        self._outside = _by_prompt(counts.outside, place, prompts)
        union = counts.area[:, None] + counts.outside
        self._union = _by_prompt(union, place, prompts)
        right = counts.inside + (PIXELS - counts.area[:, None] - counts.outside)
        self._right = _by_prompt(right, place, prompts)
        self._shares = _by_prompt(share_or_one(counts.inside, union), place, prompts)
        self._maps = np.bincount(place, minlength=prompts).astype(np.float64)
        self._area = np.bincount(place, weights=counts.area, minlength=prompts)

    def iou(self, weights: Weights) -> FloatArray:
        shares = share_or_one(weights @ self._inside, weights @ self._union)
        return np.asarray(shares.max(axis=1))

    def mean_iou(self, weights: Weights) -> FloatArray:
        return np.asarray((weights @ self._shares).max(axis=1) / (weights @ self._maps))

    def accuracy(self, weights: Weights) -> FloatArray:
        right = (weights @ self._right).max(axis=1)
        return np.asarray(right / (weights @ self._maps) / PIXELS)

    def curves(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return IoU, precision and recall over thresholds, each (101,)."""
        hits, others = self._inside.sum(axis=0), self._outside.sum(axis=0)
        iou = share_or_one(hits, self._union.sum(axis=0))
        precision = share_or_one(hits, hits + others)
        area = float(self._area.sum())
        recall = hits / area if area else np.full(len(THRESHOLDS), np.nan)
        return iou, precision, recall


class _DetectionFigures:
    """The memorized pictures of a set against all that are not memorized."""

    def __init__(
        self,
        items: Sequence[MapItem],
        means: Mapping[int, float],
        members: Sequence[int],
        draws: int,
    ) -> None:
        asked = frozenset(members)
        chosen = [
            at
            for at in means
            if items[at].memorized is False or (items[at].memorized and at in asked)
        ]
        memorized = np.array([bool(items[at].memorized) for at in chosen], np.bool_)
        nothing = Figure(float("nan"), float("nan"), float("nan"))
        self.auc = self.average_precision = self.true_rate = nothing
        self.curve: DetectionCurve | None = None
        if not memorized.any() or memorized.all():
            return
        found = Detection(np.array([means[at] for at in chosen]), memorized)
        place, prompts = prompt_places([items[at].prompt for at in chosen])
        self.curve = found.curve()
        self.auc = _figure(lambda w: found.auc(w[:, place]), prompts, draws)
        self.average_precision = _figure(
            lambda w: found.average_precision(w[:, place]), prompts, draws
        )
        self.true_rate = _figure(lambda w: found.true_rate(w[:, place]), prompts, draws)


def _mean(
    members: Sequence[int],
    values: Mapping[int, float],
    place: NDArray[np.intp],
    prompts: int,
    draws: int,
) -> Figure:
    """Return the mean of what is known of some members."""
    known = np.array([at in values for at in members])
    numbers = np.array([values.get(at, 0.0) for at in members])
    sums = np.bincount(place, weights=numbers, minlength=prompts)
    counts = np.bincount(place, weights=known, minlength=prompts)

    def mean(weights: Weights) -> FloatArray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ sums) / (weights @ counts))

    return _figure(mean, prompts, draws)


def _figure(statistic: object, prompts: int, draws: int) -> Figure:
    assert callable(statistic)
    value = float(statistic(np.ones((1, prompts)))[0])
    low, high = interval(statistic, prompts, draws=draws) if draws else (float("nan"),) * 2
    return Figure(value, low, high)


def _by_prompt(values: NDArray[np.number], place: NDArray[np.intp], prompts: int) -> FloatArray:
    """Sum rows (N, K) over the pictures of each prompt, (prompts, K)."""
    summed = np.zeros((prompts, values.shape[1]))
    np.add.at(summed, place, values)
    return summed
