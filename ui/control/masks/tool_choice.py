"""Which drawing tool is chosen, how large its brush is, and whether it adds. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from ui.state.intent import Intent
from ui.vocabulary.tool import Tool

LEAST_RADIUS = 0.5
_USUAL_SHARE = 0.04
_NOTCH = 1.15


class ToolChoice:
    """What a person chose of the tools.

    Parameters
    ----------
    intent
        Keeps it.
    size
        Gives (height, width) of the masks, None where there is nothing to draw on.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        intent: Intent,
        size: Callable[[], tuple[int, int] | None],
        refresh: Callable[[], None],
    ) -> None:
        self._intent = intent
        self._size = size
        self._refresh = refresh

    @property
    def chosen(self) -> Tool:
        """What the left button does on a picture."""
        return self._intent.tool

    @property
    def radius(self) -> float:
        """Of the brush, in pixels of the picture."""
        chosen = self._intent.brush_radius
        if chosen is not None:
            return chosen
        height, width = self._size() or (512, 512)
        return max(1.0, round(_USUAL_SHARE * min(height, width)))

    @property
    def largest_radius(self) -> float:
        """The largest brush: half the picture."""
        height, width = self._size() or (512, 512)
        return max(height, width) / 2

    @property
    def adds(self) -> bool:
        """Whether shapes are added or removed."""
        return self._intent.adds

    def choose(self, tool: Tool) -> None:
        """Give the left button to a tool; the chosen one again gives it back to panning."""
        self._intent.tool = Tool.PAN if self._intent.tool is tool else tool
        self._refresh()

    def toggle_adds(self) -> None:
        """Change between adding and removing."""
        self.choose_adds(not self.adds)

    def choose_adds(self, adds: bool) -> None:
        """Add shapes to the mask, or remove them."""
        self._intent.adds = adds
        if adds and self._intent.tool is Tool.ERASER:
            self._intent.tool = Tool.BRUSH
        self._refresh()

    def choose_radius(self, radius: float) -> None:
        """Give the brush another size."""
        self._intent.brush_radius = min(max(LEAST_RADIUS, radius), self.largest_radius)
        self._refresh()

    def turn_radius(self, notches: float) -> None:
        """Make the brush larger by some notches, or smaller."""
        now = self.radius
        grown = now * _NOTCH**notches
        # Small brushes change by half pixels, so that every notch is seen.
        if abs(grown - now) < 0.5:
            grown = now + (0.5 if notches > 0 else -0.5)
        self.choose_radius(round(grown * 2) / 2)
