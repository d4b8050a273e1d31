"""The scene of a panel: shows its picture, follows the mouse, says where the cursor is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas import cursor, symbol
from ui.canvas.mouse_tool import MouseTool, PanTool
from ui.canvas.overlay import Activity, CursorCell, HintLabel, ToolItem, WipeLine
from ui.canvas.panel_layers import PanelLayers, Shared, only_edges_moved, says_alone
from ui.canvas.viewport import Viewport
from ui.look import tones
from ui.look.graphs import HAND, name_viewport, pg
from ui.view.view_state import CanvasView, PanelStatus, PanelView
from ui.widgets.later_drawing import DELAY_MS

_WIPE_REACH = 8.0
_ZOOM_KEYS = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8}


class PictureView(pg.GraphicsView):
    """One picture of the canvas in a ViewBox that follows the `Viewport` of all panels.

    Its items lie on the unit square: a place is a share of the picture.
    """

    hovered = Signal(object)
    pressed = Signal()
    wiped = Signal(float)
    redraw_asked = Signal()
    size_turned = Signal(float)

    def __init__(self, shared: Shared, viewport: Viewport, parent: QWidget | None = None) -> None:
        self.built = False
        super().__init__(parent)
        name_viewport(self)
        self.shown_view: PanelView | None = None
        self.linked = viewport
        self._second: PanelView | None = None
        self._how = CanvasView()
        self._diverging = False
        self._wipe = 0.5
        self._wiping = False
        self._cursor: QPointF | None = None
        self._grid: cursor.Shape | None = None
        self._phase = 0.0
        self._target = QRectF()
        self._pan = PanTool()
        self._panning: Qt.MouseButton | None = None
        self._tool: MouseTool = self._pan
        self.box = pg.ViewBox(invertY=True, enableMenu=False, enableMouse=False, defaultPadding=0)
        self.box.disableAutoRange()
        self.setCentralItem(self.box)
        self.layers = PanelLayers(shared)
        self._right = PanelLayers(shared)
        for layers in (self.layers, self._right):
            self.box.addItem(layers, ignoreBounds=True)
        self._right.setVisible(False)
        self._line = WipeLine(self.box)
        self._tool_item = ToolItem(self.box, lambda painter: self._tool.paint(self, painter))
        self._cell = CursorCell(self.box)
        self._activity = Activity(self.box)
        self._hint = HintLabel(self)
        # What follows the panel that is worked on: drawn a moment later (ADR 16).
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self.later.setInterval(DELAY_MS)
        self.later.timeout.connect(self._draw)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(self._tool.cursor_shape())
        self._tint()
        viewport.changed.connect(self._lay_out)
        self.built = True

    def show_view(
        self,
        view: PanelView,
        how: CanvasView,
        *,
        second: PanelView | None = None,
        diverging: bool = False,
    ) -> None:
        """Draw `view`; with `second`, that one right of the wipe line."""
        before = self.shown_view
        same = _drawn(how) == _drawn(self._how) and diverging == self._diverging
        if same and view is before and second is self._second:
            return
        moved = before is None or cursor.content_shape(view) != cursor.content_shape(before)
        moved |= (second is None) != (self._second is None)
        self.shown_view, self._second, self._how, self._diverging = view, second, how, diverging
        # Of all panels, the one that is worked on follows the hand.
        follows = not view.active and second is None
        if same and follows and before is not None and only_edges_moved(before, view):
            if not self.later.isActive():
                self.later.start()
            return
        if moved:
            self._lay_out()
        self._draw()

    def _draw(self) -> None:
        view, how = self.shown_view, self._how
        self.later.stop()
        if view is None:
            return
        self.layers.show_view(view, how, self.palette(), diverging=self._diverging)
        self._right.setVisible(self._second is not None)
        if self._second is not None:
            self._right.show_view(self._second, how, self.palette())
        hint = "" if how.bare_picture else symbol.in_sentence(view.hint)
        self._hint.say(hint, centred=says_alone(view))
        self._show_activity()

    @property
    def wipe(self) -> float:
        """Where the wipe line is, 0..1 from the left."""
        return self._wipe

    def set_wipe(self, share: float) -> None:
        """Move the wipe line."""
        share = min(max(share, 0.0), 1.0)
        if share != self._wipe:
            self._wipe = share
            self._lay_out()
            self.wiped.emit(share)

    def set_tool(self, tool: MouseTool | None) -> None:
        """Give the left button to `tool`, None for panning."""
        self._tool.left(self)
        self._tool = tool if tool is not None else self._pan
        self.setCursor(self._tool.cursor_shape())
        self._tool_item.update()

    def set_cursor(self, place: QPointF | None, grid: cursor.Shape | None) -> None:
        """Outline the pixel at `place`: this panel's own, or one of `grid` where it has no map."""
        self._cursor, self._grid = place, grid
        self._cell.show_area(self._cursor_area())

    def set_phase(self, phase: float) -> None:
        """Move the sign of activity on (0..1, then again)."""
        self._phase = phase
        self._show_activity()

    def target(self) -> QRectF:
        """Return where the whole picture lies in the widget."""
        return QRectF(self._target)

    def place_of(self, point: QPointF) -> QPointF:
        """Return a point of the widget as shares of the picture."""
        target = self._target
        if target.isEmpty():
            return QPointF(-1.0, -1.0)
        return QPointF(
            (point.x() - target.x()) / target.width(), (point.y() - target.y()) / target.height()
        )

    def pan_by(self, shift: QPointF) -> None:
        """Move the picture, in all panels."""
        self.linked.move_by(shift, QRectF(self.rect()), self._content())

    def redraw(self, area: QRectF) -> None:
        """Draw a part of what the tool shows again."""
        self._tool_item.update(area.adjusted(-2, -2, 2, 2))

    def redraw_all(self) -> None:
        """Draw what the tool shows again, in all panels."""
        self.redraw_asked.emit()

    def redraw_tool(self) -> None:
        """Draw what the tool shows again."""
        self._tool_item.update()

    def zoom_by(self, factor: float, point: QPointF) -> None:
        """Zoom around a point of the widget, in all panels."""
        place = self.place_of(point)
        self.linked.zoom_at(factor, place, QRectF(self.rect()), self._content())

    def sizeHint(self) -> QSize:
        """Large enough to read a map."""
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        """Small enough for six panels on a laptop."""
        return QSize(72, 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scene, what waits included."""
        if self.later.isActive():
            self._draw()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the picture out anew."""
        super().resizeEvent(event)
        # Qt sends one before there is anything.
        if self.built:
            self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.built:
            self._tint()
            self._draw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give the press to the wipe line, to panning or to the tool."""
        self.pressed.emit()
        point = event.position()
        if self._pans(event):
            self._panning = event.button()
            self._pan.pressed(self, point, event.modifiers())
        elif event.button() == Qt.MouseButton.LeftButton:
            if self._at_wipe(point):
                self._wiping = True
            else:
                self._tool.pressed(self, point, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the cursor."""
        point = event.position()
        if self._wiping:
            self.set_wipe(point.x() / max(1, self.width()))
        elif self._panning is not None:
            self._pan.moved(self, point, True, event.modifiers())
        else:
            down = bool(event.buttons() & Qt.MouseButton.LeftButton)
            self._tool.moved(self, point, down, event.modifiers())
        wipe_shape = Qt.CursorShape.SplitHCursor
        idle = not event.buttons()
        if self._wiping or (idle and self._at_wipe(point)):
            self.setCursor(wipe_shape)
        elif self.cursor().shape() == wipe_shape:
            self.setCursor(self._tool.cursor_shape())
        place = self.place_of(point)
        inside = 0 <= place.x() < 1 and 0 <= place.y() < 1
        self.hovered.emit(place if inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._panning is not None and event.button() == self._panning:
            self._panning = None
            self._pan.released(self, event.position(), event.modifiers())
        elif event.button() == Qt.MouseButton.LeftButton:
            if self._wiping:
                self._wiping = False
            else:
                self._tool.released(self, event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Give a double click to the tool; without one it shows the whole picture."""
        if event.button() == Qt.MouseButton.LeftButton and not self._pans(event):
            self._tool.double_clicked(self, event.position(), event.modifiers())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Alt the wheel belongs to the brush."""
        # With Alt some platforms report the wheel as a sideways one.
        turns = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.size_turned.emit(turns / 120.0)
        elif event.angleDelta().y():
            self.zoom_by(2.0 ** (turns / 360.0), event.position())
        else:
            event.ignore()
            return
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom by + and −, fit by 0, move the wipe line by comma and full stop."""
        key = Qt.Key(event.key())
        if key in _ZOOM_KEYS:
            self.zoom_by(_ZOOM_KEYS[key], QRectF(self.rect()).center())
        elif key == Qt.Key.Key_0:
            self.linked.fit()
        elif self._second is not None and key in (Qt.Key.Key_Comma, Qt.Key.Key_Period):
            self.set_wipe(self._wipe + (0.02 if key == Qt.Key.Key_Period else -0.02))
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch on a touchpad; take the hand wherever it is sent."""
        if event.type() in HAND:
            # Not through the scene, whose items take no part.
            return bool(self.viewportEvent(event))
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        return bool(super().event(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Frame the panel that keys come to, on all four sides."""
        if self.hasFocus():
            painter.resetTransform()
            painter.setPen(pg.mkPen(tones.accent(self.palette())))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the cursor is nowhere."""
        self._tool.left(self)
        self.hovered.emit(None)

    def _content(self) -> QSizeF:
        height, width = (1, 1) if self.shown_view is None else cursor.content_shape(self.shown_view)
        return QSizeF(width, height)

    def _lay_out(self) -> None:
        """Put the unit square where the viewport says, on whole pixels of the screen."""
        area, ratio = QRectF(self.rect()), self.devicePixelRatioF()
        target = self._target = self.linked.target(area, self._content(), ratio)
        if target.isEmpty():
            return
        wide, high = target.width(), target.height()
        seen = QRectF(
            -target.x() / wide, -target.y() / high, area.width() / wide, area.height() / high
        )
        self.box.setRange(seen, padding=0)
        pixel = (1 / (wide * ratio), 1 / (high * ratio))
        line = round(area.width() * self._wipe) / wide + seen.left()
        left, right = QRectF(seen), QRectF(seen)
        left.setRight(line)
        right.setLeft(line)
        wiped = self._second is not None
        self.layers.lay_out(seen, pixel, left if wiped else None)
        self._right.lay_out(seen, pixel, right if wiped else None)
        self._line.place(line if wiped else None)
        self._tool_item.lay_out(area)
        self._hint.lay_out()
        self._cell.show_area(self._cursor_area())
        self._show_activity()

    def _show_activity(self) -> None:
        view = self.shown_view
        runs = view is not None and view.status is PanelStatus.COMPUTING
        accent = tones.accent(self.palette())
        self._activity.show_phase(self._phase if runs else None, self.width(), accent)

    def _tint(self) -> None:
        self.setBackground(tones.sunken(self.palette()))

    def _at_wipe(self, point: QPointF) -> bool:
        if self._second is None:
            return False
        if abs(point.x() - self._wipe * self.width()) > _WIPE_REACH:
            return False
        # With a drawing tool the line is held by its handle alone.
        return self._tool is self._pan or abs(point.y() - self.height() / 2) <= 2 * _WIPE_REACH

    def _pans(self, event: QMouseEvent) -> bool:
        """Whether a press moves the picture, whichever tool is chosen."""
        button = event.button()
        if button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
            return True
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return bool(control) and button == Qt.MouseButton.LeftButton

    def _cursor_area(self) -> QRectF | None:
        if self.shown_view is None or self._cursor is None:
            return None
        if self._tool is not self._pan and self.underMouse():
            return None  # the tool shows its own cursor here
        own = self.shown_view.values is not None
        shape = cursor.grid_shape(self.shown_view) if own or self._grid is None else self._grid
        return cursor.cell_area(shape, self._cursor, self.target())


def _drawn(how: CanvasView) -> tuple[object, ...]:
    """Return what of the canvas changes how a panel is drawn."""
    return (
        how.bare_picture,
        how.colormap,
        how.opacity,
        how.nearest,
        how.outline,
        how.log_scale,
        how.fill_predicted,
    )
