"""An edit worked out elsewhere does what the same edit does at once, or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.errors import MaskError
from memlens.masks.document import MaskDocument
from memlens.masks.edits import (
    Clear,
    DropSmall,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    Paint,
    PixelEdit,
    RemoveMask,
    RenameMask,
    Shrink,
    Smooth,
)
from memlens.masks.named_mask import NamedMask
from memlens.masks.preparing import is_long, prepare
from memlens.masks.shapes import Ellipse, Polygon, Rectangle, Stroke

_PIXELS = np.random.default_rng(5).random((40, 56)) < 0.6


def document() -> MaskDocument:
    mask = NamedMask(name="m", kind="ground truth", pixels=_PIXELS)
    return MaskDocument.from_masks(_PIXELS.shape, (mask,))


@pytest.mark.parametrize(
    "edit",
    [
        Fill(3, 4),
        Fill(20, 20, add=False),
        Invert(),
        Clear(),
        Grow(2),
        Shrink(1),
        Smooth(1),
        LargestRegion(),
        DropSmall(4),
        Paint(Ellipse(3, 3, 30, 30), add=False),
        Paint(Polygon(((0, 0), (50, 3), (20, 39)))),
    ],
    ids=repr,
)
def test_it_does_what_the_edit_does_at_once(edit: PixelEdit) -> None:
    at_once, later = document(), document()
    told: list[object] = []
    later.subscribe(told.append)
    change = at_once.edit(edit)
    prepared = prepare(edit, 1, later.pixels(1).copy(), later.revision(1))
    assert later.perform(prepared) == change
    assert np.array_equal(later.pixels(1), at_once.pixels(1))
    assert later.undo_text == at_once.undo_text
    assert told == ([change] if change is not None else [])
    later.undo()
    assert np.array_equal(later.pixels(1), _PIXELS)
    later.redo()
    assert np.array_equal(later.pixels(1), at_once.pixels(1))


def test_it_does_nothing_to_a_mask_that_changed_meanwhile() -> None:
    masks = document()
    prepared = prepare(Invert(), 1, masks.pixels(1).copy(), masks.revision(1))
    masks.edit(Paint(Rectangle(0, 0, 3, 3)))
    before = masks.pixels(1).copy()
    with pytest.raises(MaskError, match="changed"):
        masks.perform(prepared)
    assert np.array_equal(masks.pixels(1), before)
    masks.edit(RemoveMask(1))
    with pytest.raises(MaskError, match="no mask"):
        masks.perform(prepared)


def test_large_pictures_and_far_reaches_are_long() -> None:
    small, usual, large = (512, 512), (1024, 1024), (4096, 4096)
    brush = Paint(Stroke(((0, 0), (4000, 4000)), 20))
    edits = (Fill(1, 1), Grow(1), Shrink(1), Smooth(2), LargestRegion(), DropSmall(9))
    assert not any(is_long(edit, small) for edit in edits)
    assert all(is_long(edit, large) for edit in (*edits, Invert(), Paint(Polygon(()))))
    assert is_long(Grow(100), usual)
    assert not is_long(Grow(2), usual)
    assert not is_long(brush, large)
    assert not is_long(RenameMask(1, "x"), large)
