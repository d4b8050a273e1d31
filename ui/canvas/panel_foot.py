"""A panel's foot: its headline, or what lies under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.canvas.cursor import Reading
from ui.look import tones
from ui.widgets.later_drawing import LaterDrawing

HEIGHT = 20
# Around the words: the card's frame, which need not be drawn again with them.
_SIDE, _BELOW = 5, 2
_BETWEEN = " · "


class PanelFoot(QWidget):
    """One line, drawn at once: a label would lay out the panel anew at every cursor move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = ""
        self._reading: Reading | None = None
        self.later = LaterDrawing(self)
        self.setFixedHeight(HEIGHT - _BELOW)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def framed(self) -> QHBoxLayout:
        """Return a row of this alone, as a card holds it."""
        row = QHBoxLayout()
        row.setContentsMargins(_SIDE, 0, _SIDE, _BELOW)
        row.addWidget(self)
        return row

    @property
    def words(self) -> str:
        """What is written there now."""
        if self._reading is None:
            return self._headline
        parts = [self._reading.value, self._reading.pixel, _rgb(self._reading)]
        return _BETWEEN.join(part for part in parts if part)

    def show_headline(self, headline: str) -> None:
        """Show the panel's short numbers."""
        if headline != self._headline:
            self._headline = headline
            self.setToolTip(headline)
            self.update()

    def show_reading(self, reading: Reading | None) -> None:
        """Show what lies under the cursor instead, None for nothing; drawn a moment later."""
        if reading != self._reading:
            self._reading = reading
            self.later.ask()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(120, HEIGHT - _BELOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, the least important words given up first."""
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), tones.raised(palette))
        area = QRectF(self.rect()).adjusted(8 - _SIDE, 0, _SIDE - 8, _BELOW)
        metrics = QFontMetricsF(self.font())
        baseline = area.center().y() + metrics.capHeight() / 2 - 1
        if self._reading is None:
            words = fitting(self._headline, metrics, area.width())
            painter.setPen(tones.quiet_text(palette))
            painter.drawText(QPointF(area.left(), baseline), words)
            return
        x = area.left()
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        if self._reading.value:
            painter.setFont(strong)
            painter.setPen(tones.text(palette))
            painter.drawText(QPointF(x, baseline), self._reading.value)
            x += QFontMetricsF(strong).horizontalAdvance(self._reading.value) + 16
        painter.setFont(self.font())
        painter.setPen(tones.quiet_text(palette))
        right = area.right()
        place = metrics.horizontalAdvance(self._reading.pixel)
        if right - place >= x:
            painter.drawText(QPointF(right - place, baseline), self._reading.pixel)
            right -= place + 16
        if self._reading.rgb is None:
            return
        rgb = _rgb(self._reading)
        if x + 16 + metrics.horizontalAdvance(rgb) <= right + 8:
            box = QRectF(round(x) + 0.5, round(area.center().y() - 5) - 0.5, 10, 10)
            painter.setPen(QPen(tones.hairline(palette), 1))
            painter.setBrush(QColor(*self._reading.rgb))
            painter.drawRect(box)
            painter.setPen(tones.quiet_text(palette))
            painter.drawText(QPointF(x + 16, baseline), rgb)


def fitting(headline: str, metrics: QFontMetricsF, room: float) -> str:
    """Give up the last parts whole: half a number misleads, and the tooltip has all of them."""
    words = headline
    while metrics.horizontalAdvance(words) > room:
        if _BETWEEN not in words:
            return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        words = words.rpartition(_BETWEEN)[0]
    return words


def _rgb(reading: Reading) -> str:
    if reading.rgb is None:
        return ""
    return "RGB {} {} {}".format(*reading.rgb)
