from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memlens.masks.changes import Flipped, flipped
from memlens.masks.joined_flips import joined_flips

HEIGHT, WIDTH = 23, 41


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
    assert joined_flips(changes) == flipped(3, 0, 0, flips)
    # The way there and back leaves nothing.
    assert joined_flips([*changes, *changes]) is None
