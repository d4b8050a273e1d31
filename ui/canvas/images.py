"""Arrays as Qt images, kept for as long as the same array objects come back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from ui.canvas.map_images import Seen, enlarged, nearest
from ui.view.view_state import ByteArray

_MOST_BYTES = 8 << 20


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
    most_bytes
        How much memory they may take; the newest one is kept whatever it takes.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._images: OrderedDict[Hashable, tuple[NDArray[Any], QImage]] = OrderedDict()
        self._bytes = 0

    def picture(self, array: ByteArray, size: QSize | None = None) -> QImage:
        """Return a picture (height, width, 3), smoothly made `size` device pixels if given."""
        if size is None or size == QSize(array.shape[1], array.shape[0]):
            return self._kept(array, ("picture",), lambda: picture_image(array))
        return self._kept(
            array, ("sized", size.width(), size.height()), lambda: self._sized(array, size)
        )

    def squares(self, array: ByteArray, seen: Seen) -> QImage:
        """Return a part of a picture, each of its pixels as a square."""
        return self._kept(array, ("squares", seen), lambda: self._squares(array, seen))

    def part(self, array: ByteArray, part: Part) -> QImage:
        """Return a part of a large picture, every so many pixels."""
        return self._kept(array, ("part", part), lambda: _part_image(array, part))

    def _kept(
        self, array: NDArray[Any], how: tuple[Hashable, ...], make: Callable[[], QImage]
    ) -> QImage:
        key = (id(array), *how)
        found = self._images.get(key)
        if found is not None:
            self._images.move_to_end(key)
            return found[1]
        image = make()
        # The array is kept with its image, so that its id is not given to another one.
        self._images[key] = (array, image)
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._images) > 1:
            _, (_, dropped) = self._images.popitem(last=False)
            self._bytes -= dropped.sizeInBytes()
        return image

    def _sized(self, array: ByteArray, size: QSize) -> QImage:
        image = picture_image(_thinned(array, size))
        if size.width() < image.width() or size.height() < image.height():
            ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode
            return image.scaled(size, ignore, smooth.SmoothTransformation)
        # Larger, a painter makes the same of it with less work.
        made = QImage(size, QImage.Format.Format_RGB32)
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(0, 0, size.width(), size.height()), image)
        painter.end()
        return made

    def _squares(self, array: ByteArray, seen: Seen) -> QImage:
        rows = nearest(array.shape[0], seen.rows, seen.height)
        columns = nearest(array.shape[1], seen.columns, seen.width)
        top, left = rows[0], columns[0]
        part = picture_image(array[top : rows[-1] + 1, left : columns[-1] + 1])
        pixels = np.frombuffer(part.constBits(), np.uint32).reshape(part.height(), part.width())
        return enlarged(pixels, columns - left, rows - top, QImage.Format.Format_RGB32)


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
