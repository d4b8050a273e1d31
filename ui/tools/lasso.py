"""Lasso: the area that the hand goes around."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from memlens.masks.shapes import Polygon
from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.tools.lines import line_colour, polyline, stroke_path
from ui.vocabulary.drawing import Drawing, Pixel


class LassoTool(DrawingTool):
    """Follows the hand while the button is down and closes when it is let go."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(drawing)
        self._points: list[Pixel] = []

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Begin."""
        if self.drawing.size is not None:
            self._points = [self.pixel_of(surface, point)]
            self.drawing.note_open_shape(True)

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Follow the hand."""
        if pressed and self._points:
            here = self.pixel_of(surface, point)
            if here != self._points[-1]:
                self._points.append(here)
                surface.redraw_all()

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Add what was gone around to the mask, or remove it."""
        self.keep()
        surface.redraw_all()

    def keep(self) -> None:
        """Add what was gone around so far, or remove it."""
        points = tuple(self._points)
        self.abandon()
        if len(points) > 2:
            self.drawing.paint(Polygon(points), add=self.drawing.adds)

    def abandon(self) -> None:
        """Draw nothing after all."""
        if self._points:
            self._points = []
            self.drawing.note_open_shape(False)

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw the way so far."""
        if len(self._points) > 1:
            points = [self.point_of(surface, pixel) for pixel in self._points]
            path = polyline(points, closed=True)
            stroke_path(painter, path, line_colour(self.drawing.adds))
