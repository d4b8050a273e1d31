"""A mask laid on a coarse grid is the same functional of a map and of its cells."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.controls.cells import cell_grid, cell_means, spread, weights_on_grid


@pytest.mark.parametrize("latent", [(16, 16), (12, 20), (9, 7), (5, 8)])
def test_spread_weights_read_cells_off_the_map(latent: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    grid = cell_grid(latent, 8)
    assert max(grid) <= 8
    values = rng.standard_normal(latent).astype(np.float32)
    mask = rng.random((latent[0] * 8, latent[1] * 8)) > 0.7
    weights = weights_on_grid(mask, grid)
    assert weights.sum() == pytest.approx(1.0)
    coarse = float((weights * cell_means(values, grid)).sum())
    assert (spread(weights, latent) * values).sum() == pytest.approx(coarse, abs=1e-5)


def test_a_mask_of_whole_coordinates_gives_their_mean() -> None:
    values = np.random.default_rng(1).standard_normal((16, 16)).astype(np.float32)
    inside = np.zeros((16, 16), np.bool_)
    inside[3:9, 2:5] = True
    mask = np.kron(inside, np.ones((4, 4), np.bool_))
    assert (weights_on_grid(mask, (16, 16)) * values).sum() == pytest.approx(values[inside].mean())
