"""What the left button does on a picture: one tool at a time."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter

from ui.canvas.viewport import Viewport

Modifiers = Qt.KeyboardModifier


class Surface(Protocol):
    """What a tool may ask of the picture that it works on."""

    linked: Viewport

    def target(self) -> QRectF:
        """Return where the whole picture lies in the view."""
        ...

    def place_of(self, point: QPointF) -> QPointF:
        """Return a point of the widget as shares of the picture (outside 0..1 beyond it)."""
        ...

    def pan_by(self, shift: QPointF) -> None:
        """Move the picture, in all panels."""
        ...

    def redraw(self, area: QRectF) -> None:
        """Draw a part of this picture again."""
        ...

    def redraw_all(self) -> None:
        """Draw the pictures of all panels again."""
        ...


class MouseTool(Protocol):
    """A tool; points are the widget's, `surface` turns them into places of the picture."""

    def cursor_shape(self) -> QCursor:
        """Return how the cursor looks."""
        ...

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the left button going down."""
        ...

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Take a move, with or without the button."""
        ...

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the left button going up."""
        ...

    def double_clicked(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take the second press of a double click."""
        ...

    def left(self, surface: Surface) -> None:
        """Take the cursor going away."""
        ...

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw what is under way over the picture."""
        ...


class PanTool:
    """Drags the picture; the tool when no other is chosen."""

    def __init__(self) -> None:
        self._last: QPointF | None = None

    def cursor_shape(self) -> QCursor:
        """Return a cross: the cursor reads values."""
        return QCursor(Qt.CursorShape.CrossCursor)

    def pressed(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Take hold of the picture."""
        self._last = point

    def moved(self, surface: Surface, point: QPointF, pressed: bool, modifiers: Modifiers) -> None:
        """Move it along."""
        if pressed and self._last is not None:
            surface.pan_by(point - self._last)
            self._last = point

    def released(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Let go."""
        self._last = None

    def double_clicked(self, surface: Surface, point: QPointF, modifiers: Modifiers) -> None:
        """Show the whole picture."""
        surface.linked.fit()

    def left(self, surface: Surface) -> None:
        """Do nothing."""

    def paint(self, surface: Surface, painter: QPainter) -> None:
        """Draw nothing."""
