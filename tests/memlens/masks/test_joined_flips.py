from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memlens.masks.changes import Flipped, flipped
from memlens.masks.document import MaskDocument
from memlens.masks.edits import Paint
from memlens.masks.joined_flips import JoinedFlips
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Stroke

HEIGHT, WIDTH = 23, 141


@st.composite
def pieces(draw: st.DrawFn) -> Flipped:
    top, left = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    height = draw(st.integers(1, HEIGHT - top))
    width = draw(st.integers(1, WIDTH - left))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    pixels = random.random((height, width)) < draw(st.sampled_from((0.02, 0.5, 1.1)))
    pixels[random.integers(height), random.integers(width)] = True
    change = flipped(3, top, left, pixels)
    assert change is not None
    return change


@given(st.lists(pieces(), min_size=1, max_size=6))
def test_joined_they_do_what_they_did_one_by_one(changes: list[Flipped]) -> None:
    flips = np.zeros((HEIGHT, WIDTH), np.bool_)
    for change in changes:
        flips[change.box.slices] ^= change.flips()
    assert joined(changes) == flipped(3, 0, 0, flips)
    # The way there and back leaves nothing.
    assert joined([*changes, *changes]) is None


def joined(changes: list[Flipped]) -> Flipped | None:
    together = JoinedFlips(3, (HEIGHT, WIDTH))
    for change in changes:
        together.add(change)
    step = together.step()
    return None if step is None else step.change()


def test_a_stroke_all_over_a_large_mask_ends_without_a_byte_for_each_pixel() -> None:
    side = 2048
    mask = NamedMask(name="m", kind="ground truth", pixels=np.zeros((side, side), np.bool_))
    masks = MaskDocument.from_masks((side, side), [mask])
    random = np.random.default_rng(0)
    masks.begin_stroke()
    place = random.uniform(0, side, 2)
    for _ in range(200):
        after = random.uniform(0, side, 2)
        masks.edit(Paint(Stroke(((place[0], place[1]), (after[0], after[1])), 9.0)))
        place = after
    drawn = masks.pixels(1).copy()
    tracemalloc.start()
    masks.end_stroke()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < side * side
    masks.undo()
    assert not masks.pixels(1).any()
    masks.redo()
    assert np.array_equal(masks.pixels(1), drawn)
