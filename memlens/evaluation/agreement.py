"""Scores of a map or a mask against a ground-truth mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MaskError
from memlens.maps.localization_map import LocalizationMap

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float32]
CURVE_POINTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well a map finds a mask; every number is 0..1, NaN where it is undefined.

    Attributes
    ----------
    iou, dice, precision, recall, accuracy
        Of the predicted mask (map > `threshold`).
    auroc, average_precision
        Over all thresholds; NaN when the mask is empty or full.
    threshold
        In canonical units; the one of best IoU unless one was given.
    """

    iou: float
    dice: float
    precision: float
    recall: float
    accuracy: float
    auroc: float
    average_precision: float
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCurve:
    """Agreement at many thresholds, for choosing one by hand without counting again.

    Attributes
    ----------
    thresholds
        Canonical, falling, (K,).
    iou, precision, recall
        Of the predicted mask (map > threshold) at each, 0..1, (K,); the precision is 1 where
        nothing is predicted yet, the recall NaN where the mask is empty.
    """

    thresholds: FloatArray
    iou: FloatArray
    precision: FloatArray
    recall: FloatArray

    def at(self, threshold: float) -> tuple[float, float, float]:
        """Return (IoU, precision, recall) at a threshold, linear between the known ones."""
        places = self.thresholds[::-1]
        iou, precision, recall = (
            float(np.interp(threshold, places, numbers[::-1]))
            for numbers in (self.iou, self.precision, self.recall)
        )
        return iou, precision, recall


def agreement(
    found: LocalizationMap, mask: BoolArray, *, threshold: float | None = None
) -> Agreement:
    """Compare a map with a mask at the mask's resolution.

    Parameters
    ----------
    found
        The map; resized (bilinear) to the mask.
    mask
        Ground truth, boolean, (height, width).
    threshold
        Canonical; None takes the one of best IoU.

    Raises
    ------
    MaskError
        If the mask is not a two-dimensional boolean array.
    """
    return agreement_of_values(_at_mask(found, mask), mask, threshold=threshold)


def iou_of_all_ones(mask: BoolArray) -> float:
    """Return the IoU of predicting the whole picture, the mask's share of it; NaN for no pixels.

    A map whose best IoU is no higher finds nothing.
    """
    return np.count_nonzero(mask) / mask.size if mask.size else float("nan")


def agreement_with_curve(
    found: LocalizationMap, mask: BoolArray, *, points: int = CURVE_POINTS
) -> tuple[Agreement, AgreementCurve]:
    """Compare a map with a mask as `agreement` does, and at many thresholds too.

    Parameters
    ----------
    points
        About how many thresholds (≥ 2): half of them spread evenly over the values, half of
        them taking equally many pixels more each, and the one of best IoU.

    Raises
    ------
    MaskError
        If the mask is not a two-dimensional boolean array.
    """
    values = _at_mask(found, mask)
    ranking = _Ranking(values, mask)
    return _scores(ranking, values, mask, None), _curve(ranking, points)


def agreement_of_values(
    values: NDArray[np.float32], mask: BoolArray, *, threshold: float | None = None
) -> Agreement:
    """Compare values with a mask of the same shape, every distinct value being a threshold.

    Raises
    ------
    MaskError
        If the shapes differ.
    """
    if values.shape != mask.shape:
        raise MaskError(f"the map is {values.shape}, the mask {mask.shape}: resize one of them.")
    return _scores(_Ranking(values, mask), values, mask, threshold)


def _at_mask(found: LocalizationMap, mask: BoolArray) -> FloatArray:
    if mask.ndim != 2 or mask.dtype != np.bool_:
        raise MaskError(f"a mask is a 2-D boolean array, not {mask.dtype} of shape {mask.shape}.")
    height, width = mask.shape
    return found.resized((height, width))


class _Ranking:
    """Pixels from the highest value down, counted at every distinct value."""

    def __init__(self, values: FloatArray, mask: BoolArray) -> None:
        ranked, truth = _sorted_down(values, mask)
        self.ranked = ranked.astype(np.float64)
        changes = np.append(self.ranked[1:] != self.ranked[:-1], True)
        self.last_of_value = np.flatnonzero(changes)
        self.hits = np.cumsum(truth)[self.last_of_value].astype(np.float64)
        self.taken = (self.last_of_value + 1).astype(np.float64)
        self.positives = float(truth.sum())
        self.negatives = float(truth.size - self.positives)

    def iou(self) -> NDArray[np.float64]:
        union = self.taken + self.positives - self.hits
        return np.divide(self.hits, union, out=np.ones_like(self.hits), where=union > 0)


