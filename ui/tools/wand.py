"""The magic wand: press on a colour, drag sideways for more or less, let go."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool
from ui.vocabulary.drawing import Drawing

# Levels of tolerance for each unit that the hand moves.
_PER_UNIT = 0.5


class WandTool(DrawingTool):
    """Shows what would be added while the button is down.

    Parameters
    ----------
    drawing
        The mask, and what finds its pixels.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(drawing)
        self._pressed: tuple[float, float] | None = None

    def cursor_shape(self) -> QCursor:
        """Return a cross: its middle is what is touched."""
        return QCursor(Qt.CursorShape.CrossCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Touch what is under the hand."""
        if self.drawing.size is None:
            return
        height, width = self.drawing.size
        x, y = self.pixel_of(surface, point)
        if 0 <= x < width and 0 <= y < height:
            self._pressed = (point.x(), self.drawing.wand.tolerance)
            self.drawing.note_open_shape(True)
            self.drawing.wand.begin(x, y)

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Change the tolerance: to the right for more."""
        if pressed and self._pressed is not None:
            start, tolerance = self._pressed
            self.drawing.wand.choose_tolerance(round(tolerance + _PER_UNIT * (point.x() - start)))

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Accept what is shown."""
        self.keep()

    def keep(self) -> None:
        """Accept what is shown."""
        if self._pressed is not None:
            self._pressed = None
            self.drawing.note_open_shape(False)
            self.drawing.wand.end()

    def finish(self) -> None:
        """Accept what is shown."""
        self.keep()

    def abandon(self) -> None:
        """Give it up."""
        if self._pressed is not None:
            self._pressed = None
            self.drawing.note_open_shape(False)
            self.drawing.wand.abandon()
