"""The legend of the curves: a colour and a symbol for each method, and what is measured."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas import method_colours, symbol
from ui.look import tones
from ui.view import numbers
from ui.view.view_state import Curve, TimelineView
from ui.widgets.later_drawing import LaterDrawing

_GAP = 14.0
_LINE = 12.0
_BESIDE, _ALONE = 28, 20


class Legend(QWidget):
    """One line, each method with its number at the chosen step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[Curve, float], ...] = ()
        self._label = ""
        self._alone = False
        # Where the numbers go, left end of the baseline; they alone change with the step.
        self._places: list[QPointF] = []
        self.later = LaterDrawing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_alone(self, alone: bool) -> None:
        """Begin at the left of a line of its own, or end at the right beside other things."""
        self._alone = alone
        self.setFixedHeight(_ALONE if alone else _BESIDE)
        self.updateGeometry()

    def show_view(self, view: TimelineView) -> None:
        """Show the curves of `view`."""
        entries = tuple(
            (curve, float(curve.values[view.step]))
            for curve in view.curves
            if 0 <= view.step < len(curve.values)
        )
        same = self._label == view.curves_label and _names(entries) == _names(self._entries)
        self._entries, self._label = entries, view.curves_label
        words = ", ".join(
            f"{symbol.plain(curve.symbol)} {numbers.short(value, 2)}" for curve, value in entries
        )
        self.setAccessibleName(f"{self._label}: {words}" if entries else "")
        if same:
            # Numbers alone, which can wait until what moves is drawn.
            self.later.ask()
        else:
            self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, _ALONE if self._alone else _BESIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is measured and the entries, as many as fit."""
        painter = QPainter(self)
        self._paint_names(painter)
        painter.setFont(self.font())
        painter.setPen(tones.quiet_text(self.palette()))
        for place, (_, value) in zip(self._places, self._entries, strict=False):
            painter.drawText(place, numbers.short(value, 2))

    def _paint_names(self, painter: QPainter) -> None:
        palette = self.palette()
        font = QFont(self.font())
        metrics = QFontMetricsF(font)
        baseline = self.height() / 2 + metrics.capHeight() / 2
        x = float(self.width())
        left = metrics.horizontalAdvance(self._label) + _GAP
        curves = [curve for curve, _ in self._entries]
        rooms = [6 + metrics.horizontalAdvance(_widest(curve)) for curve in curves]
        widths = [
            _LINE + 4 + symbol.width(curve.symbol, font) + room
            for curve, room in zip(curves, rooms, strict=True)
        ]
        # A colour without its number tells more than a number without its neighbours.
        numbered = sum(widths) + _GAP * len(widths) + left <= x
        if not numbered:
            widths = [width - room for width, room in zip(widths, rooms, strict=True)]
            # The axis says what is measured too.
            left = 0.0
        while curves and sum(widths) + _GAP * (len(widths) - 1) + left > x:
            curves.pop()
            widths.pop()
        self._places = []
        if not curves:
            return
        x = left if self._alone else x - (sum(widths) + _GAP * (len(widths) - 1))
        if numbered:
            painter.setPen(tones.quiet_text(palette))
            painter.drawText(QPointF(x - left, baseline), self._label)
        for curve, width in zip(curves, widths, strict=True):
            colour = method_colours.colour(curve.content, palette)
            middle = self.height() / 2
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            cap = Qt.PenCapStyle.RoundCap
            painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, cap))
            painter.drawLine(QPointF(x + 1, middle), QPointF(x + _LINE - 1, middle))
            drawn = symbol.paint(
                painter, QPointF(x + _LINE + 4, baseline), curve.symbol, font, tones.text(palette)
            )
            if numbered:
                self._places.append(QPointF(x + _LINE + 10 + drawn, baseline))
            x += width + _GAP


def _widest(curve: Curve) -> str:
    """Return as wide a number as any of the curve's is written, the same at every step."""
    sizes = np.abs(curve.values[np.isfinite(curve.values)])
    tiny = bool(((sizes > 0) & (sizes < numbers.TINY)).any())
    return "−0.0e−0" if tiny or bool((sizes >= numbers.HUGE).any()) else "−0.000"


def _names(entries: tuple[tuple[Curve, float], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((curve.content, curve.symbol) for curve, _ in entries)
