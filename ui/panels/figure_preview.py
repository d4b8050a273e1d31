"""The preview in the export dialog: the figure small, or why there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_SMALLEST = QSize(380, 240)
_MARGIN = 8
_FINER = 2


class FigurePreview(QWidget):
    """Draws a figure in the middle, on white as on paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._words = ""
        self.setMinimumSize(_SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Preview of the figure"))
        self.setToolTip(self.tr("What will be written, drawn small"))
        self.wait()

    @property
    def within(self) -> tuple[int, int]:
        """(width, height) to draw at, more than there is room for.

        Letters as small as these run into each other when they are drawn at the size shown.
        """
        ratio = _FINER * self.devicePixelRatioF()
        width, height = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        return max(1, round(width * ratio)), max(1, round(height * ratio))

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """(width, height) of the picture shown, None while there is none."""
        return None if self._image is None else (self._image.width(), self._image.height())

    @property
    def words(self) -> str:
        """What is said in place of the picture, "" beside one that is up to date."""
        return self._words

    def wait(self) -> None:
        """Say that it is being drawn, over the old picture if there is one."""
        self._say(self.tr("Drawing the preview …"))

    def show_picture(self, pixels: NDArray[np.uint8]) -> None:
        """Show (height, width, 3)."""
        height, width, _ = pixels.shape
        data = np.ascontiguousarray(pixels)
        image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = image.copy()
        self._say("")

    def show_problem(self, words: str) -> None:
        """Say why there is no preview."""
        self._image = None
        self._say(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, and what is to be said."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        painter.setPen(self.palette().color(self.foregroundRole()))
        if self._image is not None:
            size = self._image.size() / (_FINER * self.devicePixelRatioF())
            shrink = min(
                1.0,
                (frame.width() - 2 * _MARGIN) / max(1, size.width()),
                (frame.height() - 2 * _MARGIN) / max(1, size.height()),
            )
            place = QRectF(0, 0, size.width() * shrink, size.height() * shrink)
            place.moveCenter(frame.center())
            painter.fillRect(place.adjusted(-4, -4, 4, 4), Qt.GlobalColor.white)
            painter.setOpacity(0.4 if self._words else 1.0)
            painter.drawImage(place, self._image)
            painter.setOpacity(1.0)
        if self._words and self._image is None:
            painter.drawText(
                frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN),
                int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                self._words,
            )

    def _say(self, words: str) -> None:
        self._words = words
        self.setAccessibleDescription(words)
        self.update()
