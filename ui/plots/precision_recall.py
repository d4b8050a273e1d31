"""Precision against recall of the shown methods, with the point of the chosen threshold."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas import method_colours, symbol
from ui.canvas.still_layer import StillLayer
from ui.look import tones
from ui.view import numbers
from ui.view.view_state import AgreementRow
from ui.widgets.later_drawing import LaterDrawing

_HEIGHT = 168
_LEFT, _RIGHT, _TOP, _FOOT = 28, 10, 8, 32
_MARKS = (0.0, 0.5, 1.0)
_FINEST_PX = 2.0


class PrecisionRecall(QWidget):
    """One curve per method, in the colour that the method has everywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AgreementRow, ...] = ()
        self._chosen = False
        # Axes stay when the step changes, curves too while the threshold moves.
        self._ground = StillLayer(self, self._paint_ground)
        self.still = StillLayer(self, self._paint_curves)
        self._drawn = 0
        self.later = LaterDrawing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setToolTip(
            self.tr(
                "Precision and recall of the shown methods at every threshold. The dot is the "
                "chosen threshold, or the one of best IoU while none is chosen; the dotted line "
                "is the precision of chance, the mask's share of the picture."
            )
        )

    @property
    def curves(self) -> tuple[str, ...]:
        """The content of the curves that are drawn."""
        return tuple(row.content for row in self._rows)

    def show_rows(self, rows: tuple[AgreementRow, ...], *, chosen: bool) -> None:
        """Show the curves of `rows` that have one.

        Parameters
        ----------
        chosen
            Whether the rows' precision and recall are those of a chosen threshold.
        """
        known = tuple(
            row
            for row in rows
            if row.recall is not None and len(row.recall) and not math.isnan(float(row.recall[-1]))
        )
        now = [(row.content, row.precision_at_chosen, row.recall_at_chosen) for row in known]
        before = [(r.content, r.precision_at_chosen, r.recall_at_chosen) for r in self._rows]
        curves = [(row.content, id(row.recall), id(row.precision)) for row in known]
        same = curves == [(r.content, id(r.recall), id(r.precision)) for r in self._rows]
        if same and now == before and chosen == self._chosen:
            return
        self._drawn += not same
        self._rows, self._chosen = known, chosen
        words = ", ".join(
            self.tr("{0}: precision {1}, recall {2}").format(
                symbol.plain(row.symbol),
                numbers.short(row.precision_at_chosen, 2),
                numbers.short(row.recall_at_chosen, 2),
            )
            for row in known
        )
        self.setAccessibleName(self.tr("Precision against recall. {0}").format(words))
        self.later.ask()

    def point_of(self, row: AgreementRow) -> QPointF:
        """Return where the point of a row lies."""
        return self._place(row.recall_at_chosen, row.precision_at_chosen)

    def sizeHint(self) -> QSize:
        """As wide as the column."""
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axes, the curves and the points."""
        painter = QPainter(self)
        palette = self.palette()
        self._ground.draw(painter, None)
        self.still.draw(painter, self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in self._rows:
            if math.isnan(row.recall_at_chosen) or math.isnan(row.precision_at_chosen):
                continue
            colour = method_colours.colour(row.content, palette)
            painter.setPen(QPen(tones.sunken(palette) if self._chosen else colour, 1.75))
            painter.setBrush(colour if self._chosen else tones.sunken(palette))
            painter.drawEllipse(self.point_of(row), 4.5, 4.5)

    def _paint_ground(self, painter: QPainter) -> None:
        plot = self._plot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.sunken(self.palette()))
        painter.drawRoundedRect(plot.adjusted(-6, -6, 6, 6), 4, 4)
        self._axes(painter, plot)

    def _paint_curves(self, painter: QPainter) -> None:
        palette, plot = self.palette(), self._plot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._chance(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row in self._rows:
            painter.setPen(QPen(method_colours.colour(row.content, palette), 1.75))
            painter.drawPolyline(curve_points(row, plot))

    def _axes(self, painter: QPainter, plot: QRectF) -> None:
        palette = self.palette()
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for mark in _MARKS:
            words = numbers.tick(mark, 0.5)
            at = self._place(mark, mark)
            painter.setPen(QPen(tones.hairline(palette), 1))
            painter.drawLine(QPointF(plot.left(), at.y()), QPointF(plot.right(), at.y()))
            painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()))
            painter.setPen(tones.quiet_text(palette))
            wide = metrics.horizontalAdvance(words)
            foot = plot.bottom() + 8 + metrics.ascent()
            x = min(max(at.x() - wide / 2, plot.left() - 6), plot.right() + 6 - wide)
            painter.drawText(QPointF(x, foot), words)
            baseline = at.y() + metrics.capHeight() / 2
            painter.drawText(QPointF(plot.left() - 10 - wide, baseline), words)
        words = self.tr("recall")
        middle = plot.left() + plot.width() * 0.25 - metrics.horizontalAdvance(words) / 2
        painter.drawText(QPointF(middle, plot.bottom() + 8 + metrics.ascent()), words)
        words = self.tr("precision")
        painter.save()
        painter.translate(plot.left() - 14, plot.top() + plot.height() * 0.75)
        painter.rotate(-90)
        painter.drawText(QPointF(-metrics.horizontalAdvance(words) / 2, 0), words)
        painter.restore()

    def _chance(self, painter: QPainter) -> None:
        chance = next(
            (float(row.precision[-1]) for row in self._rows if row.precision is not None), math.nan
        )
        if math.isfinite(chance):
            painter.setPen(QPen(tones.quiet_text(self.palette()), 1, Qt.PenStyle.DotLine))
            painter.drawLine(self._place(0, chance), self._place(1, chance))

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT + 6, _TOP, -_RIGHT, -_FOOT + 6)

    def _place(self, recall: float, precision: float) -> QPointF:
        plot = self._plot()
        return QPointF(
            plot.left() + recall * plot.width(), plot.bottom() - precision * plot.height()
        )


def curve_points(row: AgreementRow, plot: QRectF) -> list[QPointF]:
    """Return the curve of `row` within `plot`: its ends, and a point wherever it has moved.

    Points within the same 2 px of the one before are left out: a curve has a point per
    threshold, far more than can be seen, and all of them would be drawn at every step.
    """
    assert row.recall is not None and row.precision is not None
    known = np.isfinite(row.recall) & np.isfinite(row.precision)
    x = plot.left() + row.recall[known] * plot.width()
    y = plot.bottom() - row.precision[known] * plot.height()
    cells = np.stack((x, y)) // _FINEST_PX
    moved = np.ones(len(x), bool)
    moved[1:-1] = (cells[:, 1:-1] != cells[:, :-2]).any(axis=0)
    return [QPointF(*point) for point in zip(x[moved].tolist(), y[moved].tolist(), strict=True)]
