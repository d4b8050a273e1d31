"""What a person may do to masks: frozen requests, carried out by `MaskDocument.edit`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.shapes import Ellipse, Polygon, Rectangle, Region, Shape, Stroke

_REPLACED = "Replace mask"


@dataclass(frozen=True, slots=True)
class Paint:
    """Add a shape to the mask, or take it away."""

    shape: Shape
    add: bool = True


@dataclass(frozen=True, slots=True)
class Fill:
    """Fill the area of equal pixels, joined by their sides, in which the point (x, y) lies.

    Outside the picture nothing happens.
    """

    x: float
    y: float
    add: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Wand:
    """Add the area around the point (x, y) whose colours hardly differ, or take it away.

    Attributes
    ----------
    picture
        (height, width, 3), uint8, as large as the mask.
    x, y, tolerance
        As in `memlens.masks.wand.similar_region`.
    """

    picture: NDArray[np.uint8]
    x: float
    y: float
    tolerance: float
    add: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class PaintRegion:
    """Add pixels that were found before, such as a superpixel, or take them away."""

    region: Region
    add: bool = True


@dataclass(frozen=True, slots=True)
class Invert:
    """Exchange inside and outside."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the mask."""


@dataclass(frozen=True, slots=True)
class Grow:
    """Add every pixel within a distance, in pixels between centres, of the mask."""

    pixels: int = 1


@dataclass(frozen=True, slots=True)
class Shrink:
    """Take away every pixel within a distance of the outside; beyond the picture is no outside."""

    pixels: int = 1


@dataclass(frozen=True, slots=True)
class Smooth:
    """Give each pixel what most of the (2·radius + 1)² around it have."""

    radius: int = 2


@dataclass(frozen=True, slots=True)
class LargestRegion:
    """Keep only the largest region (pixels joined by their sides)."""


@dataclass(frozen=True, slots=True)
class DropSmall:
    """Drop the regions of fewer pixels than this."""

    minimum_area: int


@dataclass(frozen=True, slots=True, eq=False)
class ReplacePixels:
    """Put other pixels, (height, width), in place of the mask's.

    Attributes
    ----------
    pixels
        As large as the picture.
    text
        What the undo step is called, such as "From training picture".
    """

    pixels: BoolArray
    text: str = _REPLACED


@dataclass(frozen=True, slots=True, eq=False)
class AddMask:
    """Add a mask at the end of the list."""

    named_mask: NamedMask


@dataclass(frozen=True, slots=True)
class RemoveMask:
    """Remove a mask."""

    mask: int


@dataclass(frozen=True, slots=True)
class DuplicateMask:
    """Copy a mask to the place after it."""

    mask: int


@dataclass(frozen=True, slots=True)
class RenameMask:
    """Give a mask another name."""

    mask: int
    name: str


@dataclass(frozen=True, slots=True)
class ChooseKind:
    """Call a mask another of `memlens.masks.kinds.KINDS`."""

    mask: int
    kind: str


@dataclass(frozen=True, slots=True)
class LockMask:
    """Let no edit change a mask, or let edits change it again."""

    mask: int
    locked: bool


PixelEdit = (
    Paint
    | Fill
    | Wand
    | PaintRegion
    | Invert
    | Clear
    | Grow
    | Shrink
    | Smooth
    | LargestRegion
    | DropSmall
    | ReplacePixels
)
ListEdit = AddMask | RemoveMask | DuplicateMask | RenameMask | ChooseKind | LockMask
Edit = PixelEdit | ListEdit

_FILLED = ("Erase area", "Fill")
_WAND = ("Erase with the wand", "Magic wand")
_REGION = ("Erase superpixels", "Superpixels")
_LOCKED = ("Unlock mask", "Lock mask")
_TEXTS: dict[type, str] = {
    Invert: "Invert",
    Clear: "Clear",
    Grow: "Grow",
    Shrink: "Shrink",
    Smooth: "Smooth",
    LargestRegion: "Keep largest region",
    DropSmall: "Drop small regions",
    AddMask: "Add mask",
    RemoveMask: "Remove mask",
    DuplicateMask: "Duplicate mask",
    RenameMask: "Rename mask",
    ChooseKind: "Choose kind",
}
_PAINTED: dict[type, tuple[str, str]] = {
    Stroke: ("Eraser", "Brush"),
    Polygon: ("Erase polygon", "Polygon"),
    Rectangle: ("Erase rectangle", "Rectangle"),
    Ellipse: ("Erase ellipse", "Ellipse"),
}


def edit_texts() -> frozenset[str]:
    """Return every name that an undo step can have."""
    painted = {text for pair in _PAINTED.values() for text in pair}
    return frozenset({*_TEXTS.values(), *painted, *_FILLED, *_WAND, *_REGION, *_LOCKED, _REPLACED})


def text_of(edit: Edit) -> str:
    """Return what the undo step of an edit is called, in English."""
    if isinstance(edit, Paint):
        return _PAINTED[type(edit.shape)][edit.add]
    if isinstance(edit, Fill):
        return _FILLED[edit.add]
    if isinstance(edit, Wand):
        return _WAND[edit.add]
    if isinstance(edit, PaintRegion):
        return _REGION[edit.add]
    if isinstance(edit, LockMask):
        return _LOCKED[edit.locked]
    if isinstance(edit, ReplacePixels):
        return edit.text
    return _TEXTS[type(edit)]
