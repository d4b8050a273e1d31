"""Arrays as Qt images, kept for as long as the same array objects come back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from ui.canvas import colormaps
from ui.canvas.scale import Scale
from ui.view_state import BoolArray, ByteArray, FloatArray

Span = tuple[float, float]
IndexArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows and columns of an array, every `stride`-th of them."""

    top: int
    bottom: int
    left: int
    right: int
    stride: int


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
            lambda: picture_image(_thinned(array, size)).scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ),
        )

    def map(self, values: FloatArray, scale: Scale, colormap: str) -> QImage:
        """Return a map through its colormap, one pixel per value, NaN transparent."""
        return self._kept(
            values,
            ("map", scale, colormap),
            lambda: map_image(values, scale, colormaps.table(colormap)),
        )

    def smooth_map(
        self,
        values: FloatArray,
        scale: Scale,
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
            ("smooth", scale, colormap, columns, rows, size.width(), size.height()),
            lambda: map_image(
                resampled(values, columns, rows, size.width(), size.height()),
                scale,
                colormaps.table(colormap),
            ),
        )

    def part(self, array: ByteArray, part: Part) -> QImage:
        """Return a part of a large picture, every so many pixels."""
        return self._kept(array, ("part", part), lambda: _part_image(array, part))

    def tint(self, mask: BoolArray, colour: QColor) -> QImage:
        """Return a mask filled with a colour, transparent outside."""
        return self._kept(mask, ("tint", colour.rgba()), lambda: _tint_image(mask, colour))

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


def _thinned(array: ByteArray, size: QSize) -> ByteArray:
    """Leave out rows and columns of a picture far larger than `size`: two remain for each."""
    high, wide = max(1, size.height()), max(1, size.width())
    stride = max(1, min(array.shape[0] // (2 * high), array.shape[1] // (2 * wide)))
    start = stride // 2
    return array[start::stride, start::stride]


def _part_image(array: ByteArray, part: Part) -> QImage:
    step = part.stride
    seen = array[part.top : part.bottom : step, part.left : part.right : step]
    return picture_image(seen)


def _tint_image(mask: BoolArray, colour: QColor) -> QImage:
    share = colour.alphaF()
    red, green, blue = (
        round(part * share) for part in (colour.red(), colour.green(), colour.blue())
    )
    argb = np.uint32(colour.alpha() << 24 | red << 16 | green << 8 | blue)
    pixels = np.where(mask, argb, np.uint32(0))
    height, width = pixels.shape
    premultiplied = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, premultiplied).copy()


def map_image(values: FloatArray, scale: Scale, colours: NDArray[np.uint32]) -> QImage:
    """Return values through 256 colours: the scale's levels at the two ends, NaN transparent.

    Values beyond an end take that end's colour; the colour bar then shows an arrow.
    """
    entries = scale.shares(values)
    with np.errstate(invalid="ignore", over="ignore"):
        entries *= np.float32(256.0)
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
