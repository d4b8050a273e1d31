"""The canvas: 1, 2, 3, 4 or 6 linked panels, or two of them as one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas import compare, cursor, panel_foot, panel_grid, panel_head
from ui.canvas.compare_bar import CompareBar
from ui.canvas.compare_widget import CompareWidget
from ui.canvas.mouse_tool import MouseTool
from ui.canvas.panel_layers import Shared
from ui.canvas.panel_widget import FRAME, PanelWidget
from ui.canvas.picture_view import PictureView
from ui.canvas.viewport import Viewport
from ui.view.view_state import CanvasView, PanelStatus
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON, PICTURE, REFERENCE

_ACTIVITY_MS = 40
_ACTIVITY_PERIOD_MS = 1400
_BAR_HEIGHT = 26
_WITHOUT_BAR = (PICTURE, MASK, MASK_COMPARISON, REFERENCE)


class CanvasPanel(QWidget):
    """Draws a `CanvasView`. Pan, zoom, cursor and wipe line are its own; all else is asked for.

    Signals
    -------
    panel_activated(int)
        A panel was clicked.
    content_chosen(int, str)
        Another method (or picture, or mask) was chosen for a panel.
    bare_picture_held(bool)
        Space went down, or up again.
    panels_swapped(int, int)
        A panel was dragged onto another.
    compare_chosen(str)
        One of `Compare`'s values.
    brush_size_turned(float)
        The wheel was turned with Alt held, in notches.
    """

    panel_activated = Signal(int)
    content_chosen = Signal(int, str)
    bare_picture_held = Signal(bool)
    panels_swapped = Signal(int, int)
    compare_chosen = Signal(str)
    brush_size_turned = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = CanvasView()
        self._held = False
        self._phase = 0.0
        self._tool: MouseTool | None = None
        self._cursor: tuple[int, QPointF] | None = None
        self._rows: set[int] = set()
        self.viewport = Viewport(self)
        self._shared = Shared()
        self.panels: list[PanelWidget] = []
        self.compare_bar = CompareBar(self.viewport, self)
        self.pair = CompareWidget(self._shared, self.viewport, self)
        self.pair.hide()
        self._activity = QTimer(self)
        self._activity.setInterval(_ACTIVITY_MS)
        self._activity.timeout.connect(self._move_activity)
        self.compare_bar.compare_chosen.connect(self.compare_chosen)
        self.pair.content_chosen.connect(self.content_chosen)
        self.pair.hovered.connect(self._hovered)
        self._connect_picture(self.pair.picture)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Canvas"))

    def show_view(self, view: CanvasView) -> None:
        """Draw `view`; what is the same object as before costs nothing."""
        if view is self._view:
            return
        before, self._view = self._view, view
        count = len(view.panels)
        while len(self.panels) < count:
            self.panels.append(self._new_panel())
        if before.compare is not view.compare or len(before.panels) != count:
            self.compare_bar.show_view(view)
        both = compare.pair(view)
        if len(before.panels) != count or (both is None) != (compare.pair(before) is None):
            self._arrange()
        more = both is not None
        if both is not None:
            self.pair.show_view(view, both)
        else:
            for panel, shown in zip(self.panels, view.panels, strict=False):
                if panel.show_view(shown, view, swappable=count > 1):
                    more = True
                    self._centre(panel)
        if more:
            self._show_cursor()
        self._run_activity()

    def focus_active(self) -> None:
        """Let keys go to the active panel's picture."""
        for panel, shown in zip(self.panels, self._view.panels, strict=False):
            if shown.active:
                panel.picture.setFocus()

    def set_tool(self, tool: MouseTool | None) -> None:
        """Give the left button on all pictures to `tool`, None for panning."""
        self._tool = tool
        for picture in (*(panel.picture for panel in self.panels), self.pair.picture):
            picture.set_tool(tool)

    def sizeHint(self) -> QSize:
        """Room for four panels."""
        return QSize(760, 640)

    def minimumSizeHint(self) -> QSize:
        """Room for six small ones."""
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the panels anew; what is seen of the picture stays."""
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Let what moves move again."""
        both = compare.pair(self._view)
        if both is not None:
            self.pair.show_view(self._view, both)
        self._run_activity()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop what moves: nothing is seen."""
        self._activity.stop()
        self.pair.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the bare picture while Space is held; Ctrl+Shift+arrows move the active panel."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold(True)
            return
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.modifiers() == both and turn is not None:
            self._move_active(turn)
            return
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Show the map again when Space is let go."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold(False)
            return
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of Space: its release will go elsewhere."""
        self._hold(False)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Let go of Space when a picture loses the keyboard."""
        if event.type() == QEvent.Type.FocusOut:
            self._hold(False)
        return False

    def _hold(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self.bare_picture_held.emit(held)

    def _new_panel(self) -> PanelWidget:
        panel = PanelWidget(len(self.panels), self._shared, self.viewport, self)
        panel.activated.connect(self.panel_activated)
        panel.content_chosen.connect(self.content_chosen)
        panel.hovered.connect(self._hovered)
        panel.dragged.connect(self._dragged)
        panel.dropped.connect(self._dropped)
        panel.picture.set_tool(self._tool)
        self._connect_picture(panel.picture)
        panel.picture.installEventFilter(self)
        return panel

    def _connect_picture(self, picture: PictureView) -> None:
        picture.redraw_asked.connect(self.redraw_pictures)
        picture.size_turned.connect(self.brush_size_turned)

    def redraw_pictures(self) -> None:
        """Draw every picture again, for a shape that is under way in all of them."""
        for picture in (*(panel.picture for panel in self.panels), self.pair.picture):
            picture.redraw_tool()

    def _arrange(self) -> None:
        area = QRect(0, _BAR_HEIGHT + 2, self.width(), self.height() - _BAR_HEIGHT - 2)
        self.compare_bar.setGeometry(0, 0, self.width(), _BAR_HEIGHT)
        count = len(self._view.panels)
        paired = compare.pair(self._view) is not None
        if paired:
            self.pair.setGeometry(area)
        self.pair.setVisible(paired)
        overhead = (0, 0)
        if self.panels:
            wide = self.panels[0].bar.sizeHint().width() + 2 * FRAME
            overhead = (wide, panel_head.HEIGHT + panel_foot.HEIGHT + 2 * FRAME)
        rectangles = panel_grid.places(count, area, overhead)
        self._rows = {rectangle.y() for rectangle in rectangles}
        for index, panel in enumerate(self.panels):
            if index < count and not paired:
                panel.setGeometry(rectangles[index])
                panel.show()
                self._centre(panel)
            else:
                panel.hide()

    def _centre(self, panel: PanelWidget) -> None:
        """Put a picture without colour bar in the middle, where no other lines up with it."""
        shown = panel.view
        if shown is not None:
            without_bar = shown.content in _WITHOUT_BAR and len(self._rows) == 1
            panel.centre_picture(without_bar or shown.picture is None)

    def _hovered(self, index: int, place: QPointF | None) -> None:
        self._cursor = (index, place) if place is not None else None
        self._show_cursor()

    def _show_cursor(self) -> None:
        place, grid = None, None
        if self._cursor is not None:
            index, place = self._cursor
            if index < len(self._view.panels):
                grid = self._common_grid(index)
        if self.pair.isVisible():
            self.pair.set_cursor(place)
            return
        for panel in self.panels[: len(self._view.panels)]:
            panel.set_cursor(place, grid)

    def _common_grid(self, index: int) -> cursor.Shape:
        """Return whose pixels are outlined where a panel has no map: the map's under the hand."""
        hovered = self._view.panels[index]
        maps = [panel for panel in self._view.panels if panel.values is not None]
        if hovered.values is None and maps:
            return cursor.grid_shape(maps[0])
        return cursor.grid_shape(hovered)

    def _dragged(self, index: int, point: QPoint) -> None:
        over = self._panel_at(point)
        for panel in self.panels:
            panel.set_drop(panel.index == over and over != index)

    def _dropped(self, index: int, point: QPoint) -> None:
        over = self._panel_at(point)
        for panel in self.panels:
            panel.set_drop(False)
        if over is not None and over != index:
            self.panels_swapped.emit(index, over)

    def _panel_at(self, point: QPoint) -> int | None:
        here = self.mapFromGlobal(point)
        for panel in self.panels[: len(self._view.panels)]:
            if panel.geometry().contains(here):
                return panel.index
        return None

    def _move_active(self, turn: int) -> None:
        active = next((i for i, panel in enumerate(self._view.panels) if panel.active), None)
        if active is not None and 0 <= active + turn < len(self._view.panels):
            self.panels_swapped.emit(active, active + turn)

    def _run_activity(self) -> None:
        computing = any(panel.status is PanelStatus.COMPUTING for panel in self._view.panels)
        if computing and self.isVisible():
            if not self._activity.isActive():
                self._activity.start()
        else:
            self._activity.stop()

    def _move_activity(self) -> None:
        self._phase = (self._phase + _ACTIVITY_MS / _ACTIVITY_PERIOD_MS) % 1.0
        if self.pair.isVisible():
            self.pair.picture.set_phase(self._phase)
            return
        for panel, view in zip(self.panels, self._view.panels, strict=False):
            if view.status is PanelStatus.COMPUTING:
                panel.picture.set_phase(self._phase)
