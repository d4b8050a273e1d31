"""What lies under the masks of one panel: picture and map, kept while only what is above moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter


class Ground:
    """Draws directly at first, and from an image from the second time on that it is the same.

    While steps are scrubbed each ground is seen once, and keeping it would cost more than it
    saves; while a threshold moves or a mask is drawn, it is seen at every move.

    Attributes
    ----------
    drawn
        How often the content was drawn, for tests.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._of: Hashable = None
        self._asked: Hashable = None
        self._kept: tuple[object, ...] = ()
        self.drawn = 0

    def draw(
        self,
        painter: QPainter,
        shown: Hashable,
        kept: tuple[object, ...],
        area: QRectF,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Draw `paint` into `area`, whose left upper corner is the painter's origin.

        Parameters
        ----------
        shown
            Equal as long as `paint` draws the same.
        kept
            What must live as long as `shown` is compared: objects that it names by their id.
        paint
            Draws all of `area`, opaque.
        """
        if shown != self._of and shown == self._asked:
            self._render(painter.deviceTransform().m11(), area, paint)
            self._of = shown
        if shown == self._of:
            painter.drawImage(QPoint(0, 0), self._image)
            return
        self._asked, self._kept = shown, kept
        self._of = None
        self.drawn += 1
        paint(painter)

    def _render(self, ratio: float, area: QRectF, paint: Callable[[QPainter], None]) -> None:
        wide, high = round(area.width() * ratio), round(area.height() * ratio)
        if (self._image.width(), self._image.height()) != (wide, high):
            self._image = QImage(wide, high, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        self.drawn += 1
        painter = QPainter(self._image)
        paint(painter)
        painter.end()
