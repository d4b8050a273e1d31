"""The track of the timeline: shows the steps, and chooses one by mouse, wheel and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from ui.look import tones
from ui.plots.track_plot import TrackPlot
from ui.view.view_state import TimelineView

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
        self._plot: TrackPlot | None = None
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
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Step"))
        self.setToolTip(
            self.tr(
                "Steps by their logSNR. Drag or click to choose a step, wheel or arrows to move "
                "by one; dots are steps whose maps are computed. Shift and drag for a range to "
                "play, Shift and double-click for all steps."
            )
        )
        self.valueChanged.connect(self._value_set)

    @property
    def plot(self) -> TrackPlot:
        """What draws it, made when there are steps: a window without any is there sooner."""
        if self._plot is None:
            self._plot = TrackPlot(self)
            self._plot.setGeometry(self.rect())
            self._plot.show()
        return self._plot

    def show_view(self, view: TimelineView) -> None:
        """Draw `view`; only the playhead where only the step differs."""
        self._view = view
        if self._plot is not None or len(view.log_snr):
            self.plot.show_view(view)
        self._showing = True
        self.setRange(0, max(0, len(view.log_snr) - 1))
        self.setValue(view.step)
        self._showing = False

    def x_of(self, step: int) -> float:
        """Return where a step lies."""
        return self.plot.scene_x(self.plot.axis.share(step))

    def step_at(self, x: float) -> int | None:
        """Return the step at `x` among those reached, None without steps."""
        if not len(self._view.log_snr) or not self._view.reached:
            return None
        share = self.plot.plane(QPointF(x, 0)).x()
        return min(self.plot.axis.step(share), self._view.reached - 1)

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
        """Draw the ground where there is no plot yet."""
        QPainter(self).fillRect(self.rect(), tones.sunken(self.palette()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the plot all room."""
        if self._plot is not None:
            self._plot.setGeometry(self.rect())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the plot's files."""
        self.plot.menu().popup(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        if self._plot is not None:
            self._plot.show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        if self._plot is not None:
            self._plot.show_focus()

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing."""
        if self._plot is not None:
            self._plot.read_at(None)

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
        """Scrub, draw the range on, or read a step's numbers."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            if self._plot is not None:
                words = self._plot.read_at(self._plot.plane(event.position()).x())
                at = event.globalPosition().toPoint()
                QToolTip.showText(at, words or self.toolTip(), self)
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

    def _from(self) -> int:
        return self._view.step if self._pending is None else self._pending

    def _emit(self) -> None:
        step, self._pending = self._pending, None
        if step is not None and step != self._view.step:
            self.step_chosen.emit(step)

    def _value_set(self, value: int) -> None:
        if not self._showing:
            self.choose(value)
