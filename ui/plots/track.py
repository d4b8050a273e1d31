"""The track of the timeline: shows the steps, and chooses one by mouse, wheel and keys."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from ui.canvas.still_layer import StillLayer
from ui.plots.axis import Axis
from ui.plots.track_painter import TrackPainter, curve_reach
from ui.view.view_state import TimelineView

_HEAD_REACH = 12
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: 5,
    Qt.Key.Key_PageUp: -5,
}


class Track(QAbstractSlider):
    """A slider, so that assistive technology reads and sets its value."""

    step_chosen = Signal(int)
    window_chosen = Signal(int, int)
    window_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TimelineView()
        self._axis = Axis(self._view.log_snr)
        self._reach = (0.0, 1.0)
        self._painter = TrackPainter()
        # Everything but the playhead, drawn once for many steps.
        self.still = StillLayer(self, self._paint_still)
        self._redrawn = 0
        self._pending: int | None = None
        self._window_from: int | None = None
        self._turned = 0
        self._showing = False
        # Moves that pile up while a step is drawn become one request.
        self._coalesce = QTimer(self)
        self._coalesce.setSingleShot(True)
        self._coalesce.setInterval(0)
        self._coalesce.timeout.connect(self._emit)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Step"))
        self.setToolTip(
            self.tr(
                "Steps by their logSNR. Drag or click to choose a step, wheel or arrows to move "
                "by one; dots are steps whose maps are computed. Shift and drag for a range to "
                "play, Shift and double-click for all steps."
            )
        )
        self.valueChanged.connect(self._value_set)

    def show_view(self, view: TimelineView) -> None:
        """Draw `view`; only the playhead where only the step differs."""
        before, self._view = self._view, view
        if view.log_snr is not before.log_snr:
            self._axis = Axis(view.log_snr)
        same = (
            view.log_snr is before.log_snr
            and view.reached == before.reached
            and view.cached == before.cached
            and view.window == before.window
            and view.thumbnails is before.thumbnails
            and view.curves is before.curves
        )
        if not same:
            self._reach = curve_reach(view)
            self._redraw()
        elif view.step != before.step:
            for step in (before.step, view.step):
                self.update(self._head_area(step))
        self._showing = True
        self.setRange(0, max(0, len(self._axis) - 1))
        self.setValue(view.step)
        self._showing = False

    def x_of(self, step: int) -> float:
        """Return where a step lies."""
        line = self._painter.line(self.size())
        return line.left() + self._axis.share(step) * line.width()

    def step_at(self, x: float) -> int | None:
        """Return the step at `x` among those reached, None without steps."""
        if not len(self._axis) or not self._view.reached:
            return None
        line = self._painter.line(self.size())
        share = (x - line.left()) / line.width()
        return min(self._axis.step(share), self._view.reached - 1)

    def choose(self, step: int | None) -> None:
        """Ask for a step, once what else waits was handled."""
        if step is None:
            return
        step = min(max(step, 0), self._view.reached - 1)
        if step >= 0:
            self._pending = step
            self._coalesce.start()

    def sizeHint(self) -> QSize:
        """Room for curves, thumbnails and the axis."""
        return QSize(480, 136)

    def minimumSizeHint(self) -> QSize:
        """Room for curves and the axis."""
        return QSize(240, 76)

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Draw nothing: `show_view` knows what changed."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the playhead."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        palette = self.palette()
        self.still.draw(painter, self._redrawn)
        if 0 <= self._view.step < min(len(self._axis), max(self._view.reached, 1)):
            x = self.x_of(self._view.step)
            self._painter.paint_playhead(painter, x, self.size(), palette, self.hasFocus())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the step, or begin a range with Shift."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        step = self.step_at(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._window_from = step
        else:
            self.choose(step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub, or draw the range on."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        step = self.step_at(event.position().x())
        if self._window_from is None:
            self.choose(step)
        elif step is not None and step != self._window_from:
            low, high = sorted((self._window_from, step))
            if (low, high) != self._view.window:
                self.window_chosen.emit(low, high)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the range."""
        self._window_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Clear the range with Shift; else a second click is a click."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.window_cleared.emit()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move one step a notch: down and right are later steps."""
        turn = event.angleDelta()
        self._turned += turn.x() if abs(turn.x()) > abs(turn.y()) else turn.y()
        notches = int(self._turned / 120)
        if notches:
            self._turned -= notches * 120
            self.choose(self._from() - notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows, PgUp and PgDn, Home and End."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.choose(self._from() + _KEYS[key])
        elif key == Qt.Key.Key_Home:
            self.choose(0)
        elif key == Qt.Key.Key_End:
            self.choose(self._view.reached - 1)
        else:
            event.ignore()

    def _redraw(self) -> None:
        self._redrawn += 1
        self.update()

    def _paint_still(self, painter: QPainter) -> None:
        self._painter.paint(
            painter, self._view, self._axis, self.size(), self.palette(), self._reach
        )

    def _from(self) -> int:
        return self._view.step if self._pending is None else self._pending

    def _emit(self) -> None:
        step, self._pending = self._pending, None
        if step is not None and step != self._view.step:
            self.step_chosen.emit(step)

    def _value_set(self, value: int) -> None:
        if not self._showing:
            self.choose(value)

    def _head_area(self, step: int) -> QRect:
        if not 0 <= step < len(self._axis):
            return QRect()
        x = round(self.x_of(step))
        return QRect(x - _HEAD_REACH, 0, 2 * _HEAD_REACH, self.height())
