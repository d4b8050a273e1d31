"""Fill: one click fills the area of equal pixels around it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from ui.canvas.mouse_tool import Modifiers, Surface
from ui.tools.drawing_tool import DrawingTool


class FillTool(DrawingTool):
    """Fills where it is clicked."""

    def cursor_shape(self) -> QCursor:
        """Return a pointing hand: it acts at once."""
        return QCursor(Qt.CursorShape.PointingHandCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Fill."""
        if self.drawing.size is None:
            return
        height, width = self.drawing.size
        x, y = self.pixel_of(surface, point)
        if 0 <= x < width and 0 <= y < height:
            self.drawing.fill(x, y)
