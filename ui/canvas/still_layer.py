"""What of a widget changes rarely: drawn once, and put under what changes often."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget


class StillLayer:
    """Keeps a drawing for as long as what it shows, size, colours and font stay the same.

    Parameters
    ----------
    widget
        Whose it is.
    paint
        Draws all of it, in the widget's coordinates.
    """

    def __init__(self, widget: QWidget, paint: Callable[[QPainter], None]) -> None:
        self._widget = widget
        self._paint = paint
        self._pixmap = QPixmap()
        self._key: Hashable = None
        self.drawn = 0

    def draw(self, painter: QPainter, shown: Hashable) -> None:
        """Draw the layer, anew if `shown` is not what it was drawn for."""
        ratio = painter.deviceTransform().m11()
        widget = self._widget
        size = widget.size().toTuple()
        key = (shown, size, ratio, widget.palette().cacheKey(), widget.font().key())
        if key != self._key:
            self._key = key
            self._pixmap = self._made(ratio)
            self.drawn += 1
        painter.drawPixmap(0, 0, self._pixmap)

    def _made(self, ratio: float) -> QPixmap:
        widget = self._widget
        pixmap = QPixmap(round(widget.width() * ratio), round(widget.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(widget.font())
        self._paint(painter)
        painter.end()
        return pixmap
