"""A picture in a scene: squares from near, smooth from far, no finer than the screen."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ui.look.graphs import pg
from ui.view.view_state import ByteArray

# A picture's pixels are drawn as squares from this size (device pixels) on.
SQUARES_FROM = 3.0
_MOST_BYTES = 16 << 20
_WHOLE = QRectF(0, 0, 1, 1)


class PictureImages:
    """The images that all panels draw from, least recently drawn dropped first.

    Parameters
    ----------
    most_bytes
        How much memory they may take; the newest one is kept whatever it takes.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._images: OrderedDict[tuple[int, int], tuple[ByteArray, QImage]] = OrderedDict()
        self._bytes = 0

    def image(self, picture: ByteArray, stride: int = 1) -> QImage:
        """Return a picture (height, width, 3), every `stride`-th row and column of it."""
        key = (id(picture), stride)
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key][1]
        start = stride // 2
        image = picture_image(picture[start::stride, start::stride])
        # The array is kept with its image, so that its id is not given to another one.
        self._images[key] = (picture, image)
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._images) > 1:
            self._bytes -= self._images.popitem(last=False)[1][1].sizeInBytes()
        return image


class PictureItem(pg.ImageItem):
    """Lies on the unit square of its parent; what is shown again is not made again.

    Parameters
    ----------
    images
        Where panels share what they draw from.
    """

    def __init__(self, images: PictureImages) -> None:
        super().__init__()
        self._images = images
        self._place = _WHOLE

    def show_picture(self, picture: ByteArray | None, place: QRectF = _WHOLE) -> None:
        """Show a picture (height, width, 3) at a place in its parent, None for none."""
        if picture is None:
            self.clear()
        elif picture is not self.image or place != self._place:
            self._place = place
            self.setImage(picture, autoLevels=False)
            self.setRect(place)
        self.setVisible(picture is not None)

    def paint(self, painter: QPainter, *args: object) -> None:
        """Draw what is exposed, two pixels for one of the screen at most."""
        if self.image is None:
            return
        height, width = self.image.shape[:2]
        scale = min(abs(painter.deviceTransform().m11()), abs(painter.deviceTransform().m22()))
        stride = min(max(1, int(1 / (2 * scale))), height, width) if scale > 0 else 1
        hint = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(hint, scale < SQUARES_FROM and abs(scale - 1) > 1e-6)
        painter.drawImage(QRectF(0, 0, width, height), self._images.image(self.image, stride))


def picture_image(array: ByteArray) -> QImage:
    """Return a picture (height, width, 3) as an opaque image."""
    rgb = np.ascontiguousarray(array)
    height, width = rgb.shape[:2]
    wrapped = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)
