"""Edits of large masks, worked out in another thread than the document's."""

from __future__ import annotations

from dataclasses import dataclass

from memlens.masks.changes import Flipped, flipped
from memlens.masks.edits import (
    DropSmall,
    Edit,
    Fill,
    Grow,
    LargestRegion,
    ListEdit,
    Paint,
    PixelEdit,
    Shrink,
    Smooth,
    Wand,
    text_of,
)
from memlens.masks.named_mask import BoolArray
from memlens.masks.packing import PackedChange, packed
from memlens.masks.patches import flips_of
from memlens.masks.shapes import Stroke

LONG_MS = 10.0
# Nanoseconds for each pixel, measured by benchmarks/masks.py.
_NS = {Fill: 10.0, Smooth: 25.0, LargestRegion: 15.0, DropSmall: 15.0, Paint: 3.5, Wand: 40.0}
_NS_PLAIN = 0.8
_NS_DISTANCE = (4.0, 0.9)


@dataclass(frozen=True, slots=True)
class PreparedEdit:
    """What an edit comes to.

    Attributes
    ----------
    mask
        Whose pixels it flips.
    revision
        Of the mask when it was worked out; it holds for no other.
    text
        What the undo step is called.
    change
        None if it changes nothing.
    step
        The change, packed for undo.
    """

    mask: int
    revision: int
    text: str
    change: Flipped | None
    step: PackedChange | None


def is_long(edit: Edit, size: tuple[int, int]) -> bool:
    """Whether an edit of a mask of `size` = (height, width) may take more than 10 ms."""
    if isinstance(edit, ListEdit) or (isinstance(edit, Paint) and isinstance(edit.shape, Stroke)):
        return False
    cost = _NS.get(type(edit), _NS_PLAIN)
    if isinstance(edit, Grow | Shrink):
        cost = _NS_DISTANCE[0] + _NS_DISTANCE[1] * edit.pixels
    return size[0] * size[1] * cost > LONG_MS * 1e6


def prepare(edit: PixelEdit, mask: int, pixels: BoolArray, revision: int) -> PreparedEdit:
    """Work out an edit; for `MaskDocument.perform`.

    Parameters
    ----------
    edit
        What to do.
    mask, pixels, revision
        The mask's id, a copy of its pixels, (height, width), and its revision.

    Raises
    ------
    MaskError
        If the edit has a value out of range.
    """
    region = flips_of(edit, pixels)
    change = flipped(mask, region.top, region.left, region.pixels)
    step = None if change is None else packed(change)
    return PreparedEdit(mask, revision, text_of(edit), change, step)
