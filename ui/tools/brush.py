"""Brush and eraser: a round stroke that follows the hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPainterPath

from memlens.masks.shapes import Stroke
from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.tools.lines import line_colour, stroke_path
from ui.vocabulary.drawing import Drawing, Pixel

_LEAST_RING = 2.5


class BrushTool(DrawingTool):
    """Paints while the button is down; with Shift, a straight stroke from the last point.

    Parameters
    ----------
    drawing
        Takes the strokes.
    erases
        Whether it removes whatever the add/remove switch says.
    """

    def __init__(self, drawing: Drawing, *, erases: bool = False) -> None:
        super().__init__(drawing)
        self._erases = erases
        self._last: Pixel | None = None
        self._down = False
        self._at: tuple[Surface, QPointF] | None = None

    @property
    def adds(self) -> bool:
        """Whether it adds to the mask."""
        return self.drawing.adds and not self._erases

    def cursor_shape(self) -> QCursor:
        """Return no cursor: the ring shows where it paints."""
        return QCursor(Qt.CursorShape.BlankCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Begin a stroke."""
        if self.drawing.size is None:
            return
        here = self.pixel_of(surface, point)
        self._down = True
        self.drawing.begin_stroke()
        self.drawing.note_open_shape(True)
        straight = modifiers & Qt.KeyboardModifier.ShiftModifier and self._last is not None
        points = (self._last, here) if straight and self._last is not None else (here,)
        self.drawing.paint(Stroke(points, self.drawing.radius), add=self.adds)
        self._last = here

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Go on with the stroke, and take the ring along."""
        if pressed and self._down and self._last is not None:
            here = self.pixel_of(surface, point)
            if here != self._last:
                stroke = Stroke((self._last, here), self.drawing.radius)
                self.drawing.paint(stroke, add=self.adds)
                self._last = here
        self._move_ring(surface, point)

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """End the stroke."""
        self.keep()

    def keep(self) -> None:
        """End the stroke where the hand is."""
        if self._down:
            self._down = False
            self.drawing.end_stroke()
            self.drawing.note_open_shape(False)

    def left(self, surface: Surface) -> None:
        """Take the ring away."""
        if self._at is not None:
            shown, point = self._at
            self._at = None
            shown.redraw(self._ring(shown, point))

    def abandon(self) -> None:
        """Take the stroke under way back."""
        if self._down:
            self._down = False
            self._last = None
            self.drawing.abandon_stroke()
            self.drawing.note_open_shape(False)

    def size_changed(self) -> None:
        """Draw the ring in its new size."""
        if self._at is not None:
            self._at[0].redraw_all()

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw the ring of the brush's true size under the hand."""
        if self._at is None or self._at[0] is not surface:
            return
        point = self._at[1]
        ring = QPainterPath()
        ring.addEllipse(self._ring(surface, point))
        if self.scale_of(surface) * self.drawing.radius < 4 * _LEAST_RING:
            for shift in (QPointF(7, 0), QPointF(0, 7)):
                for side in (-1, 1):
                    ring.moveTo(point + shift * (side * 0.6))
                    ring.lineTo(point + shift * side)
        stroke_path(painter, ring, line_colour(self.adds))

    def _move_ring(self, surface: Surface, point: QPointF) -> None:
        before, self._at = self._at, (surface, point)
        if before is not None:
            before[0].redraw(_around(self._ring(*before)))
        surface.redraw(_around(self._ring(surface, point)))

    def _ring(self, surface: Surface, point: QPointF) -> QRectF:
        reach = max(self.drawing.radius * self.scale_of(surface), _LEAST_RING)
        return QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)


def _around(ring: QRectF) -> QRectF:
    """Return `ring` with room for the small cross of a tiny brush."""
    return ring.adjusted(-8, -8, 8, 8) if ring.width() < 24 else ring.adjusted(-2, -2, 2, 2)
