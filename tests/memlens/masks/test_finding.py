"""Masks found in maps and pictures whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.errors import MaskError
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.finding import from_map, from_pair, from_seeds, from_training_picture
from tests.support.random_session import provenance
from tests.support.shared_region import SHARED, rendering, truth


def test_a_pair_shows_what_it_shares() -> None:
    assert (from_pair(rendering(1), rendering(2)) == truth()).all()


def test_a_pair_sums_the_difference_over_the_channels() -> None:
    flat = np.full((8, 8, 3), 100, dtype=np.uint8)
    near, far = flat.copy(), flat.copy()
    near[..., 0] += 7
    far[..., 0] += 4
    far[..., 2] -= 4
    assert from_pair(flat, near).all()
    assert not from_pair(flat, far).any()


def test_a_single_pixel_that_happens_to_agree_is_opened_away() -> None:
    a, b = np.zeros((9, 9, 3), dtype=np.uint8), np.full((9, 9, 3), 255, dtype=np.uint8)
    b[4, 4] = 0
    assert not from_pair(a, b).any()


def test_what_touches_the_border_is_found_up_to_it() -> None:
    a, b = np.zeros((9, 9, 3), dtype=np.uint8), np.full((9, 9, 3), 255, dtype=np.uint8)
    b[:2, :2] = 0
    b[6:, 6:] = 0
    expected = np.zeros((9, 9), np.bool_)
    # In the corner the picture goes on: two pixels are as good as three.
    expected[:2, :2] = expected[6:, 6:] = True
    assert np.array_equal(from_pair(a, b), expected)


def test_seeds_show_what_hardly_varies() -> None:
    pictures = [rendering(seed) for seed in range(5)]
    assert (from_seeds(pictures, 0.02) == truth()).all()


def test_the_training_picture_shows_what_is_repeated() -> None:
    generated = rendering(1).astype(np.int16)
    generated[SHARED] += np.random.default_rng(3).integers(-5, 6, (16, 16, 3), dtype=np.int16)
    found = from_training_picture(
        np.clip(generated, 0, 255).astype(np.uint8), rendering(2), threshold=0.1
    )
    inner = truth()[10:22, 6:18]
    assert found[10:22, 6:18].all() and inner.all()
    assert not found[~truth()].any()


def test_a_training_picture_of_another_size_is_aligned() -> None:
    random = np.random.default_rng(0)
    small = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    large = small.repeat(8, axis=0).repeat(8, axis=1)
    other = large.copy()
    other[:, 32:] = 255 - other[:, 32:]
    half = from_training_picture(large, other.repeat(2, axis=0).repeat(2, axis=1), 0.05)
    assert half[:, :28].all()
    assert not half[:, 36:].any()


def test_a_map_is_cut_at_a_threshold() -> None:
    values = np.zeros((4, 4), dtype=np.float32)
    values[0, 0] = values[2:, 2:] = 0.8
    map_ = LocalizationMap(
        kind="cov",
        values=values,
        standard_error=None,
        paper=values,
        network_calls=0,
        seconds=0.0,
        provenance=provenance(),
    )
    assert (from_map(map_, (4, 4), 0.5) == (values > 0.5)).all()
    largest = from_map(map_, (4, 4), 0.5, largest_only=True)
    assert largest.sum() == 4 and largest[3, 3]
    assert (from_map(map_, (4, 4), 0.5, minimum_area=2) == largest).all()
    assert not from_map(map_, (4, 4), 0.5, minimum_area=5).any()
    assert from_map(map_, (16, 12), 0.5).shape == (16, 12)


def test_pictures_that_do_not_fit_are_refused() -> None:
    with pytest.raises(MaskError, match="32×32 and 32×40"):
        from_pair(rendering(1), np.zeros((40, 32, 3), dtype=np.uint8))
    with pytest.raises(MaskError, match="two seeds"):
        from_seeds([rendering(1)], 0.1)
    with pytest.raises(MaskError, match="colour"):
        from_training_picture(rendering(1), np.zeros((32, 32), dtype=np.uint8))