def _sorted_down(values: FloatArray, mask: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Return values from the highest down, and the mask with them.

    One key a pixel, the value's bits and the mask's under them, sorts seven times faster than
    an index does.
    """
    bits = np.ascontiguousarray(values, dtype=np.float32).ravel().view(np.uint32)
    sign = np.uint32(1 << 31)
    # Of negative floats the larger bits are the smaller number.
    ordered = np.where(bits >= sign, ~bits, bits | sign)
    keys = (ordered.astype(np.uint64) << np.uint64(1)) | mask.ravel()
    keys.sort()
    keys = keys[::-1]
    high = (keys >> np.uint64(1)).astype(np.uint32)
    back = np.where(high >= sign, high ^ sign, ~high)
    return back.view(np.float32), (keys & np.uint64(1)).astype(np.bool_)


def _scores(
    ranking: _Ranking, values: FloatArray, mask: BoolArray, threshold: float | None
) -> Agreement:
    if threshold is None:
        best = int(np.argmax(ranking.iou()))
        threshold = _just_below(ranking.ranked, ranking.last_of_value, best)
    at = compare_counts(values > np.float32(threshold), mask)
    return Agreement(
        iou=at.iou,
        dice=at.dice,
        precision=at.precision,
        recall=at.recall,
        accuracy=at.accuracy,
        auroc=_auroc(ranking.hits, ranking.taken, ranking.positives, ranking.negatives),
        average_precision=_average_precision(ranking.hits, ranking.taken, ranking.positives),
        threshold=float(threshold),
    )


def _curve(ranking: _Ranking, points: int) -> AgreementCurve:
    distinct = ranking.ranked[ranking.last_of_value]
    last = len(distinct) - 1
    half = max(1, points // 2)
    evenly = np.searchsorted(-distinct, -np.linspace(distinct[0], distinct[-1], half))
    equally = np.searchsorted(ranking.taken, np.linspace(1, ranking.taken[-1], half))
    best = int(np.argmax(ranking.iou()))
    chosen = np.unique(np.clip(np.concatenate((evenly, equally, [best])), 0, last))
    # A threshold halfway to the next lower value predicts the same pixels as any between them.
    lower = np.append(distinct[1:], np.nextafter(np.float32(distinct[-1]), np.float32(-np.inf)))
    halfway = ((distinct[chosen] + lower[chosen]) / 2).astype(np.float32)
    # Nothing lies halfway between two neighbours of this precision.
    halfway = np.where(halfway >= distinct[chosen], lower[chosen], halfway)
    hits, taken = ranking.hits[chosen], ranking.taken[chosen]
    empty = 1.0 if ranking.positives == 0 else 0.0
    recall = hits / ranking.positives if ranking.positives else np.full_like(hits, np.nan)
    start = 0.0 if ranking.positives else float("nan")

    def joined(first: float, rest: NDArray[np.floating]) -> FloatArray:
        return np.append(first, rest).astype(np.float32)

    return AgreementCurve(
        # At the highest value nothing is predicted.
        thresholds=joined(distinct[0], halfway),
        iou=joined(empty, ranking.iou()[chosen]),
        precision=joined(1.0, hits / taken),
        recall=joined(start, recall),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """True and false positives and negatives of a predicted mask, in pixels."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both masks are empty."""
        union = self.true_positive + self.false_positive + self.false_negative
        return self.true_positive / union if union else 1.0

    @property
    def dice(self) -> float:
        """Twice the intersection over the sum of areas; 1 where both masks are empty."""
        total = 2 * self.true_positive + self.false_positive + self.false_negative
        return 2 * self.true_positive / total if total else 1.0

    @property
    def precision(self) -> float:
        """Share of the predicted pixels that are right; NaN where none is predicted."""
        predicted = self.true_positive + self.false_positive
        return self.true_positive / predicted if predicted else float("nan")

    @property
    def recall(self) -> float:
        """Share of the mask that is found; NaN where the mask is empty."""
        positives = self.true_positive + self.false_negative
        return self.true_positive / positives if positives else float("nan")

    @property
    def accuracy(self) -> float:
        """Share of pixels that are right."""
        right = self.true_positive + self.true_negative
        return right / (right + self.false_positive + self.false_negative)


def compare_counts(predicted: BoolArray, mask: BoolArray) -> Counts:
    """Count the pixels of two masks of one shape."""
    both = int(np.count_nonzero(predicted & mask))
    predicted_area = int(np.count_nonzero(predicted))
    mask_area = int(np.count_nonzero(mask))
    return Counts(
        true_positive=both,
        false_positive=predicted_area - both,
        false_negative=mask_area - both,
        true_negative=mask.size - predicted_area - mask_area + both,
    )


def _just_below(ranked: NDArray[np.float64], last_of_value: NDArray[np.intp], chosen: int) -> float:
    value = ranked[last_of_value[chosen]]
    if chosen + 1 < len(last_of_value):
        return float((value + ranked[last_of_value[chosen + 1]]) / 2)
    return float(np.nextafter(np.float32(value), np.float32(-np.inf)))


def _auroc(
    hits: NDArray[np.float64], taken: NDArray[np.float64], positives: float, negatives: float
) -> float:
    if positives == 0 or negatives == 0:
        return float("nan")
    true_rate = np.concatenate(([0.0], hits / positives))
    false_rate = np.concatenate(([0.0], (taken - hits) / negatives))
    return float(np.trapezoid(true_rate, false_rate))


def _average_precision(
    hits: NDArray[np.float64], taken: NDArray[np.float64], positives: float
) -> float:
    if positives == 0:
        return float("nan")
    recall_gain = np.diff(np.concatenate(([0.0], hits))) / positives
    return float(np.sum(recall_gain * hits / taken))
