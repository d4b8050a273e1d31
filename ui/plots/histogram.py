"""The histogram of the active panel's map, with the two levels and the threshold as handles."""

from __future__ import annotations

import math
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from memlens.maps.scale import Scale
from ui.canvas import colormaps
from ui.canvas.outline import PREDICTED_LINE
from ui.canvas.still_layer import StillLayer
from ui.look import tones
from ui.view.view_state import FloatArray, PanelView
from ui.widgets.later_drawing import LaterDrawing

_BINS = 64
_MARGIN = 10
_FOOT = 18
_REACH = 7.0


class Handle(StrEnum):
    """What can be dragged."""

    LOW = "low"
    HIGH = "high"
    THRESHOLD = "threshold"


class Histogram(QWidget):
    """Bars in the colours that the map has on the canvas.

    Dragging a handle asks; what is drawn follows the view.
    """

    levels_chosen = Signal(float, float)
    levels_reset = Signal()
    threshold_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: PanelView | None = None
        self._colormap = colormaps.DEFAULT
        self._threshold: float | None = None
        self._counted: FloatArray | None = None
        self._heights: FloatArray = np.zeros(0, np.float32)
        self._log_scale = False
        self._axis = Scale(0.0, 1.0)
        # The levels of a map whose values are yet to be counted: when it is drawn, not before.
        self._uncounted: tuple[float, float] | None = None
        self._held: Handle | None = None
        # Bars and axis: while a threshold moves, the handles alone are drawn.
        self.still = StillLayer(self, self._paint_still)
        self._counts = 0
        self.later = LaterDrawing(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        if same and (colormap, threshold) == (self._colormap, self._threshold):
            self._view = view
            return
        self._view, self._colormap, self._threshold = view, colormap, threshold
        self._log_scale = log_scale
        if not same and values is self._counted and self._held in (Handle.LOW, Handle.HIGH):
            # The axis stays under the hand until it lets go.
            self._counts += 1
            same = True
        if not same:
            stepped = values is not self._counted
            self._counted = values
            self._counts += 1
            self._uncounted = levels
            if stepped:
                self.later.ask()
                return
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the column."""
        return QSize(240, 96)

    def x_of(self, value: float) -> float:
        """Return where a value lies."""
        return _MARGIN + self._scale().share(value) * (self.width() - 2 * _MARGIN)

    def value_at(self, x: float) -> float:
        """Return the value that lies at `x`."""
        share = (x - _MARGIN) / max(1, self.width() - 2 * _MARGIN)
        return self._scale().value(min(max(share, 0.0), 1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, the axis and the handles."""
        painter = QPainter(self)
        levels = None if self._view is None else self._view.levels
        self.still.draw(painter, (self._counts, levels, self._colormap, self._log_scale))
        for handle, value in self._handles():
            self._handle(painter, self._plot(), handle, self.x_of(value))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(tones.accent(self.palette()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _plot(self) -> QRectF:
        return QRectF(_MARGIN, 4, self.width() - 2 * _MARGIN, self.height() - _FOOT - 4)

    def _paint_still(self, painter: QPainter) -> None:
        palette, plot = self.palette(), self._plot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.sunken(palette))
        painter.drawRoundedRect(plot.adjusted(-_MARGIN + 2, -4, _MARGIN - 2, 0), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        view = self._view
        if view is None or view.values is None:
            painter.setPen(tones.quiet_text(palette))
            words = self.tr("The active panel shows no map.")
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, words)
            return
        self._bars(painter, plot, view.levels)
        self._numbers(painter, plot)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearest handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for another level or threshold."""
        x = event.position().x()
        if self._held is None:
            near = self._at(x) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
            return
        self._ask(self._held, self.value_at(x))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and fit the axis to where the levels are now."""
        held, self._held = self._held, None
        if held in (Handle.LOW, Handle.HIGH) and self._view is not None:
            self._uncounted = self._view.levels
            self._counts += 1
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the levels of before they were dragged."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.levels_reset.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the threshold by a hundredth of the axis."""
        turn = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(Qt.Key(event.key()))
        if turn is None or self._threshold is None:
            event.ignore()
            return
        share = min(max(self._scale().share(self._threshold) + turn, 0.0), 1.0)
        self._ask(Handle.THRESHOLD, self._scale().value(share))

    def event(self, event: QEvent) -> bool:
        """Keep Left and Right from stepping while the histogram has the focus."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                event.accept()
                return True
        return super().event(event)

    def _ask(self, handle: Handle, value: float) -> None:
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
        heights: FloatArray = np.sqrt(counts).astype(np.float32)
        self._heights = (heights / max(float(heights.max()), 1.0)).astype(np.float32)

    def _bars(self, painter: QPainter, plot: QRectF, levels: tuple[float, float]) -> None:
        """Draw all bars as one image: far quicker than one after the other."""
        area, axis = plot.toAlignedRect(), self._scale()
        edges = np.round(area.width() * np.arange(_BINS + 1) / _BINS).astype(int)
        columns = np.repeat(np.arange(_BINS), np.diff(edges))
        gaps = edges[1:][np.diff(edges) > 1] - 1
        middles = [axis.value((place + 0.5) / _BINS) for place in range(_BINS)]
        sizes = np.round(self._heights * (area.height() - 4))
        sizes[self._heights > 0] = np.maximum(sizes[self._heights > 0], 1)
        above = np.arange(area.height())[:, None] < area.height() - sizes.astype(int)
        shares = Scale.of(levels, self._log_scale).shares(np.array(middles, np.float32))
        entries = np.round(255 * np.clip(shares, 0.0, 1.0)).astype(int)
        quiet = tones.faint_text(self.palette()).rgba()
        colours = _legible(self._colormap, quiet, tones.is_dark(self.palette()))[entries]
        pixels = np.where(above, np.uint32(0), colours)[:, columns]
        pixels[:, gaps] = 0
        form = QImage.Format.Format_ARGB32_Premultiplied
        width, height = columns.size, area.height()
        painter.drawImage(area.topLeft(), QImage(pixels.tobytes(), width, height, 4 * width, form))

    def _numbers(self, painter: QPainter, plot: QRectF) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(tones.quiet_text(self.palette()))
        taken = -8.0
        for mark, words in self._scale().ticks(max(2, int(plot.width() / 48))):
            x = self.x_of(mark) - metrics.horizontalAdvance(words) / 2
            x = min(max(x, 0.0), self.width() - metrics.horizontalAdvance(words))
            if x >= taken + 8:
                painter.drawText(QPointF(x, self.height() - 4), words)
                taken = x + metrics.horizontalAdvance(words)

    def _handle(self, painter: QPainter, plot: QRectF, handle: Handle, x: float) -> None:
        palette = self.palette()
        threshold = handle is Handle.THRESHOLD
        colour = PREDICTED_LINE if threshold else tones.text(palette)
        if threshold and not tones.is_dark(palette):
            colour = colour.darker(190)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        style = Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 2 if threshold else 1, style))
        painter.drawLine(QPointF(round(x), plot.top()), QPointF(round(x), plot.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tones.raised(palette), 1.5))
        painter.setBrush(colour)
        y = plot.top() + 3 if threshold else plot.bottom()
        painter.drawEllipse(QPointF(round(x), y), 4.5, 4.5)


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
