"""What a drawing tool asks of the masks that it draws on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from memlens.masks.shapes import Shape

Pixel = tuple[float, float]


class Wand(Protocol):
    """The magic wand, as its tool sees it."""

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


class Cutting(Protocol):
    """The superpixels, as their tool sees them."""

    def begin(self) -> bool:
        """Whether superpixels can be added now; says why where they cannot."""
        ...

    def paint(self, x: float, y: float) -> None:
        """Add the superpixel at a point in pixels to the active mask, or take it away."""
        ...


class Drawing(Protocol):
    """The mask that is drawn, as tools see it: `Masking` of the controller, or a list in tests."""

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width) of masks, None where there is nothing to draw on."""
        ...

    @property
    def radius(self) -> float:
        """Of the brush, in pixels of the picture."""
        ...

    @property
    def adds(self) -> bool:
        """Whether shapes are added or removed."""
        ...

    @property
    def wand(self) -> Wand:
        """The magic wand."""
        ...

    @property
    def cutting(self) -> Cutting:
        """The superpixels."""
        ...

    @property
    def edits(self) -> int:
        """Rises with every change of the masks."""
        ...

    def begin_stroke(self) -> None:
        """Make one undo step of the edits until `end_stroke`."""
        ...

    def paint(self, shape: Shape, *, add: bool) -> None:
        """Add a shape to the active mask, or remove it."""
        ...

    def end_stroke(self) -> None:
        """End the undo step."""
        ...

    def abandon_stroke(self) -> None:
        """Undo the edits since `begin_stroke`."""
        ...

    def fill(self, x: float, y: float) -> None:
        """Fill the area of equal pixels around a place."""
        ...

    def note_open_shape(self, is_open: bool) -> None:
        """Say whether a shape is under way: Enter and Esc belong to it then."""
        ...

    def note_corners(self, points: Sequence[Pixel], closed: bool) -> None:
        """Keep the corners of the polygon under way safe; without any there is none."""
        ...
