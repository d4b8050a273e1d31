"""Superpixels: click, or drag over, those that belong to the mask."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.vocabulary.drawing import Drawing


class SuperpixelTool(DrawingTool):
    """Adds every superpixel that the hand goes over with the button down.

    Parameters
    ----------
    drawing
        The mask, and what knows the superpixels.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(drawing)
        self._down = False

    def cursor_shape(self) -> QCursor:
        """Return a pointing hand: it acts at once."""
        return QCursor(Qt.CursorShape.PointingHandCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Add the one under the hand."""
        if self.drawing.size is None or not self.drawing.cutting.begin():
            return
        self._down = True
        self.drawing.begin_stroke()
        self.drawing.note_open_shape(True)
        self.drawing.cutting.paint(*self.pixel_of(surface, point))

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Add those that the hand comes to."""
        if pressed and self._down:
            self.drawing.cutting.paint(*self.pixel_of(surface, point))

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """End the undo step."""
        self.keep()

    def keep(self) -> None:
        """End the undo step."""
        if self._down:
            self._down = False
            self.drawing.end_stroke()
            self.drawing.note_open_shape(False)

    def abandon(self) -> None:
        """Take back what was added since the button went down."""
        if self._down:
            self._down = False
            self.drawing.abandon_stroke()
            self.drawing.note_open_shape(False)
