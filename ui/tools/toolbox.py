"""The tools by name, and which of them the left button has."""

from __future__ import annotations

from collections.abc import Callable

from memlens.masks.open_shape import OpenShape
from memlens.masks.shapes import Ellipse, Rectangle
from ui.canvas.mouse_tool import MouseTool
from ui.tools.box_shape import BoxShapeTool
from ui.tools.brush import BrushTool
from ui.tools.drawing_tool import DrawingTool
from ui.tools.flood_fill import FillTool
from ui.tools.lasso import LassoTool
from ui.tools.pan_over import PanOver
from ui.tools.polygon import PolygonTool
from ui.tools.superpixels import SuperpixelTool
from ui.tools.wand import WandTool
from ui.vocabulary.drawing import Drawing
from ui.vocabulary.tool import Tool


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
        self._polygon = PolygonTool(drawing)
        self._tools: dict[Tool, DrawingTool] = {
            Tool.BRUSH: BrushTool(drawing),
            Tool.ERASER: BrushTool(drawing, erases=True),
            Tool.POLYGON: self._polygon,
            Tool.RECTANGLE: BoxShapeTool(drawing, Rectangle),
            Tool.ELLIPSE: BoxShapeTool(drawing, Ellipse),
            Tool.LASSO: LassoTool(drawing),
            Tool.FILL: FillTool(drawing),
            Tool.WAND: WandTool(drawing),
            Tool.SUPERPIXELS: SuperpixelTool(drawing),
        }
        self._chosen = Tool.PAN
        self._resting: DrawingTool | None = None
        self._look: tuple[float, bool] | None = None

    @property
    def current(self) -> DrawingTool | None:
        """The chosen tool; while panning, the one whose shape is under way, or None."""
        return self._tools.get(self._chosen, self._resting)

    def show(self, tool: Tool, radius: float, adds: bool) -> None:
        """Choose a tool; the one before accepts its shape, except for panning meanwhile."""
        if tool is not self._chosen:
            before = self.current
            rests = tool is Tool.PAN and before is not None and before.is_open
            # Accepting asks for another view, which comes here with the tool chosen.
            self._chosen, self._resting = tool, before if rests else None
            now = self.current
            if before is not None and before is not now:
                before.put_away()
            if tool is not self._chosen:
                return
            if now is not None and now is not before:
                now.taken_up()
            self._give(PanOver(now) if rests and now is not None else now)
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

    def keep(self) -> None:
        """Accept the shape under way as it stands, so that it is not lost."""
        if self.current is not None:
            self.current.keep()

    def keep_polygon(self) -> None:
        """Accept the open polygon; a drag that is under the hand goes on."""
        if self.current is not None and self.current.is_open:
            self.current.keep()

    def open_polygon(self, shape: OpenShape) -> None:
        """Go on with a polygon that was under way when a window was killed."""
        self._polygon.open(shape.points, shape.closed)

    def undo(self, undo: Callable[[], None]) -> None:
        """Take the last corner of an open polygon back; where none is open, `undo`.

        A polygon that was accepted unasked is open again after it was undone.
        """
        tool = self.current
        if not isinstance(tool, PolygonTool):
            undo()
        elif tool.is_open:
            tool.remove_last()
        else:
            reopens = tool.can_reopen
            undo()
            if reopens:
                tool.reopen()

    def remove_point(self) -> None:
        """Take a corner of the shape under way back."""
        if self.current is not None:
            self.current.remove_point()
