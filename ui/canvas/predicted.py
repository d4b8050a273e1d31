"""Predicted masks as they are drawn: the map resized to the picture, above a threshold."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from memlens.maps import resize_bilinear
from ui.canvas.place import Place
from ui.view_state import BoolArray, FloatArray

Shape = tuple[int, int]
_KEPT = 12
# Beyond this many pixels a side, a contour is finer than any screen.
_LONGEST = 1024


class PredictedMasks:
    """Keeps resized maps and their masks for as long as the same arrays come back."""

    def __init__(self) -> None:
        self._resized: OrderedDict[tuple[int, Shape], tuple[FloatArray, FloatArray]] = OrderedDict()
        self._masks: OrderedDict[tuple[int, Shape, float], tuple[FloatArray, BoolArray]] = (
            OrderedDict()
        )
        # How many masks were made of each resized map.
        self._made: dict[tuple[int, Shape], int] = {}
        self._seen: OrderedDict[tuple[object, ...], tuple[FloatArray, FloatArray]] = OrderedDict()

    def seen(
        self, values: FloatArray, threshold: float, shape: Shape, place: Place, margin: int
    ) -> BoolArray | None:
        """Return the mask at the screen's pixels where that is quick, else None.

        While the threshold of one map moves, what the screen's pixels show of it stays, and only
        the threshold is applied anew. None for the first threshold of a map, and where the
        picture's pixels are smaller than the screen's.

        Parameters
        ----------
        values, threshold, shape
            As for `mask`.
        place
            Where the picture lies.
        margin
            How many pixels beyond the screen's edges are wanted too.
        """
        shape, target = drawn_shape(shape), place.target
        if self._made.get((id(values), shape), 0) < 2:
            return None
        if target.height() < shape[0] or target.width() < shape[1]:
            return None
        key = (id(values), shape, place.key, margin)
        found = self._seen.get(key)
        if found is None or found[0] is not values:
            rows = _under(shape[0], target.y(), target.height(), place.size.height(), margin)
            columns = _under(shape[1], target.x(), target.width(), place.size.width(), margin)
            # One row and one column more, for what lies beyond the picture.
            resized = np.pad(self._at(values, shape), ((0, 1), (0, 1)), constant_values=-np.inf)
            found = (values, resized.take(columns, axis=1).take(rows, axis=0))
            self._seen[key] = found
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        self._seen.move_to_end(key)
        seen: BoolArray = found[1] > threshold
        return seen

    def mask(self, values: FloatArray, threshold: float, shape: Shape) -> BoolArray:
        """Return where `values`, resized bilinearly as agreement does, are above `threshold`.

        Parameters
        ----------
        values
            The map in display units, (h, w).
        threshold
            In the same units.
        shape
            The picture's (height, width); the mask has it too, unless that is very large.
        """
        shape = drawn_shape(shape)
        key = (id(values), shape, threshold)
        found = self._masks.get(key)
        if found is not None and found[0] is values:
            self._masks.move_to_end(key)
            return found[1]
        mask: BoolArray = self._at(values, shape) > threshold
        self._masks[key] = (values, mask)
        self._made[id(values), shape] += 1
        while len(self._masks) > _KEPT:
            self._masks.popitem(last=False)
        return mask

    def _at(self, values: FloatArray, shape: Shape) -> FloatArray:
        key = (id(values), shape)
        found = self._resized.get(key)
        if found is not None:
            self._resized.move_to_end(key)
            return found[1]
        resized = values if values.shape == shape else resize_bilinear(values, shape)
        self._resized[key], self._made[key] = (values, resized), 0
        while len(self._resized) > _KEPT:
            dropped, _ = self._resized.popitem(last=False)
            del self._made[dropped]
        return resized


def _under(count: int, origin: float, length: float, size: int, margin: int) -> NDArray[np.intp]:
    """Return which of `count` pixels lies under each pixel of the screen, the last for none."""
    centres = np.arange(-margin, size + margin) + 0.5
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
