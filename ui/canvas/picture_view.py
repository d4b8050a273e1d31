"""The picture of a panel: draws it, follows the mouse, says where the cursor is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas import cursor, outline, overlay, symbol
from ui.canvas.ground import Ground
from ui.canvas.layout import Laid
from ui.canvas.mask_changes import changed_area, only_moved_threshold
from ui.canvas.mouse_tool import MouseTool, PanTool
from ui.canvas.panel_painter import PanelPainter, content_size, says_alone
from ui.look import tones
from ui.view.view_state import CanvasView, PanelStatus, PanelView
from ui.widgets.later_drawing import LaterDrawing

_WIPE_REACH = 8.0
_ZOOM_KEYS = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8}


class PictureView(QWidget):
    """One picture of the canvas, linked to the others through the painter's viewport."""

    hovered = Signal(object)
    pressed = Signal()
    wiped = Signal(float)
    redraw_asked = Signal()
    size_turned = Signal(float)

    def __init__(self, painter: PanelPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = painter
        self.viewport = painter.viewport
        self.ground = Ground()
        self.later = LaterDrawing(self)
        self._view: PanelView | None = None
        self._second: PanelView | None = None
        self._how = CanvasView()
        self._diverging = False
        self._wipe = 0.5
        self._wiping = False
        self._cursor: QPointF | None = None
        self._grid: cursor.Shape | None = None
        self._phase = 0.0
        self._laid: Laid | None = None
        self._pan = PanTool()
        self._panning: Qt.MouseButton | None = None
        self._tool: MouseTool = self._pan
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(self._tool.cursor_shape())
        self.viewport.changed.connect(self._lay_out)

    def show_view(
        self,
        view: PanelView,
        how: CanvasView,
        *,
        second: PanelView | None = None,
        diverging: bool = False,
    ) -> None:
        """Draw `view`; with `second`, that one right of the wipe line."""
        same_how = _drawn(how) == _drawn(self._how)
        same = view is self._view and second is self._second and diverging == self._diverging
        before, drawn_second = self._view, self._second
        self._view, self._second, self._how, self._diverging = view, second, how, diverging
        if same and same_how:
            return
        self._laid = None
        # Of all panels, the one that is worked on follows the hand.
        follows = not view.active and second is None
        if same_how and follows and before is not None and only_moved_threshold(before, view):
            self.later.ask()
            return
        dirty = None
        if same_how and before is not None and (second is None) == (drawn_second is None):
            dirty = self._masks_area(before, view)
            if dirty is not None and second is not None and drawn_second is not None:
                other = self._masks_area(drawn_second, second)
                dirty = None if other is None else dirty.united(other)
        if dirty is None:
            self.update()
        elif not dirty.isEmpty():
            self._redraw(dirty, at_once=not follows)

    def _redraw(self, area: QRect, *, at_once: bool) -> None:
        if at_once:
            self.update(area)
        else:
            self.later.ask(area)

    def _masks_area(self, before: PanelView, now: PanelView) -> QRect | None:
        """Return what must be drawn again when only masks changed, None for everything."""
        if before.values is not now.values or before.picture is not now.picture:
            return None
        if before.threshold != now.threshold:
            return None
        ratio = self.devicePixelRatioF()
        place = self._lies(now).place
        area = changed_area(before, now, place, reach=outline.reach(ratio))
        if area is None or area.isEmpty():
            return area
        return QRectF(
            area.x() / ratio, area.y() / ratio, area.width() / ratio, area.height() / ratio
        ).toAlignedRect()

    @property
    def wipe(self) -> float:
        """Where the wipe line is, 0..1 from the left."""
        return self._wipe

    def set_wipe(self, share: float) -> None:
        """Move the wipe line."""
        share = min(max(share, 0.0), 1.0)
        if share != self._wipe:
            self._wipe = share
            self.update()
            self.wiped.emit(share)

    def set_tool(self, tool: MouseTool | None) -> None:
        """Give the left button to `tool`, None for panning."""
        self._tool.left(self)
        self._tool = tool if tool is not None else self._pan
        self.setCursor(self._tool.cursor_shape())
        self.update()

    def set_cursor(self, place: QPointF | None, grid: cursor.Shape | None) -> None:
        """Outline the pixel at `place`: this panel's own, or one of `grid` where it has no map."""
        if place == self._cursor and grid == self._grid:
            return
        before = self._cursor_area()
        self._cursor, self._grid = place, grid
        after = self._cursor_area()
        if before != after:
            at_once = self.underMouse() or (self._view is not None and self._view.active)
            for area in (before, after):
                if area is not None:
                    self._redraw(overlay.reach_of_cell(area), at_once=at_once)

    def set_phase(self, phase: float) -> None:
        """Move the sign of activity on (0..1, then again)."""
        self._phase = phase
        self.update(QRect(0, 0, self.width(), overlay.ACTIVITY_HEIGHT + 1))

    def target(self) -> QRectF:
        """Return where the whole picture lies in the widget."""
        if self._view is None:
            return QRectF()
        return QRectF(self._lies(self._view).target)

    def _lies(self, view: PanelView) -> Laid:
        ratio = self.devicePixelRatioF()
        if self._laid is None or self._laid.ratio != ratio:
            self._laid = self._painter.laid(view, QRectF(self.rect()), ratio)
        return self._laid

    def _lay_out(self) -> None:
        self._laid = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the picture out anew."""
        self._laid = None

    def place_of(self, point: QPointF) -> QPointF:
        """Return a point of the widget as shares of the picture."""
        target = self.target()
        if target.isEmpty():
            return QPointF(-1.0, -1.0)
        return QPointF(
            (point.x() - target.x()) / target.width(), (point.y() - target.y()) / target.height()
        )

    def pan_by(self, shift: QPointF) -> None:
        """Move the picture, in all panels."""
        if self._view is not None:
            self.viewport.move_by(shift, QRectF(self.rect()), content_size(self._view))

    def redraw(self, area: QRectF) -> None:
        """Draw a part of this picture again."""
        self.update(area.toAlignedRect().adjusted(-2, -2, 2, 2))

    def redraw_all(self) -> None:
        """Draw the pictures of all panels again."""
        self.redraw_asked.emit()

    def zoom_by(self, factor: float, point: QPointF) -> None:
        """Zoom around a point of the widget, in all panels."""
        if self._view is not None:
            area = QRectF(self.rect())
            size = content_size(self._view)
            self.viewport.zoom_at(factor, self.place_of(point), area, size)

    def sizeHint(self) -> QSize:
        """Large enough to read a map."""
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        """Small enough for six panels on a laptop."""
        return QSize(72, 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and what lies over it."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        palette = self.palette()
        view = self._view
        if view is None:
            painter.fillRect(event.rect(), tones.sunken(palette))
            return
        area = QRectF(self.rect())
        if self._second is None:
            self._painter.paint(
                painter,
                view,
                self._how,
                area,
                palette,
                diverging=self._diverging,
                ground=self.ground,
            )
        else:
            line = round(area.width() * self._wipe)
            for part, shown in (
                (QRectF(0, 0, line, area.height()), view),
                (QRectF(line, 0, area.width() - line, area.height()), self._second),
            ):
                painter.save()
                painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
                self._painter.paint(painter, shown, self._how, area, palette)
                painter.restore()
            overlay.paint_wipe(painter, line, area, palette)
        found = self._cursor_area()
        if found is not None:
            overlay.paint_cell(painter, found)
        self._tool.paint(self, painter)
        if view.hint and not self._how.bare_picture:
            words = symbol.in_sentence(view.hint)
            overlay.paint_hint(painter, words, area, palette, centred=says_alone(view))
        if view.status is PanelStatus.COMPUTING:
            overlay.paint_activity(painter, area, self._phase, tones.accent(palette))
        if self.hasFocus():
            painter.setPen(QColor(tones.accent(palette)))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

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
            self.viewport.fit()
        elif self._second is not None and key in (Qt.Key.Key_Comma, Qt.Key.Key_Period):
            self.set_wipe(self._wipe + (0.02 if key == Qt.Key.Key_Period else -0.02))
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch on a touchpad."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the cursor is nowhere."""
        self._tool.left(self)
        self.hovered.emit(None)

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
        if self._view is None or self._cursor is None:
            return None
        if self._tool is not self._pan and self.underMouse():
            return None  # the tool shows its own cursor here
        own = self._view.values is not None
        shape = cursor.grid_shape(self._view) if own or self._grid is None else self._grid
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
