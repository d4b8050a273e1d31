"""Polygon: corners that can be moved, added and taken away until it is accepted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from memlens.masks.shapes import Polygon
from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.tools.lines import draw_handles, line_colour, polyline, stroke_path
from ui.vocabulary.drawing import Drawing, Pixel

_REACH = 8.0


class PolygonTool(DrawingTool):
    """Clicks put corners; a double click, or a click on the first corner, closes it.

    Corners are dragged; a press on an edge of the closed polygon puts one there. Enter accepts,
    Esc abandons, Delete takes the corner under the hand away, or the last one. It stays open
    while steps, panels and panning change; what would lose it accepts it.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(drawing)
        self.points: list[Pixel] = []
        self.closed = False
        self._held: int | None = None
        self._dragged = False
        self._over: int | None = None
        self._hand: Pixel | None = None
        self._surface: Surface | None = None
        self._unasked: tuple[list[Pixel], bool, int] | None = None

    @property
    def is_open(self) -> bool:
        """Whether there are corners."""
        return bool(self.points)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take a corner, close, put a corner on an edge, or a new one."""
        if self.drawing.size is None:
            return
        self._surface = surface
        found = self._corner_at(surface, point)
        here = self.pixel_of(surface, point)
        if found == 0 and not self.closed and len(self.points) > 2:
            self.closed = True
            self._held = 0
        elif found is not None:
            self._held = found
        elif self.closed:
            edge = self._edge_at(surface, point)
            if edge is not None:
                self.points.insert(edge + 1, here)
                self._held = edge + 1
        else:
            if not self.points:
                self.drawing.note_open_shape(True)
            self.points.append(here)
            self._held = len(self.points) - 1
        self._over = self._held
        self._note_corners()
        surface.redraw_all()

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Drag the corner that is held; show which one is under the hand."""
        if not self.points:
            return
        here = self.pixel_of(surface, point)
        self._hand = None if self.closed else here
        if pressed and self._held is not None:
            self.points[self._held] = here
            self._dragged = True
        elif not pressed:
            self._over = self._corner_at(surface, point)
        surface.redraw_all()

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Let the corner go."""
        self._held = None
        if self._dragged:
            self._note_corners()

    def double_clicked(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Close it: the first press of the double click has put the last corner."""
        if len(self.points) > 2:
            self.closed = True
            self._hand = None
            self._note_corners()
            surface.redraw_all()

    def left(self, surface: Surface) -> None:
        """Show no line to the hand any more."""
        if self._hand is not None:
            self._hand = None
            surface.redraw_all()

    def finish(self) -> None:
        """Add the polygon to the mask, or remove it."""
        points = tuple(self.points)
        if len(points) < 3:
            return
        self._forget()
        self._unasked = None
        self.drawing.paint(Polygon(points), add=self.drawing.adds)
        # Only now: a kill in between must leave the corners or the mask.
        self._note_corners()

    def abandon(self) -> None:
        """Give it up."""
        if self.points:
            self._forget()
            self._note_corners()

    def open(self, points: Sequence[Pixel], closed: bool) -> None:
        """Go on with corners that were placed before."""
        self._forget()
        self.points, self.closed = list(points), closed
        self._note_corners()
        self.drawing.note_open_shape(True)
        self._redraw()

    def keep(self) -> None:
        """Add the polygon to the mask, or remove it, closed or not; one or two corners stay."""
        points, closed = self.points, self.closed
        if len(points) > 2:
            self.finish()
            self._unasked = (points, closed, self.drawing.edits)

    def put_away(self) -> None:
        """Accept the polygon; one or two corners wait."""
        self.keep()
        if self.points:
            self.drawing.note_open_shape(False)

    def taken_up(self) -> None:
        """Go on with the corners that waited."""
        if self.points:
            self.drawing.note_open_shape(True)

    @property
    def can_reopen(self) -> bool:
        """Whether the last change of the masks is this polygon, accepted unasked."""
        return self._unasked is not None and self._unasked[2] == self.drawing.edits

    def reopen(self) -> None:
        """Go on with the corners of the polygon that was accepted unasked and undone."""
        if self._unasked is not None and not self.points:
            points, closed, _ = self._unasked
            self._unasked = None
            self.open(points, closed)

    def remove_point(self) -> None:
        """Take the corner under the hand away, or the last one."""
        if not self.points:
            return
        del self.points[len(self.points) - 1 if self._over is None else self._over]
        self._over = self._held = None
        self.closed = self.closed and len(self.points) > 2
        self._note_corners()
        if not self.points:
            self.drawing.note_open_shape(False)
        self._redraw()

    def remove_last(self) -> None:
        """Take the corner that was put last away."""
        self._over = None
        self.remove_point()

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw lines and corners."""
        if not self.points:
            return
        colour = line_colour(self.drawing.adds)
        corners = [self.point_of(surface, pixel) for pixel in self.points]
        hand = [self.point_of(surface, self._hand)] if self._hand is not None else []
        if self._held is not None or self._over is not None:
            hand = []
        stroke_path(painter, polyline([*corners, *hand], closed=self.closed), colour)
        draw_handles(painter, corners, self._over, colour)

    def _forget(self) -> None:
        self.points = []
        self.closed = False
        self._held = self._over = self._hand = None
        self.drawing.note_open_shape(False)
        self._redraw()

    def _note_corners(self) -> None:
        self._dragged = False
        self.drawing.note_corners(tuple(self.points), self.closed)

    def _redraw(self) -> None:
        if self._surface is not None:
            self._surface.redraw_all()

    def _corner_at(self, surface: Surface, point: QPointF) -> int | None:
        distances = [_length(self.point_of(surface, pixel) - point) for pixel in self.points]
        near = min(range(len(distances)), key=distances.__getitem__, default=None)
        return near if near is not None and distances[near] <= _REACH else None

    def _edge_at(self, surface: Surface, point: QPointF) -> int | None:
        corners = [self.point_of(surface, pixel) for pixel in self.points]
        distances = [
            _to_segment(point, start, end)
            for start, end in zip(corners, corners[1:] + corners[:1], strict=True)
        ]
        near = min(range(len(distances)), key=distances.__getitem__)
        return near if distances[near] <= _REACH else None


def _length(vector: QPointF) -> float:
    return float((vector.x() ** 2 + vector.y() ** 2) ** 0.5)


def _to_segment(point: QPointF, start: QPointF, end: QPointF) -> float:
    along, to_point = end - start, point - start
    square = QPointF.dotProduct(along, along)
    share = QPointF.dotProduct(to_point, along) / square if square else 0.0
    return _length(to_point - along * min(max(share, 0.0), 1.0))
