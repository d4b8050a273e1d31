"""Panning while a shape is under way: the shape stays in sight."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from ui.canvas.mouse_tool import PanTool, Surface
from ui.tools.drawing_tool import DrawingTool


class PanOver(PanTool):
    """Drags the picture and draws the shape of another tool over it.

    Parameters
    ----------
    resting
        The tool whose shape is under way.
    """

    def __init__(self, resting: DrawingTool) -> None:
        super().__init__()
        self._resting = resting

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw the shape."""
        self._resting.paint(surface, painter)
