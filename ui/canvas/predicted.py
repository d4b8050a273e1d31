"""Predicted masks as they are drawn: the map resized to the picture, above a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from memlens.maps.enlarged_mask import EnlargedColumns, EnlargedMask
from memlens.maps.localization_map import resize_bilinear
from ui.view.view_state import BoolArray, FloatArray

Shape = tuple[int, int]
# Beyond this many pixels a side, a contour is finer than any screen.
_LONGEST = 1024


@dataclass(frozen=True, slots=True, eq=False)
class PredictedMask:
    """Where a map, resized bilinearly as agreement does, is above a threshold.

    Attributes
    ----------
    values
        The map in display units, (h, w).
    threshold
        In the same units.
    picture
        The picture's (height, width); the mask has it too, unless that is very large.
    """

    values: FloatArray
    threshold: float
    picture: Shape

    def seen(self, target: QRectF, area: QRect) -> BoolArray | None:
        """Return the mask at the pixels `area` of the screen, where that is quick.

        None where the picture's pixels are smaller than the screen's, and where the map is finer
        than the picture.
        """
        shape = drawn_shape(self.picture)
        if target.height() < shape[0] or target.width() < shape[1] or not self._grows(shape):
            return None
        rows = _under(shape[0], target.y(), target.height(), area.y(), area.height())
        columns = _under(shape[1], target.x(), target.width(), area.x(), area.width())
        return self._enlarged(shape).at(rows, columns)

    def pixels(self) -> BoolArray:
        """Return the mask, (height, width)."""
        shape = drawn_shape(self.picture)
        if self._grows(shape):
            return self._enlarged(shape).whole()
        made: BoolArray = resize_bilinear(self.values, shape) > self.threshold
        return made

    def _enlarged(self, shape: Shape) -> EnlargedMask:
        return _columns(_Named(self.values), shape).above(self.threshold)

    def _grows(self, shape: Shape) -> bool:
        high, wide = self.values.shape
        return bool(shape[0] >= high and shape[1] >= wide)


class _Named:
    """An array that is told from others by what it is, not by what it holds."""

    def __init__(self, array: FloatArray) -> None:
        self.array = array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self.array is other.array

    def __hash__(self) -> int:
        return id(self.array)


@lru_cache(maxsize=12)
def _columns(values: _Named, shape: Shape) -> EnlargedColumns:
    """Return what of a map stays while a threshold moves."""
    return EnlargedColumns.of(values.array, shape)


@lru_cache(maxsize=32)
def _under(count: int, origin: float, length: float, start: int, size: int) -> NDArray[np.intp]:
    """Return which of `count` pixels lies under each pixel of the screen, `count` for none."""
    centres = np.arange(start, start + size) + 0.5
    found: NDArray[np.intp] = np.floor((centres - origin) * (count / length)).astype(np.intp)
    found[(found < 0) | (found >= count)] = count
    return found


def drawn_shape(shape: Shape) -> Shape:
    """Return the picture's shape, made smaller where its longer side is beyond any screen."""
    longest = max(shape)
    if longest <= _LONGEST:
        return shape
    height, width = (max(1, round(side * _LONGEST / longest)) for side in shape)
    return height, width
