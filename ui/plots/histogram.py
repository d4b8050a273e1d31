"""The histogram of the active panel's map, with the two levels and the threshold as handles."""

from __future__ import annotations

import math
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from memlens.maps.scale import Scale
from ui.canvas import colormaps
from ui.canvas.outline import PREDICTED_LINE
from ui.language.translation import tr
from ui.look import tones
from ui.look.graphs import pg
from ui.plots.plot import Column, Plot
from ui.view import numbers
from ui.view.view_state import FloatArray, PanelView

_BINS = 64
_REACH = 7.0


class Handle(StrEnum):
    """What can be dragged."""

    LOW = "low"
    HIGH = "high"
    THRESHOLD = "threshold"


class Histogram(Plot):
    """Bars in the colours that the map has on the canvas, along the scale of its colours.

    Dragging a handle asks; what is drawn follows the view.
    """

    levels_chosen = Signal(float, float)
    levels_reset = Signal()
    threshold_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("histogram", parent)
        self._view: PanelView | None = None
        self._colormap = colormaps.DEFAULT
        self._threshold: float | None = None
        self._log_scale = False
        self._counted: FloatArray | None = None
        self._counts: FloatArray = np.zeros(_BINS, np.float32)
        self._axis = Scale(0.0, 1.0)
        # The levels of a map whose values are yet to be counted: when it is drawn, not before.
        self._uncounted: tuple[float, float] | None = None
        self._held: Handle | None = None
        self.drawn = 0
        self._bars = pg.BarGraphItem(x0=[], width=0.0, height=[])
        self._levels = pg.LinearRegionItem((0, 1), movable=False, brush=pg.mkBrush(None))
        self._line = pg.InfiniteLine(angle=90)
        for item in (self._bars, self._levels, self._line):
            self.item.addItem(item, ignoreBounds=True)
        for line in self._levels.lines:
            line.addMarker("o", 0.08, 8)
        self._line.addMarker("o", 0.92, 8)
        self._words = pg.TextItem(tr("The active panel shows no map."), anchor=(0.5, 0.5))
        self._words.setPos(0.5, 0.5)
        self.item.addItem(self._words, ignoreBounds=True)
        self.item.hideAxis("left")
        # Room for half a number at the right end.
        self.item.layout.setContentsMargins(1, 1, 10, 1)
        self.show_range(QRectF(-0.02, 0, 1.04, 1.06))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(96)
        self.setAccessibleName(self.tr("Histogram of the active panel's map"))
        self.setToolTip(
            self.tr(
                "How often each value occurs in the active panel's map (square-root scale). "
                "Drag the ends of the colormap, or the threshold: Left and Right move it too. "
                "A double click takes dragged ends back."
            )
        )
        self.tint()
        self.draw()

    def show_view(
        self,
        view: PanelView | None,
        colormap: str,
        threshold: float | None,
        log_scale: bool = False,
    ) -> None:
        """Show the map of `view`, None for none."""
        values = None if view is None else view.values
        levels = (0.0, 1.0) if view is None else view.levels
        before = (0.0, 1.0) if self._view is None else self._view.levels
        same = values is self._counted and levels == before and log_scale == self._log_scale
        looks = colormap == self._colormap
        if same and looks and threshold == self._threshold:
            self._view = view
            return
        self._view, self._colormap, self._threshold = view, colormap, threshold
        self._log_scale = log_scale
        if same and looks:
            self._show_handles()
            return
        stepped = values is not self._counted
        # The axis stays under the hand until it lets go.
        if stepped or self._held not in (Handle.LOW, Handle.HIGH):
            self._counted, self._uncounted = values, levels
        if stepped:
            self.draw_later()
        else:
            self.draw()

    def draw(self) -> None:
        """Draw the bars, the axis and the handles."""
        view, scale = self._view, self._scale()
        there = view is not None and view.values is not None
        self.drawn += 1
        for item in (self._bars, self._levels):
            item.setVisible(there)
        self._words.setVisible(not there)
        ticks = scale.ticks(max(2, self.width() // 48)) if there else []
        self.item.getAxis("bottom").setTicks([[(scale.share(at), words) for at, words in ticks]])
        if view is not None and there:
            middles = (np.arange(_BINS) + 0.5) / _BINS
            values = np.array([scale.value(place) for place in middles], np.float32)
            shares = Scale.of(view.levels, self._log_scale).shares(values)
            entries = np.round(255 * np.clip(shares, 0.0, 1.0)).astype(int)
            quiet = tones.faint_text(self.palette()).rgba()
            table = _legible(self._colormap, quiet, tones.is_dark(self.palette()))
            heights = np.sqrt(self._counts / max(float(self._counts.max()), 1.0))
            brushes = [pg.mkBrush(QColor.fromRgba(int(rgb))) for rgb in table[entries]]
            self._bars.setOpts(
                x0=middles - 0.5 / _BINS,
                width=0.8 / _BINS,
                height=np.where(heights > 0, np.maximum(heights, 0.02), 0),
                brushes=brushes,
                pen=pg.mkPen(None),
            )
        self._show_handles()

    def columns(self) -> list[Column]:
        """Return how often values occur: the middle of each bin, and a count."""
        scale = self._scale()
        middles = [scale.value((place + 0.5) / _BINS) for place in range(_BINS)]
        return [("value", np.array(middles)), ("count", self._counts.astype(float))]

    def reading(self, x: float) -> str:
        """Return the value at a share of the axis, and how often it and its like occur."""
        if self._view is None or self._view.values is None or not 0 <= x <= 1:
            return ""
        value = numbers.short(self._scale().value(x))
        return tr("{value}: {count} values").format(
            value=value, count=int(self._counts[min(int(x * _BINS), _BINS - 1)])
        )

    def tint(self) -> None:
        """Take the colours of the palette."""
        super().tint()
        if not hasattr(self, "_words"):
            return
        text = tones.text(self.palette())
        for line in self._levels.lines:
            line.setPen(pg.mkPen(text))
        dark = tones.is_dark(self.palette())
        colour = PREDICTED_LINE if dark else PREDICTED_LINE.darker(190)
        self._line.setPen(pg.mkPen(colour, width=2))
        self._words.setColor(tones.quiet_text(self.palette()))

    def sizeHint(self) -> QSize:
        """As wide as the column."""
        return QSize(240, 96)

    def x_of(self, value: float) -> float:
        """Return where a value lies."""
        return self.scene_x(self._scale().share(value))

    def value_at(self, x: float) -> float:
        """Return the value that lies at `x`."""
        share = self.plane(QPointF(x, 0)).x()
        return self._scale().value(min(max(share, 0.0), 1.0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearest handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for another level or threshold, or read a value."""
        x = event.position().x()
        if self._held is not None:
            self._ask_for(self._held, self.value_at(x))
            return
        near = self._at(x) is not None
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and fit the axis to where the levels are now."""
        held, self._held = self._held, None
        if held in (Handle.LOW, Handle.HIGH) and self._view is not None:
            self._uncounted = self._view.levels
            self.draw()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the levels of before they were dragged."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.levels_reset.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the threshold by a hundredth of the axis; without one, read values."""
        turn = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(Qt.Key(event.key()))
        if turn is None or self._threshold is None:
            super().keyPressEvent(event)
            return
        share = min(max(self._scale().share(self._threshold) + turn, 0.0), 1.0)
        self._ask_for(Handle.THRESHOLD, self._scale().value(share))

    def event(self, event: QEvent) -> bool:
        """Keep Left and Right from stepping while the histogram has the focus."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                event.accept()
                return True
        return super().event(event)

    def _ask_for(self, handle: Handle, value: float) -> None:
        if self._view is None:
            return
        low, high = self._view.levels
        least = (self._scale().high - self._scale().low) / 200
        if self._log_scale:
            least = (high - low) * 1e-3
        if handle is Handle.THRESHOLD:
            self.threshold_chosen.emit(value)
        elif handle is Handle.LOW:
            self.levels_chosen.emit(min(value, high - least), high)
        else:
            self.levels_chosen.emit(low, max(value, low + least))

    def _handles(self) -> list[tuple[Handle, float]]:
        if self._view is None or self._view.values is None:
            return []
        low, high = self._view.levels
        made = [(Handle.LOW, low), (Handle.HIGH, high)]
        if self._threshold is not None and math.isfinite(self._threshold):
            made.append((Handle.THRESHOLD, self._threshold))
        return made

    def _show_handles(self) -> None:
        places = {handle: self._scale().share(value) for handle, value in self._handles()}
        self._line.setVisible(Handle.THRESHOLD in places)
        if Handle.THRESHOLD in places:
            self._line.setValue(places[Handle.THRESHOLD])
        if Handle.LOW in places:
            self._levels.setRegion((places[Handle.LOW], places[Handle.HIGH]))

    def _at(self, x: float) -> Handle | None:
        near = [(abs(self.x_of(value) - x), handle) for handle, value in self._handles()]
        # The threshold wins a draw: it is moved far more often.
        near.reverse()
        distance, handle = min(near, key=lambda pair: pair[0], default=(math.inf, None))
        return handle if distance <= _REACH else None

    def _scale(self) -> Scale:
        """Return the axis, the values counted along it."""
        if self._uncounted is not None:
            levels, self._uncounted = self._uncounted, None
            self._count(self._counted, levels)
        return self._axis

    def _count(self, values: FloatArray | None, levels: tuple[float, float]) -> None:
        low, high = levels
        known = np.zeros(0, np.float32) if values is None else values[np.isfinite(values)]
        if known.size:
            low, high = min(low, float(known.min())), max(high, float(known.max()))
        if not high > low:
            high = low + 1.0
        self._axis = Scale(low, high, Scale.of(levels, self._log_scale).linear)
        counts, _ = np.histogram(self._axis.shares(known), bins=_BINS, range=(0.0, 1.0))
        self._counts = counts.astype(np.float32)


@lru_cache(maxsize=16)
def _legible(colormap: str, quiet: int, dark: bool) -> NDArray[np.uint32]:
    """Return the colormap; the end of it that is like the ground, which it would vanish in, mixed.

    `quiet` is the colour that it is mixed with, `dark` whether the ground is.
    """
    colours = colormaps.table(colormap).copy()
    for place, rgb in enumerate(colours.tolist()):
        colour = QColor.fromRgba(rgb)
        light = colour.lightnessF()
        if (light < 0.18 and dark) or (light > 0.9 and not dark):
            colours[place] = tones.mixed(colour, QColor.fromRgba(quiet), 0.6).rgba()
    return colours
