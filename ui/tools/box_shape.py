"""Rectangle and ellipse: a shape drawn in the box between two corners."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from memlens.masks.shapes import Ellipse, Rectangle
from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.tools.lines import line_colour, stroke_path
from ui.vocabulary.drawing import Drawing, Pixel

Corners = tuple[float, float, float, float]


class BoxShapeTool(DrawingTool):
    """Draws while dragging, adds when let go; Shift makes it as wide as high, Alt centres it.

    Parameters
    ----------
    drawing
        Takes the shape.
    shape
        Makes it from its corners.
    """

    def __init__(
        self, drawing: Drawing, shape: type[Rectangle] | type[Ellipse] = Rectangle
    ) -> None:
        super().__init__(drawing)
        self._shape: Callable[[float, float, float, float], Rectangle | Ellipse] = shape
        self._round = shape is Ellipse
        self._start: Pixel | None = None
        self._corners: Corners | None = None

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Put the first corner, or the centre."""
        if self.drawing.size is None:
            return
        self._start = self.pixel_of(surface, point)
        self.drawing.note_open_shape(True)

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Drag the other corner."""
        if pressed and self._start is not None:
            self._corners = corners(self._start, self.pixel_of(surface, point), modifiers)
            surface.redraw_all()

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Add the shape to the mask, or remove it."""
        if self._start is None:
            return
        self._corners = corners(self._start, self.pixel_of(surface, point), modifiers)
        self.keep()
        surface.redraw_all()

    def keep(self) -> None:
        """Add the shape as it stands, or remove it."""
        found = self._corners
        if self._start is not None:
            self._end()
        if found is not None and found[0] != found[2] and found[1] != found[3]:
            self.drawing.paint(self._shape(*found), add=self.drawing.adds)

    def abandon(self) -> None:
        """Draw nothing after all."""
        if self._start is not None:
            self._end()

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw the shape as it would be."""
        if self._corners is None:
            return
        x0, y0, x1, y1 = self._corners
        box = QRectF(self.point_of(surface, (x0, y0)), self.point_of(surface, (x1, y1)))
        path = QPainterPath()
        if self._round:
            path.addEllipse(box)
        else:
            path.addRect(box)
        stroke_path(painter, path, line_colour(self.drawing.adds))

    def _end(self) -> None:
        self._start = self._corners = None
        self.drawing.note_open_shape(False)


def corners(start: Pixel, end: Pixel, modifiers: Modifiers) -> Corners:
    """Return (x0, y0, x1, y1) with x0 ≤ x1 and y0 ≤ y1.

    Parameters
    ----------
    start, end
        Where the button went down, and where the hand is.
    modifiers
        Shift makes the box as wide as high, Alt puts its centre at `start`.
    """
    wide, high = end[0] - start[0], end[1] - start[1]
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        side = max(abs(wide), abs(high))
        wide, high = (side if wide >= 0 else -side), (side if high >= 0 else -side)
    x, y = start
    if modifiers & Qt.KeyboardModifier.AltModifier:
        x, y, wide, high = x - wide, y - high, 2 * wide, 2 * high
    return min(x, x + wide), min(y, y + high), max(x, x + wide), max(y, y + high)
