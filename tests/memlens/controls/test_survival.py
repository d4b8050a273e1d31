"""Surprise is what counting gives, however it is sketched."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.controls.regions import largest_mass, regions_of
from memlens.controls.survival import Survival, left_one_out
from tests.support.analytic_null import fields


def _counted(values: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    at_least = (pooled.ravel()[None] >= values.ravel()[:, None]).sum(axis=1)
    return -np.log10((1 + at_least) / (1 + pooled.size)).reshape(values.shape)


def test_the_sketch_gives_the_counted_surprise() -> None:
    rng = np.random.default_rng(0)
    pooled, fresh = fields(50, rng), fields(5, rng)
    sketch = Survival.of(pooled)
    assert len(sketch.knots) <= 256 and sketch.pooled == pooled.size
    np.testing.assert_allclose(sketch.surprise(fresh), _counted(fresh, pooled), atol=0.02)


def test_a_value_beyond_all_has_the_most() -> None:
    pooled = fields(50, np.random.default_rng(1))
    sketch = Survival.of(pooled)
    beyond = np.nextafter(pooled.max(), np.inf, dtype=np.float32)
    assert sketch.surprise(np.array([beyond, 1e9], np.float32)) == pytest.approx(sketch.most)
    assert sketch.surprise(pooled.max()[None])[0] == pytest.approx(sketch.most - np.log10(2))
    below = sketch.surprise(np.array([pooled.min(), -1e9], np.float32))
    assert below == pytest.approx(0.0, abs=1e-6)


def test_equal_values_all_count() -> None:
    sketch = Survival.of(np.repeat(np.array([0.0, 1.0, 2.0], np.float32), 100))
    surprise = sketch.surprise(np.array([0.0, 1.0, 2.0], np.float32))
    np.testing.assert_allclose(surprise, -np.log10([301 / 301, 201 / 301, 101 / 301]), atol=0.02)


def test_left_one_out_counts_the_others_alone() -> None:
    maps = fields(12, np.random.default_rng(2))
    found = left_one_out(maps)
    for index in range(12):
        others = np.delete(maps, index, axis=0)
        np.testing.assert_allclose(found[index], _counted(maps[index], others), atol=1e-5)


def test_the_slope_is_that_of_the_surprise() -> None:
    rng = np.random.default_rng(3)
    sketch = Survival.of(fields(50, rng))
    values = rng.uniform(sketch.knots[-1], sketch.knots[0], 200)
    width = 1e-5
    upper, lower = (sketch._at_least(values + sign * width) for sign in (1, -1))
    steep = -(np.log10(1 + upper) - np.log10(1 + lower)) / (2 * width)
    near = np.isclose(sketch.slope(values), steep, rtol=0.02, atol=1e-3)
    assert near.mean() > 0.97
    assert sketch.slope(np.array([1e9, -1e9])).tolist() == [0.0, 0.0]


def test_regions_are_joined_by_sides_and_weighed() -> None:
    surprise = np.zeros((6, 6), np.float32)
    surprise[0, 0] = surprise[0, 1] = 3.0
    surprise[1, 2] = 4.0  # by a corner alone
    surprise[4:, 4:] = 2.25
    surprise[5, 0] = 1.99
    found = regions_of(surprise)
    assert [region.mass for region in found] == pytest.approx([2.0, 2.0, 1.0])
    assert [int(region.inside.sum()) for region in found] == [2, 1, 4]
    assert largest_mass(surprise) == pytest.approx(2.0)
    assert regions_of(np.zeros((3, 3))) == () and largest_mass(np.zeros((3, 3))) == 0.0
