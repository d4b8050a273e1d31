"""Telling memorized pictures from others by one number each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FALSE_POSITIVE_RATE = 0.01
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionCurve:
    """What every threshold on the scores gives, from the strictest on.

    Attributes
    ----------
    true_rate, false_rate
        Share of memorized, and of other pictures above each threshold, (D + 1,); both begin
        at 0.
    precision
        Share of memorized among those above, (D + 1,); 1 where none is.
    """

    true_rate: FloatArray
    false_rate: FloatArray
    precision: FloatArray


class Detection:
    """Scores of pictures, ranked once, for any weights of them.

    Parameters
    ----------
    scores
        The higher, the more memorized, (N,).
    memorized
        Which are, (N,).
    """

    def __init__(self, scores: FloatArray, memorized: NDArray[np.bool_]) -> None:
        self._order = np.argsort(-scores, kind="stable")
        ranked = scores[self._order]
        self._memorized = memorized[self._order]
        # Equal scores pass a threshold together.
        self._last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))

    def curve(self) -> DetectionCurve:
        """Return the curves, each picture counting once."""
        true, false = (np.ravel(each) for each in self._rates(np.ones((1, len(self._order)))))
        hits = true * self._memorized.sum()
        taken = hits + false * (~self._memorized).sum()
        precision: FloatArray = np.divide(hits, taken, out=np.ones(len(hits)), where=taken > 0)
        return DetectionCurve(true_rate=true, false_rate=false, precision=precision)

    def auc(self, weights: FloatArray) -> FloatArray:
        """Return the area under the ROC curve for each row of (B, N) weights, ties halved."""
        true, false = self._rates(weights)
        return np.asarray(np.trapezoid(true, false, axis=1))

    def true_rate(self, weights: FloatArray, at: float = FALSE_POSITIVE_RATE) -> FloatArray:
        """Return the highest true positive rate at a false positive rate of at most `at`.

        Between the thresholds that there are nothing is interpolated: with fewer than 1/`at`
        other pictures it is the rate without any false positive.
        """
        true, false = self._rates(weights)
        allowed = np.where(false <= at + 1e-12, true, 0.0).max(axis=1)
        return np.where(np.isnan(true[:, -1]) | np.isnan(false[:, -1]), np.nan, allowed)

    def average_precision(self, weights: FloatArray) -> FloatArray:
        """Return Σ (R_k − R_{k−1}) P_k over thresholds for each row of weights."""
        hits, others = self._counts(weights)
        taken = hits + others
        precision = np.divide(hits, taken, out=np.zeros_like(hits), where=taken > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            recall = hits / hits[:, -1:]
        gains = np.diff(recall, axis=1)
        total: FloatArray = (gains * precision[:, 1:]).sum(axis=1)
        return total

    def _counts(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return weights of memorized and others above each threshold, each (B, D + 1)."""
        ranked = weights[:, self._order]
        found = []
        for members in (self._memorized, ~self._memorized):
            summed = np.cumsum(ranked * members, axis=1)[:, self._last]
            found.append(np.concatenate([np.zeros((len(weights), 1)), summed], axis=1))
        return found[0], found[1]

    def _rates(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        hits, others = self._counts(weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            return hits / hits[:, -1:], others / others[:, -1:]
