"""Buttons of the timeline, their signs drawn in the colours of the palette."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolButton, QWidget

from ui.look import tones


class Sign(StrEnum):
    """What a button draws."""

    FIRST = "first"
    BACK = "back"
    PLAY = "play"
    PAUSE = "pause"
    FORWARD = "forward"
    LAST = "last"


class TransportButton(QToolButton):
    """A flat square button with one sign."""

    def __init__(self, sign: Sign, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = sign
        self._words = words
        self._reason = ""
        self.setFixedSize(QSize(28, 28))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_sign(sign, words)

    def set_sign(self, sign: Sign, words: str) -> None:
        """Draw another sign."""
        self._sign, self._words = sign, words
        self.setAccessibleName(words)
        self._explain()
        self.update()

    def disable(self, reason: str) -> None:
        """Say why it cannot be pressed now, "" where it can."""
        if reason != self._reason:
            self._reason = reason
            self.setEnabled(not reason)
            self._explain()

    def _explain(self) -> None:
        self.setToolTip(f"{self._words}\n{self._reason}" if self._reason else self._words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw background and sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tones.hairline(palette))
            painter.drawRoundedRect(area, 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(tones.accent(palette), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.text(palette) if self.isEnabled() else tones.faint_text(palette))
        middle = QRectF(self.rect()).center()
        for part in _parts(self._sign):
            painter.drawPolygon(part.translated(middle))


def _parts(sign: Sign) -> list[QPolygonF]:
    """Return the sign as polygons around (0, 0)."""
    bar = QPolygonF(QRectF(-1, -5.5, 2, 11))
    match sign:
        case Sign.PLAY:
            return [_triangle(-4, 6, 6)]
        case Sign.PAUSE:
            half = QPolygonF(QRectF(-1.5, -6, 3, 12))
            return [half.translated(-3, 0), half.translated(3, 0)]
        case Sign.FORWARD:
            return [bar.translated(-3.5, 0), _triangle(-0.5, 5.5, 5.5)]
        case Sign.BACK:
            return [bar.translated(3.5, 0), _triangle(0.5, -5.5, 5.5)]
        case Sign.LAST:
            return [_triangle(-6, -0.5, 5.5), _triangle(-0.5, 5, 5.5), bar.translated(6, 0)]
        case Sign.FIRST:
            return [_triangle(6, 0.5, 5.5), _triangle(0.5, -5, 5.5), bar.translated(-6, 0)]


def _triangle(base: float, tip: float, half: float) -> QPolygonF:
    return QPolygonF([QPointF(base, -half), QPointF(tip, 0), QPointF(base, half)])
