"""What the controller asks of the window that shows it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from memlens.masks.open_shape import OpenShape
from ui.view.view_state import CanvasView, WindowView
from ui.vocabulary.drawing import Drawing


class Hand(Protocol):
    """The tools with what is under way in them: `ui.tools.toolbox.Toolbox`."""

    def keep(self) -> None:
        """Accept the shape under way as it stands, so that it is not lost."""
        ...

    def keep_polygon(self) -> None:
        """Accept the open polygon; a drag that is under the hand goes on."""
        ...

    def open_polygon(self, shape: OpenShape) -> None:
        """Go on with a polygon that was under way when a window was killed."""
        ...


class Screen(Protocol):
    """The window, as far as the controller knows it."""

    def show_view(self, view: WindowView) -> None:
        """Show all of `view`."""
        ...

    def show_masks(self, canvas: CanvasView) -> None:
        """Show the panels while masks change under the hand: of the rest nothing has changed."""
        ...

    def hand_for(self, masks: Drawing) -> Hand:
        """Return the tools that are to draw on these masks."""
        ...

    def ask_first(self, then: Callable[[], None]) -> None:
        """Call `then` once the person has said what becomes of unsaved work."""
        ...

    def journal_failed(self, journal: Path, reason: str) -> None:
        """Hand on to `UnsavedWork.journal_failed` in the window's thread; called in another one."""
        ...
