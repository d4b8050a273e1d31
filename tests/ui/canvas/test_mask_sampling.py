"""Every pixel of a mask is seen by one pixel of the screen, or more where they are smaller."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF

from memlens.masks.changes import Box
from ui.canvas.mask_sampling import MaskSampling
from ui.vocabulary.mask_picture import MaskPicture


def noise(shape: tuple[int, int], seed: int, share: float) -> MaskPicture:
    return MaskPicture.still(np.random.default_rng(seed).random(shape) < share)


@given(
    shape=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    zoom=st.floats(0.03, 0.999),
    start=st.floats(0, 5),
    seed=st.integers(0, 99),
    share=st.sampled_from([0.02, 0.5, 0.98]),
)
def test_no_pixel_is_lost_and_none_is_made_up(
    shape: tuple[int, int], zoom: float, start: float, seed: int, share: float
) -> None:
    mask = noise(shape, seed, share)
    target = QRectF(start, start, shape[1] * zoom, shape[0] * zoom)
    seen = MaskSampling().look(mask, target, QRect(0, 0, 80, 80))
    assert seen.some.any() == mask.pixels.any()
    assert seen.whole[seen.covered].all() == mask.pixels.all()
    assert not (seen.some & ~seen.covered).any()
    for row, column in zip(*np.nonzero(mask.pixels), strict=True):
        near = seen.some[
            max(0, int(start + (row - 1) * zoom - 1)) : int(start + (row + 2) * zoom) + 2,
            max(0, int(start + (column - 1) * zoom - 1)) : int(start + (column + 2) * zoom) + 2,
        ]
        assert near.any()


@pytest.mark.parametrize("zoom", [0.5, 0.25, 0.125, 0.0625])
def test_blocks_of_a_power_of_two_are_exact(zoom: float) -> None:
    mask = noise((64, 96), 1, 0.1)
    seen = MaskSampling().look(mask, QRectF(0, 0, 96 * zoom, 64 * zoom), QRect(0, 0, 60, 40))
    size = round(1 / zoom)
    blocks = mask.pixels.reshape(64 // size, size, 96 // size, size)
    high, wide = 64 // size, 96 // size
    assert np.array_equal(seen.some[:high, :wide], blocks.any((1, 3)))
    assert np.array_equal(seen.whole[:high, :wide], blocks.all((1, 3)))


def test_from_near_the_pixel_under_the_centre_is_seen() -> None:
    mask = noise((9, 9), 2, 0.5)
    seen = MaskSampling().look(mask, QRectF(0.3, 0.3, 27, 27), QRect(0, 0, 27, 27))
    assert seen.whole is seen.some
    assert np.array_equal(seen.some[1::3, 1::3], mask.pixels)


def test_what_changed_is_seen_and_nothing_else_is_looked_at_again() -> None:
    pixels = np.zeros((300, 300), np.bool_)
    sampling = MaskSampling()
    target, area = QRectF(0, 0, 37, 37), QRect(0, 0, 37, 37)
    live = MaskPicture(key="live", pixels=pixels)
    assert not sampling.look(live, target, area).some.any()
    pixels[299, 150] = True
    pixels[0, 0] = True
    changed = MaskPicture(
        key="live", pixels=pixels, revision=1, recent=((1, Box(299, 150, 300, 151)),)
    )
    some = sampling.look(changed, target, area).some
    assert some[36, 18] and some.sum() == 1
    forgotten = MaskPicture(key="live", pixels=pixels, revision=90)
    assert sampling.look(forgotten, target, area).some.sum() == 2


SHARES = [0.02, 0.5, 0.98]


@given(
    shape=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    zoom=st.tuples(st.floats(0.03, 3.0), st.floats(0.03, 3.0)),
    start=st.floats(-9, 5),
    seed=st.integers(0, 99),
    shares=st.tuples(st.sampled_from(SHARES), st.sampled_from(SHARES)),
    corner=st.tuples(st.integers(0, 69), st.integers(0, 69)),
)
def test_two_masks_are_both_seen_where_they_share_a_pixel(
    shape: tuple[int, int],
    zoom: tuple[float, float],
    start: float,
    seed: int,
    shares: tuple[float, float],
    corner: tuple[int, int],
) -> None:
    a, b = noise(shape, seed, shares[0]), noise(shape, seed + 100, shares[1])
    place = QRectF(start, start, shape[1] * zoom[1], shape[0] * zoom[0]), QRect(0, 0, 60, 60)
    sampling = MaskSampling()
    plain = sampling.look(MaskPicture.still(a.pixels & b.pixels), *place)
    assert np.array_equal(sampling.shared(a, b, *place), plain.some)
    # An edit is seen as if all were looked at again.
    sampling.look(a, *place)
    top, left = corner[0] % shape[0], corner[1] % shape[1]
    box = Box(top, left, min(shape[0], top + 1 + seed % 20), min(shape[1], left + 1 + seed % 7))
    edited = a.pixels.copy()
    edited[box.slices] ^= True
    later = MaskPicture(key=a.key, pixels=edited, revision=1, recent=((1, box),))
    fresh = MaskPicture.still(edited)
    plain = MaskSampling().look(MaskPicture.still(edited & b.pixels), *place)
    assert np.array_equal(sampling.shared(later, b, *place), plain.some)
    now, anew = sampling.look(later, *place), MaskSampling().look(fresh, *place)
    assert np.array_equal(now.some, anew.some)
    assert np.array_equal(now.whole, anew.whole)


def test_an_edit_looks_at_nothing_else_of_the_mask() -> None:
    pixels = np.zeros((300, 300), np.bool_)
    other = MaskPicture.still(np.ones_like(pixels))
    sampling = MaskSampling()
    place = QRectF(0, 0, 75, 75), QRect(0, 0, 75, 75)
    live = MaskPicture(key="live", pixels=pixels)
    assert not sampling.shared(live, other, *place).any()
    # What nobody told of is not seen: the rest was not looked at again.
    pixels[299, 150] = pixels[0, 0] = True
    changed = MaskPicture(
        key="live", pixels=pixels, revision=1, recent=((1, Box(299, 150, 300, 151)),)
    )
    some = sampling.shared(changed, other, *place)
    assert some[74, 37] and some.sum() == 1
