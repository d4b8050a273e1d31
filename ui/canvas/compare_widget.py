"""One large panel made of two: wipe, A − B or blink."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.canvas import cursor
from ui.canvas.colormaps import DIVERGING
from ui.canvas.colour_bar import ColourBar
from ui.canvas.compare import Difference
from ui.canvas.panel_foot import PanelFoot
from ui.canvas.panel_head import PanelHead
from ui.canvas.panel_layers import Shared
from ui.canvas.panel_widget import FRAME, RADIUS
from ui.canvas.picture_view import PictureView
from ui.canvas.viewport import Viewport
from ui.look import tones
from ui.view.view_state import CanvasView, PanelView
from ui.vocabulary.panel_content import Compare

BLINK_MS = 600


class CompareWidget(QWidget):
    """A has the left head, B the right one; both choose what they show."""

    content_chosen = Signal(int, str)
    hovered = Signal(int, object)

    def __init__(self, shared: Shared, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._difference = Difference()
        self._pair = (0, 1)
        self._views: tuple[PanelView, PanelView] | None = None
        self._how = CanvasView()
        self._showing_b = False
        self._place: QPointF | None = None
        self.heads = (PanelHead(self), PanelHead(self))
        self.picture = PictureView(shared, viewport, self)
        self.bar = ColourBar(self)
        self.feet = (PanelFoot(self), PanelFoot(self))
        grid = QGridLayout(self)
        grid.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        grid.setSpacing(0)
        grid.addWidget(self.heads[0], 0, 0)
        grid.addWidget(self.heads[1], 0, 1)
        grid.addWidget(self.picture, 1, 0, 1, 2)
        grid.addWidget(self.bar, 1, 2)
        grid.addLayout(self.feet[0].framed(), 2, 0)
        grid.addLayout(self.feet[1].framed(), 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._blink.timeout.connect(self._turn)
        for side, head in enumerate(self.heads):
            head.content_chosen.connect(
                lambda name, side=side: self.content_chosen.emit(self._pair[side], name)
            )
        self.picture.hovered.connect(lambda place: self.hovered.emit(self._pair[0], place))

    def show_view(self, view: CanvasView, pair: tuple[int, int]) -> None:
        """Show panels `pair` of `view` as one."""
        self._pair = pair
        views = (view.panels[pair[0]], view.panels[pair[1]])
        for side, (head, panel, foot) in enumerate(zip(self.heads, views, self.feet, strict=True)):
            if self._views is None or self._views[side] is not panel:
                head.show_view(panel, "AB"[side], swappable=False)
                foot.show_headline(panel.headline)
        self._views, self._how = views, view
        blinking = view.compare is Compare.BLINK and self.isVisible()
        if blinking != self._blink.isActive():
            self._showing_b = False
            if blinking:
                self._blink.start()
            else:
                self._blink.stop()
        self._draw()
        self.set_cursor(self._place)
        names = " / ".join(panel.label for panel in views)
        self.picture.setAccessibleName(f"{view.compare.value}: {names}")

    def set_cursor(self, place: QPointF | None) -> None:
        """Outline and read the pixel at `place`, in A and in B."""
        self._place = place
        self.picture.set_cursor(place, None)
        if self._views is None:
            return
        first, second = (
            cursor.reading(panel, place) if place is not None else None for panel in self._views
        )
        if second is not None:
            # The place is the same: it is said once, at A.
            second = replace(second, pixel="", rgb=None)
            if self._how.compare is Compare.DIFFERENCE and place is not None:
                apart = cursor.reading(self._difference.view(*self._views), place)
                if apart is not None and apart.value:
                    second = replace(second, pixel=f"A − B {apart.value}")
        self.feet[0].show_reading(first)
        self.feet[1].show_reading(second)

    def stop(self) -> None:
        """Stop blinking."""
        self._blink.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop blinking: nothing is seen."""
        self.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card and its frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tones.accent(self.palette()), 2))
        painter.setBrush(tones.raised(self.palette()))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _turn(self) -> None:
        self._showing_b = not self._showing_b
        self._draw()

    def _draw(self) -> None:
        if self._views is None:
            return
        a, b = self._views
        how = self._how
        if how.compare is Compare.DIFFERENCE:
            difference = self._difference.view(a, b)
            self.picture.show_view(difference, how, diverging=True)
            self.bar.show_view(difference, DIVERGING, how.log_scale)
        elif how.compare is Compare.WIPE:
            self.picture.show_view(a, how, second=b)
            self.bar.show_view(a if a.values is not None else b, how.colormap, how.log_scale)
        else:
            shown = b if self._showing_b else a
            self.picture.show_view(shown, how)
            self.bar.show_view(shown, how.colormap, how.log_scale)
            self.heads[0].number.show_name("A", not self._showing_b)
            self.heads[1].number.show_name("B", self._showing_b)
