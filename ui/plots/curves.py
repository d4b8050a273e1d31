"""How the shown methods find the mask at every threshold: precision–recall, ROC, IoU."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.canvas import method_colours, symbol
from ui.language.translation import tr
from ui.look import tones
from ui.look.graphs import pg
from ui.plots.plot import Column, Plot
from ui.view import numbers
from ui.view.view_state import AgreementRow
from ui.widgets.segmented import Segmented

_HEIGHT = 168
_FINEST_PX = 2.0
_MARKS = [[(mark, numbers.tick(mark, 0.5)) for mark in (0.0, 0.5, 1.0)]]
Numbers = NDArray[np.float64]


class Kind(StrEnum):
    """What is drawn against what."""

    PRECISION_RECALL = "precision-recall"
    ROC = "roc"
    IOU = "iou"


class AgreementCurves(QWidget):
    """The plot, and a choice of what it draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Segmented(
            self.tr("Curves"),
            (
                (
                    Kind.PRECISION_RECALL,
                    self.tr("PR"),
                    self.tr("Precision against recall at every threshold."),
                ),
                (
                    Kind.ROC,
                    self.tr("ROC"),
                    self.tr("True positives found against false ones, at every threshold."),
                ),
                (
                    Kind.IOU,
                    self.tr("IoU"),
                    self.tr("IoU of the predicted mask at every threshold."),
                ),
            ),
            self,
        )
        self.plot = CurvePlot(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kind)
        column.addWidget(self.plot)
        self.kind.show_choice(self.plot.kind)
        self.kind.chosen.connect(self._choose)

    def _choose(self, kind: object) -> None:
        self.plot.choose(Kind(str(kind)))
        self.kind.show_choice(self.plot.kind)


