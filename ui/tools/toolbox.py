"""The tools by name, and which of them the left button has."""

from __future__ import annotations

from collections.abc import Callable

from memlens.masks.shapes import Ellipse, Rectangle
from ui.canvas.mouse_tool import MouseTool
from ui.mask_tools import Tool
from ui.tools.box_shape import BoxShapeTool
from ui.tools.brush import BrushTool
from ui.tools.drawing import Drawing, DrawingTool
from ui.tools.flood_fill import FillTool
from ui.tools.lasso import LassoTool
from ui.tools.polygon import PolygonTool


class Toolbox:
    """Gives the chosen tool to the canvas.

    Parameters
    ----------
    drawing
        What the tools draw on.
    give
        Hands the left button to a tool, None for panning.
    """

    def __init__(self, drawing: Drawing, give: Callable[[MouseTool | None], None]) -> None:
        self._give = give
        self._tools: dict[Tool, DrawingTool] = {
            Tool.BRUSH: BrushTool(drawing),
            Tool.ERASER: BrushTool(drawing, erases=True),
            Tool.POLYGON: PolygonTool(drawing),
            Tool.RECTANGLE: BoxShapeTool(drawing, Rectangle),
            Tool.ELLIPSE: BoxShapeTool(drawing, Ellipse),
            Tool.LASSO: LassoTool(drawing),
            Tool.FILL: FillTool(drawing),
        }
        self._chosen = Tool.PAN
        self._look: tuple[float, bool] | None = None

    @property
    def current(self) -> DrawingTool | None:
        """The chosen tool, None for panning."""
        return self._tools.get(self._chosen)

    def show(self, tool: Tool, radius: float, adds: bool) -> None:
        """Choose a tool; the one before accepts a closed shape and gives an open one up."""
        if tool is not self._chosen:
            before = self.current
            if before is not None:
                # Accepting asks for another view, which comes here with the tool chosen.
                self._chosen = tool
                before.put_away()
            self._chosen = tool
            self._give(self.current)
        if self._look != (radius, adds):
            self._look = (radius, adds)
            if self.current is not None:
                self.current.size_changed()

    def finish(self) -> None:
        """Accept the shape under way."""
        if self.current is not None:
            self.current.finish()

    def abandon(self) -> None:
        """Give the shape under way up."""
        if self.current is not None:
            self.current.abandon()

    def undo_within(self) -> bool:
        """Take the last corner of an open polygon back; False where none is open."""
        tool = self.current
        if isinstance(tool, PolygonTool) and tool.points:
            tool.remove_last()
            return True
        return False

    def remove_point(self) -> None:
        """Take a corner of the shape under way back."""
        if self.current is not None:
            self.current.remove_point()
