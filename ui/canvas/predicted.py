"""Predicted masks as they are drawn: the map resized to the picture, above a threshold."""

from __future__ import annotations

from collections import OrderedDict

from memlens.maps import resize_bilinear
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
        while len(self._masks) > _KEPT:
            self._masks.popitem(last=False)
        return mask

    def _at(self, values: FloatArray, shape: Shape) -> FloatArray:
        if values.shape == shape:
            return values
        key = (id(values), shape)
        found = self._resized.get(key)
        if found is not None and found[0] is values:
            self._resized.move_to_end(key)
            return found[1]
        resized = resize_bilinear(values, shape)
        self._resized[key] = (values, resized)
        while len(self._resized) > _KEPT:
            self._resized.popitem(last=False)
        return resized


def drawn_shape(shape: Shape) -> Shape:
    """Return the picture's shape, made smaller where its longer side is beyond any screen."""
    longest = max(shape)
    if longest <= _LONGEST:
        return shape
    height, width = (max(1, round(side * _LONGEST / longest)) for side in shape)
    return height, width
