"""Scores of a map or a mask against a ground-truth mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MaskError
from memlens.maps import LocalizationMap

BoolArray = NDArray[np.bool_]


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
    if mask.ndim != 2 or mask.dtype != np.bool_:
        raise MaskError(f"a mask is a 2-D boolean array, not {mask.dtype} of shape {mask.shape}.")
    height, width = mask.shape
    return agreement_of_values(found.resized((height, width)), mask, threshold=threshold)


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
    order = np.argsort(-values, axis=None, kind="stable")
    ranked = values.ravel()[order].astype(np.float64)
    truth = mask.ravel()[order]
    last_of_value = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    hits = np.cumsum(truth)[last_of_value].astype(np.float64)
    taken = (last_of_value + 1).astype(np.float64)
    positives = float(truth.sum())
    negatives = float(truth.size - positives)

    if threshold is None:
        union = taken + positives - hits
        iou = np.divide(hits, union, out=np.ones_like(hits), where=union > 0)
        threshold = _just_below(ranked, last_of_value, int(np.argmax(iou)))
    at = compare_counts(values > np.float32(threshold), mask)
    return Agreement(
        iou=at.iou,
        dice=at.dice,
        precision=at.precision,
        recall=at.recall,
        accuracy=at.accuracy,
        auroc=_auroc(hits, taken, positives, negatives),
        average_precision=_average_precision(hits, taken, positives),
        threshold=float(threshold),
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