class CurvePlot(Plot):
    """One curve per method, in the colour that the method has everywhere."""

    # Of the class, since the base takes its first colours before an instance has any.
    _curves_are_old = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("agreement", parent, zooms=True)
        self.kind = Kind.PRECISION_RECALL
        self.drawn = 0
        self._rows: tuple[AgreementRow, ...] = ()
        self._chosen = False
        self._lines: dict[str, pg.PlotCurveItem] = {}
        self._points = pg.ScatterPlotItem(size=9)
        self._points.setZValue(20)
        self._chance = pg.PlotCurveItem()
        for item in (self._chance, self._points):
            self.item.addItem(item, ignoreBounds=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setToolTip(
            self.tr(
                "The shown methods at every threshold. The dot is the chosen threshold, or the "
                "one of best IoU while none is chosen; the dotted line is chance."
            )
        )
        # Room for half a number at the right end.
        self.item.layout.setContentsMargins(1, 6, 12, 1)
        self._axes()

    @property
    def curves(self) -> tuple[str, ...]:
        """The content of the curves that are drawn."""
        return tuple(row.content for row in self._rows)

    def choose(self, kind: Kind) -> None:
        """Draw something else of the same rows."""
        self.kind = kind
        self._axes()
        self.draw()

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
        before, self._rows = self._rows, known
        same = [(r.content, id(r.recall), id(r.precision), r.scale) for r in before] == [
            (r.content, id(r.recall), id(r.precision), r.scale) for r in known
        ]
        places = [(r.precision_at_chosen, r.recall_at_chosen, r.threshold) for r in known]
        if same and chosen == self._chosen:
            if places == [(r.precision_at_chosen, r.recall_at_chosen, r.threshold) for r in before]:
                return
        self._chosen = chosen
        words = ", ".join(
            self.tr("{0}: precision {1}, recall {2}").format(
                symbol.plain(row.symbol),
                numbers.short(row.precision_at_chosen, 2),
                numbers.short(row.recall_at_chosen, 2),
            )
            for row in known
        )
        self.setAccessibleName(self.tr("Precision against recall. {0}").format(words))
        self._curves_are_old = self._curves_are_old or not same
        self.draw_later()

    def point_of(self, row: AgreementRow) -> QPointF:
        """Return where the point of a row lies in the widget."""
        x, y = self._point(row)
        return QPointF(self.item.vb.mapViewToScene(QPointF(x, y)))

    def sizeHint(self) -> QSize:
        """As wide as the column."""
        return QSize(240, _HEIGHT)

    def draw(self) -> None:
        """Draw the curves, if they are others, and their points."""
        if self._curves_are_old:
            self._curves_are_old = False
            self._draw_curves()
        palette, spots = self.palette(), []
        for row in self._rows:
            x, y = self._point(row)
            if math.isfinite(x) and math.isfinite(y):
                colour = method_colours.colour(row.content, palette)
                ground = tones.sunken(palette)
                pen = pg.mkPen(ground if self._chosen else colour, width=1.75)
                brush = pg.mkBrush(colour if self._chosen else ground)
                spots.append({"pos": (x, y), "pen": pen, "brush": brush})
        self._points.setData(spots)

    def columns(self) -> list[Column]:
        """Return x and y of each curve."""
        made: list[Column] = []
        for row in self._rows:
            for name, values in zip(self._names(), self._curve(row), strict=True):
                made.append((f"{symbol.plain(row.symbol)} {name}", values))
        return made

    def reading(self, x: float) -> str:
        """Return the height of each curve at `x`."""
        parts = []
        for row in self._rows:
            across, up = self._curve(row)
            known = np.isfinite(across) & np.isfinite(up)
            order = np.argsort(across[known], kind="stable")
            if known.any() and across[known].min() <= x <= across[known].max():
                y = float(np.interp(x, across[known][order], up[known][order]))
                parts.append(f"{symbol.plain(row.symbol)} {numbers.short(y, 2)}")
        named = {
            Kind.PRECISION_RECALL: tr("recall {x}: precision {parts}"),
            Kind.ROC: tr("false positives {x}: found {parts}"),
            Kind.IOU: tr("threshold {x}: IoU {parts}"),
        }[self.kind]
        said = named.format(x=numbers.short(x, 2), parts=", ".join(parts))
        return said if parts else ""

    def tint(self) -> None:
        """Take the colours of the palette."""
        super().tint()
        self._curves_are_old = True

    def _names(self) -> tuple[str, str]:
        return {
            Kind.PRECISION_RECALL: (self.tr("recall"), self.tr("precision")),
            Kind.ROC: (self.tr("false positive rate"), self.tr("true positive rate")),
            Kind.IOU: (self.tr("threshold"), self.tr("IoU")),
        }[self.kind]

    def _axes(self) -> None:
        self._curves_are_old = True
        across, up = self._names()
        for name, words in (("bottom", across), ("left", up)):
            axis = self.item.getAxis(name)
            axis.setTicks(None if (name, self.kind) == ("bottom", Kind.IOU) else _MARKS)
            axis.enableAutoSIPrefix(False)
            axis.setLabel(words, color=tones.quiet_text(self.palette()).name())

    def _draw_curves(self) -> None:
        self.drawn += 1
        palette = self.palette()
        for gone in set(self._lines) - set(self.curves):
            self.item.removeItem(self._lines.pop(gone))
        for row in self._rows:
            if row.content not in self._lines:
                self._lines[row.content] = pg.PlotCurveItem(connect="finite")
                self.item.addItem(self._lines[row.content], ignoreBounds=True)
            line = self._lines[row.content]
            line.setData(*thinned(*self._curve(row), self._finest()))
            line.setPen(pg.mkPen(method_colours.colour(row.content, palette), width=1.75))
        quiet = pg.mkPen(tones.quiet_text(palette), style=Qt.PenStyle.DotLine)
        self._chance.setPen(quiet)
        share = self._share()
        ends = (0.0, 1.0) if self.kind is Kind.ROC else (share, share)
        across = np.array([0.0, 1.0])
        if self.kind is Kind.IOU:
            across = self._reach()
        self._chance.setData(across, np.array(ends) if math.isfinite(share) else across * math.nan)
        low, high = across
        pad = 0.02 * (high - low)
        self.show_range(QRectF(low - pad, -0.02, high - low + 2 * pad, 1.04))

    def _finest(self) -> tuple[float, float]:
        """Return how much of both axes is less than can be seen."""
        box = self.item.vb
        wide = float(np.diff(self._reach())[0]) if self.kind is Kind.IOU else 1.0
        return _FINEST_PX * wide / max(1.0, box.width()), _FINEST_PX / max(1.0, box.height())

    def _reach(self) -> Numbers:
        ends = [row.thresholds * row.scale for row in self._rows if row.thresholds is not None]
        if not ends:
            return np.array([0.0, 1.0])
        low, high = min(float(e.min()) for e in ends), max(float(e.max()) for e in ends)
        return np.array([low, high if high > low else low + 1.0])

    def _share(self) -> float:
        """Return the mask's share of the picture: the precision of predicting all of it."""
        precisions = (row.precision for row in self._rows if row.precision is not None)
        return next((float(each[-1]) for each in precisions), math.nan)

    def _curve(self, row: AgreementRow) -> tuple[Numbers, Numbers]:
        nothing = np.zeros(0)
        if row.recall is None or row.precision is None:
            return nothing, nothing
        recall, precision = row.recall.astype(float), row.precision.astype(float)
        if self.kind is Kind.PRECISION_RECALL:
            return recall, precision
        if self.kind is Kind.ROC:
            return self._false(precision, recall, float(precision[-1])), recall
        if row.thresholds is None or row.ious is None:
            return nothing, nothing
        return row.thresholds.astype(float) * row.scale, row.ious.astype(float)

    def _point(self, row: AgreementRow) -> tuple[float, float]:
        precision, recall = row.precision_at_chosen, row.recall_at_chosen
        if self.kind is Kind.PRECISION_RECALL or row.precision is None:
            return recall, precision
        if self.kind is Kind.ROC:
            share = float(row.precision[-1])
            return float(self._false(np.array(precision), np.array(recall), share)), recall
        iou = row.iou_at_chosen if self._chosen else row.iou
        return self._threshold_of(row), iou

    def _threshold_of(self, row: AgreementRow) -> float:
        if not self._chosen or row.thresholds is None or row.recall is None:
            return row.threshold
        # Recall falls as the threshold rises: it tells which one was chosen.
        at = np.interp(row.recall_at_chosen, row.recall, row.thresholds)
        return float(at) * row.scale

    @staticmethod
    def _false(precision: Numbers, recall: Numbers, share: float) -> Numbers:
        """Return the share of what is outside the mask that is predicted, FP / N.

        With TP = recall · P and FP = TP (1 − precision) / precision, P the pixels of the mask.
        """
        if not 0 < share < 1:
            return np.full_like(recall, math.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            wrong = recall * (1 - precision) / precision
        made: Numbers = np.where(recall == 0, 0.0, wrong) * share / (1 - share)
        return made


def thinned(across: Numbers, up: Numbers, finest: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """Return the known points of a curve: its ends, and one wherever it has moved.

    Points within the same cell as the one before are left out: a curve has a point per
    threshold, far more than can be seen, and all of them would be drawn at every step.
    """
    known = np.isfinite(across) & np.isfinite(up)
    across, up = across[known], up[known]
    cells = np.stack((across // finest[0], up // finest[1]))
    moved = np.ones(len(across), bool)
    moved[1:-1] = (cells[:, 1:-1] != cells[:, :-2]).any(axis=0)
    return across[moved], up[moved]
