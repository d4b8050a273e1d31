"""Where an enlarged map is above a threshold, without enlarging the map.

Between two rows of a map a bilinearly enlarged column is a straight line, so it crosses the
threshold once at most. The crossings are found, few as they are, and not the values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import FloatArray

BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class EnlargedMask:
    """The mask of `resize_bilinear(values, shape) > threshold`, any part of it at little cost.

    Attributes
    ----------
    shape
        The mask's (height, width); no side is shorter than the map's.
    crossings
        Between two rows of the map, the first row of the mask that is not as those before it,
        (h + 2, width + 1); the last row and column stand for what lies outside.
    rising
        Whether the rows before are the ones outside, of the same shape.
    intervals
        Which row of `crossings` each row of the mask goes by, and one more for outside.
    """

    shape: tuple[int, int]
    crossings: NDArray[np.signedinteger]
    rising: BoolArray
    intervals: IndexArray

    def at(self, rows: IndexArray, columns: IndexArray) -> BoolArray:
        """Return the mask at `rows` and `columns`, (len(rows), len(columns)).

        The numbers after the last row and column stand for what lies outside: never in the mask.
        """
        intervals = self.intervals.take(rows)
        crossings = self.crossings.take(columns, axis=1).take(intervals, axis=0)
        made: BoolArray = rows.astype(crossings.dtype)[:, None] < crossings
        made ^= self.rising.take(columns, axis=1).take(intervals, axis=0)
        return made

    def whole(self) -> BoolArray:
        """Return all of the mask."""
        return self.at(np.arange(self.shape[0]), np.arange(self.shape[1]))


@dataclass(frozen=True, slots=True, eq=False)
class EnlargedColumns:
    """The columns of an enlarged map as straight lines between its rows, for any threshold.

    Attributes
    ----------
    shape
        The enlarged (height, width).
    start
        Where each line begins, (h + 1, width).
    rows_per_rise
        How many rows of the enlarged map it takes to rise by one; infinite for level lines.
    first
        The row, not whole, at which each line begins, (h + 1, 1).
    rising
        Whether a line rises or is level, (h + 2, width + 1).
    intervals
        As in `EnlargedMask`.
    """

    shape: tuple[int, int]
    start: NDArray[np.float64]
    rows_per_rise: NDArray[np.float64]
    first: NDArray[np.float64]
    rising: BoolArray
    intervals: IndexArray

    @classmethod
    def of(cls, values: FloatArray, shape: tuple[int, int]) -> EnlargedColumns:
        """Find the lines of a map (h, w).

        Raises
        ------
        ValueError
            If `shape` is smaller than the map: then more than two values make a pixel.
        """
        if shape[0] < values.shape[0] or shape[1] < values.shape[1]:
            raise ValueError(f"{values.shape} does not enlarge to {shape}.")
        high, scale = values.shape[0], shape[0] / values.shape[0]
        rising = np.zeros((high + 2, shape[1] + 1), np.bool_)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            wide = _wide(values, shape[1])
            start = np.concatenate((wide[:1], wide)).astype(np.float64)
            rise = np.concatenate((wide, wide[-1:])) - start
            # So that a level line has a 0 without sign.
            rise += 0.0
            np.greater_equal(rise, 0.0, out=rising[:-1, :-1])
            rows_per_rise = scale / rise
        # Rows of the map lie half a row from its edge, and those of the mask too.
        first = (np.arange(high + 1)[:, None] - 0.5) * scale - 0.5
        rows = np.floor((np.arange(shape[0]) + 0.5) / scale - 0.5).astype(np.intp) + 1
        return cls(shape, start, rows_per_rise, first, rising, np.append(rows, high + 1))

    def above(self, threshold: float) -> EnlargedMask:
        """Return where the enlarged map is above a threshold; what is missing never is."""
        height = self.shape[0]
        small = height < np.iinfo(np.int16).max
        crossings = np.zeros(self.rising.shape, np.int16 if small else np.int32)
        with np.errstate(invalid="ignore", over="ignore"):
            # A level line is never at the level, which lies between two float32: it crosses it
            # infinitely far before or behind.
            place = _level(threshold) - self.start
            place *= self.rows_per_rise
            place += self.first
            np.ceil(place, out=place)
            # In this order what is missing becomes 0.
            np.fmax(place, 0.0, out=place)
            crossings[:-1, :-1] = np.minimum(place, height, out=place)
        return EnlargedMask(self.shape, crossings, self.rising, self.intervals)


def _wide(values: FloatArray, width: int) -> FloatArray:
    """Return the map with more columns, rounded as between the two passes of the resizing."""
    count = values.shape[1]
    place = np.clip((np.arange(width) + 0.5) * count / width - 0.5, 0, count - 1)
    left = np.floor(place).astype(np.intp)
    right = np.minimum(left + 1, count - 1)
    share = place - left
    wide = values.astype(np.float64)
    made: FloatArray = (wide[:, left] * (1 - share) + wide[:, right] * share).astype(np.float32)
    return made


def _level(threshold: float) -> float:
    """Return what a value must be above before it is rounded, to be above afterwards."""
    rounded = np.float32(threshold)
    above = np.nextafter(rounded, np.float32(np.inf))
    return (float(rounded) + float(above)) / 2
