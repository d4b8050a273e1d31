"""The shapes of a mask file that nobody has vouched for, drawn within limits."""

from __future__ import annotations

import math
from typing import Any

from memlens.masks.named_mask import BoolArray
from memlens.masks.shapes import Point, Region

MAX_POINTS = 200_000
# Of the boxes around all shapes together.
MAX_DRAWN_PIXELS = 1 << 30


class OutlineDrawing:
    """Draws the shapes of one file; together they may cover so many pixels."""

    def __init__(self) -> None:
        self._drawn = 0

    def add(self, region: Region, pixels: BoolArray) -> None:
        """Add a shape to a mask.

        Raises
        ------
        ValueError
            If the file's shapes are too many and too large.
        """
        self._drawn += region.pixels.size
        if self._drawn > MAX_DRAWN_PIXELS:
            raise ValueError("its shapes are too many and too large")
        rows = slice(region.top, region.top + region.pixels.shape[0])
        columns = slice(region.left, region.left + region.pixels.shape[1])
        pixels[rows, columns] |= region.pixels


def point_of(point: Any) -> Point:
    """Return a place from JSON's (x, y).

    Raises
    ------
    ValueError
        If it is no place in the plane.
    TypeError
        If it is no pair.
    """
    x, y = point
    if not all(isinstance(each, int | float) for each in (x, y)):
        raise ValueError(f"its point {str(point)[:80]} is no place")
    x, y = float(x), float(y)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"its point {str(point)[:80]} is no place")
    return x, y
