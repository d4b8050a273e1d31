"""Packed changes come back bit for bit, and those of large pictures are small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.masks.changes import Added, Change, Group, Renamed, flipped
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.packing import packed


def disc(height: int, width: int) -> BoolArray:
    rows, columns = np.ogrid[:height, :width]
    inside: BoolArray = (rows * 2 - height) ** 2 + (columns * 2 - width) ** 2 < min(
        height, width
    ) ** 2
    return inside


@st.composite
def pictures(draw: st.DrawFn) -> BoolArray:
    """Draw a picture of any width with a disc, and noise of any density over it."""
    height, width = draw(st.integers(1, 300)), draw(st.integers(1, 700))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    density = draw(st.sampled_from((0.0, 0.0005, 0.01, 0.3)))
    return disc(height, width) ^ (chance.random((height, width)) < density)


@settings(deadline=None, max_examples=60)
@given(first=pictures(), second=pictures(), kind=st.integers(0, 2))
def test_every_change_comes_back(first: BoolArray, second: BoolArray, kind: int) -> None:
    change: Change | None = flipped(3, 5, 7, first)
    value = NamedMask(name="é", kind="found", pixels=second)
    if kind == 1 or change is None:
        change = Added(2, 0, value)
    elif kind == 2:
        change = Group((change, Renamed(3, "a", "b"), Added(2, 0, value)))
    back = packed(change).change()
    if isinstance(change, Added):
        assert isinstance(back, Added)
        assert np.array_equal(back.mask_value.pixels, second)
    elif isinstance(change, Group):
        assert isinstance(back, Group)
        assert back.changes[:2] == change.changes[:2]
        added = back.changes[2]
        assert isinstance(added, Added)
        assert np.array_equal(added.mask_value.pixels, second)
    else:
        assert back == change


@pytest.mark.parametrize("width", [4096, 4093])
def test_a_fill_of_a_large_picture_takes_kilobytes(width: int) -> None:
    change = flipped(1, 0, 0, disc(4096, width))
    assert change is not None
    assert len(change.bits) > 2_000_000
    assert packed(change).size < 32 << 10


def test_noise_is_kept_as_it_is() -> None:
    change = flipped(1, 0, 0, np.random.default_rng(0).random((512, 512)) < 0.5)
    assert change is not None
    step = packed(change)
    assert not step.packed.stride
    assert step.change() == change
