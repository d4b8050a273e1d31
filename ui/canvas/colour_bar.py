"""The colour bar beside a map: the two levels, round numbers between, units, arrows beyond."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from memlens.maps.scale import Scale
from memlens.methods.registry import MAP_KINDS
from ui.canvas import colormaps
from ui.canvas.still_layer import StillLayer
from ui.language.translation import tr
from ui.look import tones
from ui.view import numbers
from ui.view.view_state import FloatArray, PanelView

_BAR = 8
_GAP = 4
_ARROW = 5
_TALLEST = 320
_SHORTEST = 16


class ColourBar(QWidget):
    """Takes its room even without a map, so that the pictures of all panels line up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: PanelView | None = None
        self._colormap = colormaps.DEFAULT
        self._log_scale = False
        self._range: tuple[float, float] | None = None
        self._measured: FloatArray | None = None
        self._drawn: tuple[object, ...] | None = None
        self.still = StillLayer(self, self._paint_still)

    def show_view(self, view: PanelView, colormap: str, log_scale: bool = False) -> None:
        """Draw the bar of `view`'s map through `colormap`."""
        before = self._view
        self._view = view
        if view.values is not self._measured:
            self._measured = view.values
            self._range = _range(view.values)
        elif (
            before is not None
            and (before.content, before.levels, before.units)
            == (view.content, view.levels, view.units)
            and (colormap, log_scale) == (self._colormap, self._log_scale)
        ):
            return
        self._colormap, self._log_scale = colormap, log_scale
        how = (view.content, view.levels, view.units, colormap, log_scale)
        drawn = (view.values is None, self._beyond(), *how)
        if drawn != self._drawn:
            self._drawn = drawn
            self.update()

    def toolTip(self) -> str:
        """Return what the bar says in words, made when they are asked for."""
        return self._words()

    def event(self, event: QEvent) -> bool:
        """Make the words of the tooltip."""
        if event.type() is QEvent.Type.ToolTip:
            self.setToolTip(self._words())
        return super().event(event)

    def sizeHint(self) -> QSize:
        """As wide as a bar with its numbers."""
        metrics = QFontMetricsF(self._small())
        wide = _BAR + 3 * _GAP + metrics.horizontalAdvance("−0.0025")
        # Room for units whether there are any or not: all pictures keep one size.
        return QSize(round(wide + metrics.height()), 80)

    def minimumSizeHint(self) -> QSize:
        """As wide as a bar with its numbers."""
        return QSize(self.sizeHint().width(), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bar, arrows, ticks and units."""
        painter = QPainter(self)
        view = self._view
        if view is None or view.values is None:
            painter.fillRect(self.rect(), tones.sunken(self.palette()))
            return
        state = (view.content, view.levels, view.units, self._colormap, self._log_scale)
        self.still.draw(painter, state)
        bar = self._bar()
        if bar.height() >= _SHORTEST:
            self._arrows(painter, bar)

    def _bar(self) -> QRectF:
        tall = QFontMetricsF(self._small()).height()
        top = _ARROW + tall / 2
        room = self.height() - 2 * top
        height = min(room, _TALLEST)
        return QRectF(_GAP, round(top + (room - height) / 2), _BAR, round(height))

    def _paint_still(self, painter: QPainter) -> None:
        """Draw all but the arrows, which alone change with the step."""
        painter.fillRect(self.rect(), tones.sunken(self.palette()))
        view, bar = self._view, self._bar()
        if view is None or bar.height() < _SHORTEST:
            return
        painter.setFont(self._small())
        metrics = QFontMetricsF(painter.font())
        palette = self.palette()
        painter.drawImage(bar, colormaps.strip(self._colormap))
        painter.setPen(QPen(tones.hairline(palette), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        scale = Scale.of(view.levels, self._log_scale)
        most = max(2, min(6, int(bar.height() / (metrics.height() * 1.7)) + 1))
        painter.setPen(tones.quiet_text(palette))
        left = bar.right() + _GAP
        above = bar.bottom() + metrics.height()
        for mark, words in scale.ticks(most):
            y = bar.bottom() - scale.share(mark) * bar.height()
            if above - y < metrics.height() * 0.9:
                continue
            above = y
            painter.drawText(QPointF(left, y + metrics.ascent() / 2 - 1), words)
        words = _fitting(units_of(view), scale.words(), metrics, self.height())
        if words:
            # Upright along the right edge, where there is no room for words across.
            painter.translate(self.width() - metrics.descent() - 1, self.height() / 2)
            painter.rotate(-90)
            painter.drawText(QPointF(-metrics.horizontalAdvance(words) / 2, 0), words)

    def _arrows(self, painter: QPainter, bar: QRectF) -> None:
        """Say with an arrow that there are values beyond an end."""
        below, above = self._beyond()
        middle = bar.center().x()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if below:
            painter.setBrush(tones.quiet_text(self.palette()))
            y = bar.bottom() + 1
            painter.drawPolygon(_triangle(middle, y, y + _ARROW))
        if above:
            painter.setBrush(tones.quiet_text(self.palette()))
            y = bar.top() - 1
            painter.drawPolygon(_triangle(middle, y, y - _ARROW))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _beyond(self) -> tuple[bool, bool]:
        """Whether there are values below and above the levels."""
        if self._range is None or self._view is None:
            return False, False
        low, high = self._view.levels
        return self._range[0] < low, self._range[1] > high

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
        scale = Scale.of(view.levels, self._log_scale).words()
        return f"{words} {self.tr('Scale: {0}.').format(scale)}" if scale else words


def units_of(view: PanelView) -> str:
    """Return what the bar's numbers are in, "" for a map that is the same in every unit."""
    kind = MAP_KINDS.get(view.content)
    if kind is not None and kind.method == "bright-ending":
        return tr("share of attention")
    return view.units or ("" if kind is None or kind.signed else tr("canonical units"))


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


def _triangle(middle: float, base: float, tip: float) -> QPolygonF:
    half = _BAR / 2
    return QPolygonF(
        [QPointF(middle - half, base), QPointF(middle + half, base), QPointF(middle, tip)]
    )
