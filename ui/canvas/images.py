"""Arrays as Qt images, kept for as long as the same array objects come back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from ui.canvas import colormaps
from ui.view_state import BoolArray, ByteArray, FloatArray

Span = tuple[float, float]
IndexArray = NDArray[np.intp]


class ImageStore:
    """The images that all panels draw from, least recently drawn dropped first.

    Parameters
    ----------
    most
        How many images are kept.
    """

    def __init__(self, most: int = 48) -> None:
        self._most = most
        self._images: OrderedDict[Hashable, tuple[NDArray[Any], QImage]] = OrderedDict()

    def picture(self, array: ByteArray, size: QSize | None = None) -> QImage:
        """Return a picture (height, width, 3), smoothly made `size` device pixels if given."""
        if size is None or size == QSize(array.shape[1], array.shape[0]):
            return self._kept(array, ("picture",), lambda: picture_image(array))
        return self._kept(
            array,
            ("sized", size.width(), size.height()),
            lambda: self.picture(array).scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ),
        )

    def map(self, values: FloatArray, levels: tuple[float, float], colormap: str) -> QImage:
        """Return a map through its colormap, one pixel per value, NaN transparent."""
        return self._kept(
            values,
            ("map", levels, colormap),
            lambda: map_image(values, levels, colormaps.table(colormap)),
        )

    def smooth_map(
        self,
        values: FloatArray,
        levels: tuple[float, float],
        colormap: str,
        columns: Span,
        rows: Span,
        size: QSize,
    ) -> QImage:
        """Return a part of a map with `size` pixels, interpolated between its values.

        The values are interpolated, not the colours: a colour mixed between two others of a
        colormap is not on the colormap.

        Parameters
        ----------
        columns, rows
            What part, in the map's own coordinates.
        """
        return self._kept(
            values,
            ("smooth", levels, colormap, columns, rows, size.width(), size.height()),
            lambda: map_image(
                resampled(values, columns, rows, size.width(), size.height()),
                levels,
                colormaps.table(colormap),
            ),
        )

    def mask(self, mask: BoolArray) -> QImage:
        """Return a mask, white inside and black outside."""
        return self._kept(mask, ("mask",), lambda: mask_image(mask))

    def _kept(
        self, array: NDArray[Any], how: tuple[Hashable, ...], make: Callable[[], QImage]
    ) -> QImage:
        key = (id(array), *how)
        found = self._images.get(key)
        if found is not None and found[0] is array:
            self._images.move_to_end(key)
            return found[1]
        image = make()
        # The array is kept with its image, so that its id is not given to another one.
        self._images[key] = (array, image)
        while len(self._images) > self._most:
            self._images.popitem(last=False)
        return image


def picture_image(array: ByteArray) -> QImage:
    """Return a picture (height, width, 3) as an opaque image."""
    rgb = np.ascontiguousarray(array)
    height, width = rgb.shape[:2]
    wrapped = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)


def mask_image(mask: BoolArray) -> QImage:
    """Return a mask, white inside and black outside."""
    grey = np.ascontiguousarray(mask.astype(np.uint8) * 255)
    height, width = grey.shape
    wrapped = QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)


def map_image(
    values: FloatArray, levels: tuple[float, float], colours: NDArray[np.uint32]
) -> QImage:
    """Return values through 256 colours: `levels` at the two ends, NaN transparent.

    Values beyond an end take that end's colour; the colour bar then shows an arrow.
    """
    low, high = levels
    span = high - low
    # One level for all: what is above it is at the high end.
    scale = np.float32(256.0 / span if span > 0 else np.finfo(np.float32).max)
    with np.errstate(invalid="ignore", over="ignore"):
        entries = (values - np.float32(low)) * scale
    # One sum tells whether any value is missing, far cheaper than a look at each.
    absent = None if np.isfinite(entries.sum()) else np.isnan(entries)
    if absent is not None:
        entries[absent] = 0.0
    np.clip(entries, 0.0, 255.0, out=entries)
    argb = np.take(colours, entries.astype(np.uint8))
    if absent is not None:
        argb[absent] = 0
    height, width = argb.shape
    wrapped = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return wrapped.copy()


def interpolated(values: FloatArray, finer: int) -> FloatArray:
    """Return values bilinearly `finer` times as dense, pixel centres kept, edges held."""
    high, wide = values.shape
    return resampled(values, (0.0, float(wide)), (0.0, float(high)), wide * finer, high * finer)


def resampled(values: FloatArray, columns: Span, rows: Span, width: int, height: int) -> FloatArray:
    """Return a part of `values` bilinearly with other dimensions, edges held.

    Value (r, c) is known at its pixel's centre, (c + ½, r + ½).
    """
    above, below, share = _neighbours(values.shape[0], rows, height)
    down = values[above] + (values[below] - values[above]) * share[:, None]
    left, right, share = _neighbours(values.shape[1], columns, width)
    start = down[:, left]
    made: FloatArray = down[:, right]
    made -= start
    made *= share
    made += start
    return made


@lru_cache(maxsize=64)
def _neighbours(count: int, span: Span, size: int) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Return for each of `size` places the two values around it and how far it is to the second."""
    place = span[0] + (np.arange(size) + 0.5) * (span[1] - span[0]) / size - 0.5
    place = np.clip(place, 0, count - 1)
    first = np.floor(place).astype(np.intp)
    second = np.minimum(first + 1, count - 1)
    return first, second, (place - first).astype(np.float32)
