"""What is carried over between steps is unbiased, and its errors are what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from memlens.estimators.timeline_estimate import (
    Anchor,
    carried,
    covariance,
    mean_error_with,
    remaining,
    weights,
)

STEPS, CHANNELS, GRID = 9, 2, (8, 10)
COORDINATES = CHANNELS * GRID[0] * GRID[1]
FloatArray = NDArray[np.float64]


@pytest.fixture(scope="module")
def jacobians() -> FloatArray:
    """Symmetric matrices that turn smoothly from one into another, (T, N, N)."""
    rng = np.random.default_rng(0)
    near = np.exp(-np.abs(np.subtract.outer(np.arange(COORDINATES), np.arange(COORDINATES))) / 6)
    ends = []
    for _ in range(2):
        drawn = rng.standard_normal((COORDINATES, COORDINATES)) * near
        ends.append((drawn + drawn.T) / 2 + np.diag(rng.uniform(0, 3, COORDINATES)))
    angles = np.linspace(0.0, 1.3, STEPS)[:, None, None]
    return np.cos(angles) * ends[0] + np.sin(angles) * ends[1]


def _truth(jacobians: FloatArray) -> FloatArray:
    return np.stack([np.diagonal(each).reshape(CHANNELS, *GRID).mean(0) for each in jacobians])


def _estimates(matrices: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Return v ⊙ Jᵀv of the same probes for all matrices, mean over channels, (T, K, H, W)."""
    signs = rng.choice([-1.0, 1.0], (count, COORDINATES))
    own = signs * (signs @ matrices)
    return own.reshape(len(matrices), count, CHANNELS, *GRID).mean(axis=2)


def _anchor(jacobians: FloatArray, at: int, rng: np.random.Generator, drawn: int) -> Anchor:
    own = _estimates(jacobians[[at]], 16, rng)[0]
    spread = own.var(axis=0, ddof=1) / 16
    return Anchor(at, own.mean(axis=0), np.sqrt(spread), 16, (drawn,))


def _worlds(jacobians: FloatArray, count: int, *, alike: bool = False) -> list[tuple[Any, Any]]:
    found = []
    for world in range(count):
        rng = np.random.default_rng([3, world])
        shared = _estimates(jacobians, 2, rng)
        anchors = []
        for at in (0, 4, 8):
            own = np.random.default_rng([4, world]) if alike else rng
            anchors.append(_anchor(jacobians, at, own, 0 if alike else at))
        found.append(carried(shared, anchors))
    return found


def test_unbiased_and_better_than_the_shared_probes(jacobians: FloatArray) -> None:
    truth, count = _truth(jacobians), 300
    means = np.stack([mean for mean, _ in _worlds(jacobians, count)])
    spread = means.std(axis=0)
    # The mean of all worlds is off by its own error, no more.
    off = (means.mean(axis=0) - truth) / (spread / np.sqrt(count))
    assert np.sqrt(np.mean(off**2)) < 1.12
    shared = np.sqrt(np.diagonal(covariance(_estimates(jacobians, 200, np.random.default_rng(1)))))
    assert (spread.mean(axis=(1, 2)) < 0.5 * shared / np.sqrt(2)).all()


@pytest.mark.parametrize("alike", [False, True], ids=["own probes", "the same probes"])
def test_the_error_is_what_it_says(jacobians: FloatArray, alike: bool) -> None:
    truth = _truth(jacobians)
    covered, told, made = [], [], []
    for mean, error in _worlds(jacobians, 120, alike=alike):
        covered.append(np.abs(mean - truth) <= 2 * error)
        told.append(error**2)
        made.append((mean - truth) ** 2)
    by_step = np.mean(covered, axis=(0, 2, 3))
    assert (by_step > 0.90).all() and (by_step < 0.99).all()
    ratio = np.mean(told, axis=(0, 2, 3)) / np.mean(made, axis=(0, 2, 3))
    assert (ratio > 0.8).all() and (ratio < 1.25).all()


def test_without_anchors_it_is_the_mean_of_the_shared_probes(jacobians: FloatArray) -> None:
    shared = _estimates(jacobians, 2, np.random.default_rng(2))
    mean, error = carried(shared, [])
    np.testing.assert_allclose(mean, shared.mean(axis=1))
    assert (error > 0).all()


def test_an_exact_anchor_is_kept(jacobians: FloatArray) -> None:
    shared = _estimates(jacobians, 2, np.random.default_rng(5))
    truth = _truth(jacobians)
    exact = Anchor(3, truth[3], np.zeros(GRID), COORDINATES, ())
    mean, error = carried(shared, [exact])
    np.testing.assert_allclose(mean[3], truth[3], atol=1e-9)
    assert error[3].max() < 1e-6


def test_weights_leave_the_least_error() -> None:
    """Against the textbook's conditional covariance of a normal vector."""
    rng = np.random.default_rng(6)
    factor = rng.standard_normal((5, 5))
    errors = factor @ factor.T
    flat = np.ones(GRID)
    anchors = [Anchor(at, flat, size * flat, 16, (at,)) for at, size in ((1, 0.4), (4, 0.7))]
    picked = np.zeros((2, 5))
    picked[0, 1] = picked[1, 4] = 1.0
    prior = errors / 2
    gain = prior @ picked.T @ np.linalg.inv(picked @ prior @ picked.T + np.diag([0.16, 0.49]))
    np.testing.assert_allclose(weights(errors, anchors, 2), gain)
    np.testing.assert_allclose(remaining(errors, anchors, 2), prior - gain @ picked @ prior)


def test_what_one_more_anchor_leaves_is_foretold() -> None:
    rng = np.random.default_rng(7)
    factor = rng.standard_normal((6, 6))
    errors = factor @ factor.T
    flat = np.ones(GRID)
    variance = rng.uniform(0.1, 1.0, 6)
    first = [Anchor(2, flat, 0.5 * flat, 16, (0,))]
    told = mean_error_with(remaining(errors, first, 2), variance)
    for at in range(6):
        both = [*first, Anchor(at, flat, np.sqrt(variance[at]) * flat, 16, (1,))]
        left = np.sqrt(np.diagonal(remaining(errors, both, 2))).mean()
        assert told[at] == pytest.approx(left)


def test_smooth_fields_are_carried_far() -> None:
    """Where steps hardly differ, one anchor serves all of them."""
    rng = np.random.default_rng(8)
    base = gaussian_filter(rng.standard_normal((2, *GRID)), (0, 1, 1))
    shared = np.stack([base + 0.01 * rng.standard_normal((2, *GRID)) for _ in range(4)])
    anchor = Anchor(0, np.zeros(GRID), np.full(GRID, 0.01), 64, ())
    mean, _ = carried(shared, [anchor])
    assert np.abs(mean).max() < 0.1 * np.abs(shared.mean(axis=1)).max()
