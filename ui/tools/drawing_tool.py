"""What all drawing tools have in common."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter

from ui.canvas.mouse_tool import Modifiers, Surface
from ui.vocabulary.drawing import Drawing, Pixel


class DrawingTool:
    """A tool that does nothing yet; what all drawing tools have in common."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    def cursor_shape(self) -> QCursor:
        """Return a cross."""
        return QCursor(Qt.CursorShape.CrossCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the left button going down."""

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Take a move, with or without the button."""

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the left button going up."""

    def double_clicked(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the second press of a double click as another press."""
        self.pressed(surface, point, modifiers)

    def left(self, surface: Surface) -> None:
        """Take the cursor going away."""

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw what is under way over the picture."""

    def finish(self) -> None:
        """Accept the shape that is under way."""

    def abandon(self) -> None:
        """Give the shape that is under way up."""

    def keep(self) -> None:
        """Accept what is under way as it stands, unasked; what is no shape yet stays."""

    @property
    def is_open(self) -> bool:
        """Whether a shape is under way that outlasts the button."""
        return False

    def taken_up(self) -> None:
        """Go on after another tool had the button."""

    def put_away(self) -> None:
        """Make way for another tool: nothing drawn is lost."""
        self.keep()

    def remove_point(self) -> None:
        """Take a point of the shape that is under way back."""

    def size_changed(self) -> None:
        """Show another size of the brush."""

    def pixel_of(self, surface: Surface, point: QPointF) -> Pixel:
        """Return a point of the widget in pixels of the mask."""
        height, width = self.drawing.size or (1, 1)
        place = surface.place_of(point)
        return place.x() * width, place.y() * height

    def point_of(self, surface: Surface, pixel: Pixel) -> QPointF:
        """Return a place of the mask as a point of the widget."""
        height, width = self.drawing.size or (1, 1)
        target = surface.target()
        return QPointF(
            target.x() + pixel[0] / width * target.width(),
            target.y() + pixel[1] / height * target.height(),
        )

    def scale_of(self, surface: Surface) -> float:
        """Return units of the widget per pixel of the mask."""
        target: QRectF = surface.target()
        return target.width() / (self.drawing.size or (1, 1))[1]
