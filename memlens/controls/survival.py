"""Surprise: how rarely a value as large occurs in the maps of ordinary pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

# Ranks kept of the pooled values; between two of them surprise is off by less than .01.
_KNOTS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """P(V ≥ v) of the pooled values of all controls at one step, as a sketch.

    Attributes
    ----------
    knots
        Values of the ranks `ranks_of(pooled)`, from the largest down, (K,).
    pooled
        How many values were pooled.
    """

    knots: FloatArray
    pooled: int

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> Self:
        """Sketch `values`, any shape: all of the upper tail, quantiles below."""
        falling = np.sort(values.ravel().astype(np.float32))[::-1]
        return cls(falling[ranks_of(falling.size) - 1], falling.size)

    def surprise(self, values: NDArray[np.floating]) -> FloatArray:
        """Return u = −log₁₀ P(V ≥ v) of each value, in the shape of `values`.

        P is (1 + #{V ≥ v}) / (1 + `pooled`), so a value beyond all has the finite `most`.
        0 is ordinary, 2 beyond 99 %.
        """
        return _surprise(self._at_least(values), self.pooled)

    def slope(self, values: NDArray[np.floating]) -> FloatArray:
        """Return du/dv, in the shape of `values`; 0 beyond the largest knot."""
        rising, logs = self._rising()
        width = np.diff(rising)
        steep = np.divide(-np.diff(logs), width, out=np.zeros_like(width), where=width > 0)
        # Each value's own interval; none outside.
        place = np.searchsorted(rising, values, side="left") - 1
        inside = (place >= 0) & (place < len(width))
        slopes = np.where(inside, steep[np.clip(place, 0, max(len(width) - 1, 0))], 0.0)
        found: FloatArray = slopes.astype(np.float32)
        return found

    @property
    def most(self) -> float:
        """The surprise of a value beyond all controls."""
        return float(np.log10(self.pooled + 1))

    def _rising(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the distinct knots from the smallest up, and log₁₀(1 + rank) of each."""
        rising = self.knots[::-1].astype(np.float64)
        ranks = ranks_of(self.pooled)[::-1]
        # Of equal values the last rank counts most of them.
        distinct, first = np.unique(rising, return_index=True)
        return distinct, np.log10(1.0 + ranks[first])

    def _at_least(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        rising, logs = self._rising()
        exact = values.astype(np.float64)
        counts = 10.0 ** np.interp(exact, rising, logs) - 1.0
        return np.where(exact > rising[-1], 0.0, np.minimum(counts, self.pooled))


def ranks_of(pooled: int) -> NDArray[np.intp]:
    """Return the ranks whose values are kept of so many, 1 for the largest, evenly in their log."""
    spread = np.geomspace(1, pooled, min(_KNOTS, pooled))
    return np.unique(np.rint(spread).astype(np.intp))


def left_one_out(maps: NDArray[np.floating]) -> FloatArray:
    """Return each map's surprise under the pooled values of all others, (N, H, W), N ≥ 2.

    So controls are judged as a new picture will be, by values that are not their own.
    """
    count = maps.shape[0]
    single = np.sort(maps.reshape(count, -1).astype(np.float32), axis=1)
    pooled = np.sort(single, axis=None)
    others = pooled.size - single.shape[1]
    found = np.empty(maps.shape, np.float32)
    for index, own in enumerate(single):
        values = maps[index].astype(np.float32)
        at_least = pooled.size - np.searchsorted(pooled, values)
        at_least -= own.size - np.searchsorted(own, values)
        found[index] = _surprise(at_least, others)
    return found


def _surprise(at_least: NDArray[np.floating] | NDArray[np.intp], pooled: int) -> FloatArray:
    surprise: FloatArray = np.log10((1.0 + pooled) / (1.0 + at_least)).astype(np.float32)
    return surprise
