"""The magic wand, against scikit-image's flood over a distance of its own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage.segmentation import flood

from memlens.errors import MaskError
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Wand
from memlens.masks.named_mask import NamedMask
from memlens.masks.wand import colour_distance, similar_region, wand_mask

# Few levels, so that areas are larger than a pixel.
_pictures = arrays.arrays(
    np.uint8,
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)),
    elements=st.sampled_from((0, 9, 11, 200, 255)),
)


@settings(max_examples=150)
@given(picture=_pictures, seed=st.integers(0, 10_000), tolerance=st.floats(0, 255, width=32))
def test_it_finds_what_a_flood_finds(picture: np.ndarray, seed: int, tolerance: float) -> None:
    height, width = picture.shape[:2]
    row, column = seed % height, seed // height % width
    touched = [int(level) for level in picture[row, column]]
    squares = [
        [sum((int(a) - b) ** 2 for a, b in zip(pixel, touched, strict=True)) / 3 for pixel in line]
        for line in picture
    ]
    # Whatever lies within rounding of the tolerance may count or not.
    distances = np.sqrt(np.array(squares))
    if np.isclose(distances, tolerance, rtol=1e-5, atol=1e-5).any():
        tolerance = float(tolerance) + 1e-2
    near = (distances <= tolerance).astype(np.uint8)
    expected = flood(near, (row, column), connectivity=1)
    found = wand_mask(picture, column + 0.5, row + 0.25, min(255.0, tolerance))
    if tolerance <= 255:
        assert np.array_equal(found, expected)


def test_the_distance_is_in_levels() -> None:
    picture = np.array([[[10, 20, 30], [13, 23, 33], [10, 20, 36], [255, 255, 255]]], np.uint8)
    expected = [0, 3, 6 / math.sqrt(3), math.sqrt((245**2 + 235**2 + 225**2) / 3)]
    assert colour_distance(picture, 0, 0)[0] == pytest.approx(expected, rel=1e-6)
    black_and_white = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    assert colour_distance(black_and_white, 0, 0).max() == 255


def test_a_ramp_is_taken_as_far_as_the_tolerance_says() -> None:
    ramp = np.repeat(np.arange(0, 250, 10, dtype=np.uint8)[None, :, None], 3, axis=2)
    for tolerance, columns in ((0, 1), (9.9, 1), (10, 2), (45, 5), (255, 25)):
        assert wand_mask(ramp, 0, 0, tolerance).sum() == columns


def test_outside_nothing_is_found_and_a_tolerance_out_of_range_is_refused() -> None:
    picture = np.zeros((4, 5, 3), np.uint8)
    for x, y in ((-0.1, 1), (5, 1), (1, 4), (math.nan, 1)):
        assert similar_region(picture, x, y, 10).pixels.size == 0
    for tolerance in (-1, 256, math.nan):
        with pytest.raises(MaskError, match="tolerance"):
            similar_region(picture, 1, 1, tolerance)


def test_it_adds_and_takes_away_as_an_edit_that_is_undone() -> None:
    picture = np.zeros((6, 8, 3), np.uint8)
    picture[:, 4:] = 200
    document = MaskDocument((6, 8))
    document.edit(AddMask(NamedMask(name="m", kind="drawn", pixels=np.zeros((6, 8), bool))))
    document.edit(Wand(picture, 6, 1, 5))
    assert document.undo_text == "Magic wand"
    assert np.array_equal(document.pixels(1), picture[..., 0] == 200)
    document.edit(Wand(picture, 1, 1, 255, add=False))
    assert not document.pixels(1).any()
    document.undo()
    assert document.pixels(1).sum() == 24
    with pytest.raises(MaskError, match="not as large"):
        document.edit(Wand(picture[:3], 1, 1, 5))
