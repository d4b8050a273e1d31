from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.maps.enlarged_mask import EnlargedColumns, EnlargedMask
from memlens.maps.localization_map import FloatArray, resize_bilinear


def mask_of(values: FloatArray, threshold: float, shape: tuple[int, int]) -> EnlargedMask:
    return EnlargedColumns.of(values, shape).above(threshold)


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    more=st.tuples(st.integers(0, 90), st.integers(0, 90)),
    place=st.floats(0, 1),
    steps=st.sampled_from((0, 2, 5)),
    own=st.booleans(),
)
def test_the_mask_is_that_of_the_enlarged_map(
    seed: int,
    size: tuple[int, int],
    more: tuple[int, int],
    place: float,
    steps: int,
    own: bool,
) -> None:
    values = np.random.default_rng(seed).normal(0.4, 0.5, size).astype(np.float32)
    if steps:
        # Flat parts, and values that are the threshold itself.
        values = (np.round(values * steps) / steps).astype(np.float32)
    shape = (size[0] + more[0], size[1] + more[1])
    enlarged = resize_bilinear(values, shape)
    threshold = float(np.quantile(enlarged, place, method="nearest")) if own else place
    made = mask_of(values, threshold, shape).whole()
    # Pillow adds in another order: values within a rounding of the threshold may fall either way.
    near = np.abs(enlarged - np.float32(threshold)) <= 2e-7
    assert not ((made != (enlarged > threshold)) & ~near).any()


def test_a_value_that_is_the_threshold_is_not_above_it() -> None:
    values = np.random.default_rng(0).random((32, 32)).astype(np.float32)
    enlarged = resize_bilinear(values, (512, 512))
    for threshold in np.random.default_rng(1).choice(enlarged.ravel(), 50).tolist():
        made = mask_of(values, threshold, enlarged.shape).whole()
        np.testing.assert_array_equal(made, enlarged > threshold)


def test_what_is_missing_is_not_in_the_mask() -> None:
    values = np.ones((4, 5), np.float32)
    values[1, 2] = np.nan
    made = mask_of(values, 0.5, (16, 20)).whole()
    np.testing.assert_array_equal(made, resize_bilinear(values, (16, 20)) > 0.5)
    assert not made.all() and made.any()


def test_a_part_is_that_part_of_the_whole_and_nothing_lies_outside() -> None:
    values = np.random.default_rng(0).random((5, 4)).astype(np.float32)
    mask = mask_of(values, 0.5, (20, 24))
    rows, columns = np.array([20, 3, 3, 19, 0]), np.array([0, 24, 23, 7])
    around = np.pad(mask.whole(), ((0, 1), (0, 1)))
    np.testing.assert_array_equal(mask.at(rows, columns), around[np.ix_(rows, columns)])


def test_a_smaller_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="does not enlarge"):
        EnlargedColumns.of(np.ones((8, 8), np.float32), (7, 9))
