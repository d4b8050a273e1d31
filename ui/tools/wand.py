"""The magic wand: press on a colour, drag sideways for more or less, let go."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing import Drawing, DrawingTool

# Levels of tolerance for each unit that the hand moves.
_PER_UNIT = 0.5


class Wand(Protocol):
    """The wand as its tool sees it: `MagicWand` of the controller."""

    @property
    def tolerance(self) -> float:
        """How far colours may be, 0..255."""
        ...

    def begin(self, x: float, y: float) -> None:
        """Touch the picture at a point in pixels."""
        ...

    def choose_tolerance(self, tolerance: float) -> None:
        """Let colours be further away, or less far; what is touched follows."""
        ...

    def end(self) -> None:
        """Add what is touched to the active mask, or take it away."""
        ...

    def abandon(self) -> None:
        """Change nothing after all."""
        ...


class WandTool(DrawingTool):
    """Shows what would be added while the button is down.

    Parameters
    ----------
    drawing, wand
        The mask; what finds its pixels.
    """

    def __init__(self, drawing: Drawing, wand: Wand) -> None:
        super().__init__(drawing)
        self._wand = wand
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
            self._pressed = (point.x(), self._wand.tolerance)
            self.drawing.note_open_shape(True)
            self._wand.begin(x, y)

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Change the tolerance: to the right for more."""
        if pressed and self._pressed is not None:
            start, tolerance = self._pressed
            self._wand.choose_tolerance(round(tolerance + _PER_UNIT * (point.x() - start)))

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Accept what is shown."""
        self.keep()

    def keep(self) -> None:
        """Accept what is shown."""
        if self._pressed is not None:
            self._pressed = None
            self.drawing.note_open_shape(False)
            self._wand.end()

    def finish(self) -> None:
        """Accept what is shown."""
        self.keep()

    def abandon(self) -> None:
        """Give it up."""
        if self._pressed is not None:
            self._pressed = None
            self.drawing.note_open_shape(False)
            self._wand.abandon()
