"""One panel: head, picture, colour bar and foot in a frame."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.canvas import cursor, symbol
from ui.canvas.colour_bar import ColourBar
from ui.canvas.panel_foot import PanelFoot
from ui.canvas.panel_head import PanelHead
from ui.canvas.panel_layers import Shared, only_masks_changed
from ui.canvas.picture_view import PictureView
from ui.canvas.viewport import Viewport
from ui.look import tones
from ui.view.view_state import CanvasView, PanelView

FRAME = 2
RADIUS = 6


class PanelWidget(QWidget):
    """Shows one `PanelView`; its index is its place on the canvas."""

    activated = Signal(int)
    content_chosen = Signal(int, str)
    hovered = Signal(int, object)
    dragged = Signal(int, QPoint)
    dropped = Signal(int, QPoint)

    def __init__(
        self, index: int, shared: Shared, viewport: Viewport, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.index = index
        self.view: PanelView | None = None
        self._drop = False
        self._place: QPointF | None = None
        self.head = PanelHead(self)
        self.picture = PictureView(shared, viewport, self)
        self.bar = ColourBar(self)
        self.foot = PanelFoot(self)
        self._margin = _Margin(self)
        self._centred = False
        grid = QGridLayout(self)
        grid.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        grid.setSpacing(0)
        grid.addWidget(self.head, 0, 0, 1, 3)
        grid.addWidget(self._margin, 1, 0)
        grid.addWidget(self.picture, 1, 1)
        grid.addWidget(self.bar, 1, 2)
        grid.addLayout(self.foot.framed(), 2, 0, 1, 3)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.head.pressed.connect(self._activate)
        self.picture.pressed.connect(self._activate)
        self.head.content_chosen.connect(lambda name: self.content_chosen.emit(self.index, name))
        self.picture.hovered.connect(lambda place: self.hovered.emit(self.index, place))
        self.head.dragged.connect(lambda point: self.dragged.emit(self.index, point))
        self.head.dropped.connect(lambda point: self.dropped.emit(self.index, point))

    def show_view(self, view: PanelView, how: CanvasView, swappable: bool) -> bool:
        """Show `view` drawn as the canvas says; return whether more than masks changed."""
        before, self.view = self.view, view
        self.picture.show_view(view, how)
        more = before is None or (view is not before and not only_masks_changed(before, view))
        if more:
            self.head.show_view(view, str(self.index + 1), swappable)
            self.foot.show_headline(view.headline)
            if before is None or view.active != before.active:
                self.update()
            self._name(view)
            if self._place is not None:
                self.foot.show_reading(cursor.reading(view, self._place))
        self.bar.show_view(view, how.colormap, how.log_scale)
        return more

    def centre_picture(self, centred: bool) -> None:
        """Share the colour bar's room between both sides of a picture that needs none."""
        if centred != self._centred:
            self._centred = centred
            room = self.bar.sizeHint().width()
            self._margin.setFixedWidth(room // 2 if centred else 0)
            # Beside a map it gives way where a panel is smaller than it would like to be.
            self.bar.setMinimumWidth(room - room // 2 if centred else 0)
            self.bar.setMaximumWidth(room - room // 2 if centred else room)

    def set_cursor(self, place: QPointF | None, grid: cursor.Shape | None) -> None:
        """Outline and read the pixel at `place`."""
        self._place = place
        self.picture.set_cursor(place, grid)
        if self.view is not None:
            read = cursor.reading(self.view, place) if place is not None else None
            self.foot.show_reading(read)

    def set_drop(self, drop: bool) -> None:
        """Show that a dragged panel would be dropped here."""
        if drop != self._drop:
            self._drop = drop
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card and its frame: the accent for the active panel."""
        painter = QPainter(self)
        palette = self.palette()
        if self.rect().adjusted(RADIUS, RADIUS, -RADIUS, -RADIUS).contains(event.rect()):
            # A part of the card that its frame is far from, as where a number has changed.
            painter.fillRect(event.rect(), tones.raised(palette))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.view is not None and self.view.active
        width = 2.0 if active or self._drop else 1.0
        edge = tones.accent(palette) if active or self._drop else tones.hairline(palette)
        style = Qt.PenStyle.DashLine if self._drop else Qt.PenStyle.SolidLine
        inset = width / 2
        painter.setPen(QPen(edge, width, style))
        painter.setBrush(tones.raised(palette))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS
        )

    def _activate(self) -> None:
        if self.view is not None and not self.view.active:
            self.activated.emit(self.index)

    def _name(self, view: PanelView) -> None:
        name = self.tr("Panel {0}: {1}").format(self.index + 1, view.label)
        self.setAccessibleName(name)
        self.picture.setAccessibleName(name)
        words = " ".join(filter(None, (view.headline, symbol.in_sentence(view.hint))))
        self.picture.setAccessibleDescription(words)


class _Margin(QWidget):
    """Room beside a picture, of the picture's ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(self.rect(), tones.sunken(self.palette()))
