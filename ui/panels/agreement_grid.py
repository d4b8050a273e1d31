"""The agreement table on the screen: all its cells drawn at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView, QWidget

from ui.canvas import method_colours, symbol
from ui.look import tones
from ui.panels.agreement_table import AgreementTable, Index, NumbersLast
from ui.widgets.later_drawing import LaterDrawing

ROW_HEIGHT = 28
_MOST_WIDTHS = 2000


class AgreementGrid(QTableView):
    """Draws a method by colour and symbol, numbers right-aligned.

    Not cell by cell through a delegate: all numbers change with the step, and the way to the
    delegate and back costs more than the drawing.
    """

    def __init__(
        self, table: AgreementTable, sorted_: NumbersLast, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table, self._sorted = table, sorted_
        self.setModel(sorted_)
        self.later = LaterDrawing(self.viewport())
        self._measured = QFont()
        self._metrics = QFontMetricsF(self._measured)
        self._widths: dict[str, float] = {}

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Draw new numbers once the panels that they belong to are drawn."""
        if QAccessible.isActive():
            super().dataChanged(first, last, roles)
        else:
            self.later.ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are seen."""
        font, palette = self.font(), self.palette()
        if font != self._measured:
            self._measured, self._metrics = QFont(font), QFontMetricsF(font)
            self._widths.clear()
        text, hairline = tones.text(palette), tones.hairline(palette)
        places = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(self._sorted.columnCount())
            if not self.isColumnHidden(column)
        ]
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(self._sorted.rowCount()):
            line = QRect(0, self.rowViewportPosition(place), self.viewport().width(), ROW_HEIGHT)
            if not line.intersects(event.rect()):
                continue
            area = QRectF(line)
            if self.selectionModel().isRowSelected(place):
                wash = tones.accent(palette)
                wash.setAlpha(46)
                painter.fillRect(area, wash)
            painter.fillRect(QRectF(0, area.bottom() - 1, area.width(), 1), hairline)
            number = self._sorted.mapToSource(self._sorted.index(place, 0)).row()
            baseline = area.center().y() + self._metrics.capHeight() / 2
            painter.setFont(font)
            painter.setPen(text)
            for column, left, wide in places:
                if column:
                    words = self._table.words(number, column)
                    right = left + wide - 6 - self._width(words)
                    painter.drawText(QPointF(right, baseline), words)
                else:
                    self._method(painter, number, QPointF(left, baseline), area.center().y())

    def _method(self, painter: QPainter, number: int, left: QPointF, middle: float) -> None:
        row, palette = self._table.row(number), self.palette()
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(method_colours.colour(row.content, palette))
        painter.drawEllipse(QPointF(left.x() + 6, middle), 3, 3)
        start = QPointF(left.x() + 16, left.y())
        symbol.paint(painter, start, row.symbol, self._measured, tones.text(palette))
        painter.restore()

    def _width(self, words: str) -> float:
        width = self._widths.get(words)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[words] = self._metrics.horizontalAdvance(words)
        return width
