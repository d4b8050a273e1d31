"""The colour bar beside a map: its colours, an axis of their values, arrows beyond the ends."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsPolygonItem, QWidget

from memlens.maps.scale import Scale
from memlens.methods.registry import MAP_KINDS
from ui.canvas import colormaps
from ui.language.translation import tr
from ui.look import tones
from ui.look.graphs import name_viewport, pg
from ui.view import numbers
from ui.view.view_state import FloatArray, PanelView

_BAR, _GAP, _ARROW = 8, 4, 5
_TALLEST, _SHORTEST = 320, 16
# How far an axis puts its label beyond its own room.
_NUDGED = 5
# Beyond as many letters a number is written with an exponent.
_LONGEST = 7


class ColourBar(pg.GraphicsView):
    """Takes its room even without a map, so that the pictures of all panels line up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.built = False
        super().__init__(parent)
        name_viewport(self)
        self._view: PanelView | None = None
        self._how: tuple[str, bool] = (colormaps.DEFAULT, False)
        self._range: tuple[float, float] | None = None
        self._measured: FloatArray | None = None
        self._colours = QGraphicsPixmapItem()
        self._colours.setTransformationMode(Qt.TransformationMode.FastTransformation)
        self._arrows = (QGraphicsPolygonItem(), QGraphicsPolygonItem())
        self._axis = pg.AxisItem("right", maxTickLength=0)
        self._axis.setRange(0, 1)
        self._axis.label.document().setDocumentMargin(0)
        for item in (self._colours, *self._arrows, self._axis):
            self.addItem(item)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self.built = True
        self._tint()

    def show_view(self, view: PanelView, colormap: str, log_scale: bool = False) -> None:
        """Draw the bar of `view`'s map through `colormap`."""
        before, self._view = self._view, view
        measured = view.values is not self._measured
        if measured:
            self._measured, self._range = view.values, _range(view.values)
        how = (colormap, log_scale)
        same = before is not None and how == self._how
        if same and before is not None and _facts(before) == _facts(view):
            if measured:
                self._show_arrows()
            return
        self._how = how
        self._draw()

    def toolTip(self) -> str:
        """Return what the bar says in words, made when they are asked for."""
        return self._words()

    def event(self, event: QEvent) -> bool:
        """Make the words of the tooltip; take the colours of another theme."""
        if event.type() is QEvent.Type.ToolTip:
            self.setToolTip(self._words())
        made = bool(super().event(event))
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self.built:
            self._tint()
            self._draw()
        return made

    def sizeHint(self) -> QSize:
        """As wide as a bar with its numbers, and its units upright beside them."""
        metrics = QFontMetricsF(self._small())
        wide = _BAR + 3 * _GAP + metrics.horizontalAdvance("−0.0025")
        return QSize(round(wide + metrics.height()), 80)

    def minimumSizeHint(self) -> QSize:
        """As wide as a bar with its numbers."""
        return QSize(self.sizeHint().width(), 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the bar out anew."""
        super().resizeEvent(event)
        if self.built:
            self._draw()

    def _draw(self) -> None:
        view, bar = self._view, self._bar()
        there = view is not None and view.values is not None and bar.height() >= _SHORTEST
        for item in (self._colours, self._axis):
            item.setVisible(there)
        self._show_arrows()
        if view is None or not there:
            return
        colormap, log_scale = self._how
        self._colours.setPixmap(colormaps.strip(colormap))
        self._colours.setPos(bar.topLeft())
        self._colours.setTransform(
            pg.QtGui.QTransform.fromScale(bar.width(), bar.height() / colormaps.SIZE)
        )
        scale = Scale.of(view.levels, log_scale)
        metrics = QFontMetricsF(self._small())
        most = max(2, min(6, int(bar.height() / (metrics.height() * 1.7)) + 1))
        ticks = [(scale.share(mark), _short(mark, words)) for mark, words in scale.ticks(most)]
        self._axis.setTicks([ticks])
        said = _fitting(units_of(view), scale.words(), metrics, self.height())
        self._axis.setLabel(said or None, color=tones.quiet_text(self.palette()).name())
        self._axis.showLabel(bool(said))
        left = bar.right()
        self._axis.setGeometry(QRectF(left, bar.top(), self.width() - left - _NUDGED, bar.height()))

    def _bar(self) -> QRectF:
        top = _ARROW + QFontMetricsF(self._small()).height() / 2
        room = self.height() - 2 * top
        height = min(room, _TALLEST)
        return QRectF(_GAP, round(top + (room - height) / 2), _BAR, round(height))

    def _show_arrows(self) -> None:
        """Say with an arrow that there are values beyond an end."""
        bar, there = self._bar(), self._axis.isVisible()
        ends = ((bar.bottom() + 1, _ARROW), (bar.top() - 1, -_ARROW))
        for arrow, beyond, (base, tip) in zip(self._arrows, self._beyond(), ends, strict=True):
            arrow.setVisible(beyond and there)
            middle, half = bar.center().x(), bar.width() / 2
            corners = ((middle - half, base), (middle + half, base), (middle, base + tip))
            arrow.setPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _beyond(self) -> tuple[bool, bool]:
        """Whether there are values below and above the levels."""
        if self._range is None or self._view is None:
            return False, False
        low, high = self._view.levels
        return self._range[0] < low, self._range[1] > high

    def _tint(self) -> None:
        quiet = tones.quiet_text(self.palette())
        self.setBackground(tones.sunken(self.palette()))
        self._axis.setPen(pg.mkPen(None))
        self._axis.setTextPen(pg.mkPen(quiet))
        self._axis.setStyle(tickFont=self._small(), tickTextOffset=_GAP)
        self._axis.label.setFont(self._small())
        for arrow in self._arrows:
            arrow.setPen(Qt.PenStyle.NoPen)
            arrow.setBrush(quiet)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.0))
        return font

    def _words(self) -> str:
        view = self._view
        if view is None or view.values is None or self._range is None:
            return ""
        low, high = (numbers.short(level) for level in view.levels)
        least, most = (numbers.short(value) for value in self._range)
        units = f" {units_of(view)}" if units_of(view) else ""
        words = self.tr("Colours run from {0} to {1}{2}; the values from {3} to {4}.").format(
            low, high, units, least, most
        )
        scale = Scale.of(view.levels, self._how[1]).words()
        return f"{words} {self.tr('Scale: {0}.').format(scale)}" if scale else words


def units_of(view: PanelView) -> str:
    """Return what the bar's numbers are in, "" for a map that is the same in every unit."""
    kind = MAP_KINDS.get(view.content)
    if kind is not None and kind.method.startswith("bright-ending"):
        return tr("share of attention")
    return view.units or ("" if kind is None or kind.signed else tr("canonical units"))


def _facts(view: PanelView) -> tuple[object, ...]:
    return (view.content, view.levels, view.units, view.values is None)


def _short(mark: float, words: str) -> str:
    """Return a number that leaves room for the units beside it."""
    return words if len(words) <= _LONGEST else numbers.brief(mark)


def _fitting(units: str, scale: str, metrics: QFontMetricsF, room: float) -> str:
    """Return units and scale in as many whole words as fit: half a word misleads."""
    short = tr("canonical") if units == tr("canonical units") else ""
    for said in ((units, scale), (short, scale), (scale or short,)):
        words = " · ".join(filter(None, said))
        if metrics.horizontalAdvance(words) <= room:
            return words
    return ""


def _range(values: FloatArray | None) -> tuple[float, float] | None:
    if values is None:
        return None
    # What is missing is passed over, unless there is nothing else.
    low = float(np.fmin.reduce(values, axis=None))
    return None if math.isnan(low) else (low, float(np.fmax.reduce(values, axis=None)))
