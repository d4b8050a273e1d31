"""Controls' maps on a coarse grid: enough to lay any mask on all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FloatArray = NDArray[np.float32]


def cell_grid(latent: tuple[int, int], side: int) -> tuple[int, int]:
    """Return the coarse grid for a map of `latent` = (H, W): at most `side` cells a side."""
    height, width = latent
    return min(height, side), min(width, side)


def cell_means(values: FloatArray, grid: tuple[int, int]) -> FloatArray:
    """Return the means of (H, W) over the cells of `grid`, shares of coordinates included."""
    return _boxed(values, grid)


def mask_on_grid(mask: NDArray[np.bool_], grid: tuple[int, int]) -> FloatArray:
    """Return which share of each cell of `grid` a picture's mask, (height, width), covers."""
    return _boxed(mask.astype(np.float32), grid)


def weights_on_grid(mask: NDArray[np.bool_], grid: tuple[int, int]) -> NDArray[np.float64]:
    """Return the weights, on `grid`, whose inner product with a map is its mean over the mask.

    The mask is not empty; the weights add up to 1.
    """
    shares = mask_on_grid(mask, grid).astype(np.float64)
    weights: NDArray[np.float64] = shares / shares.sum()
    return weights


def spread(weights: NDArray[np.float64], latent: tuple[int, int]) -> NDArray[np.float64]:
    """Return weights on the latent grid that do what `weights` do on cell means.

    ``(spread(w, map.shape) * map).sum() == (w * cell_means(map, w.shape)).sum()``, since a
    cell's mean is linear in the map.
    """
    (height, width), (rows, columns) = latent, weights.shape
    down = _boxed(np.eye(height, dtype=np.float32), (rows, height)).astype(np.float64)
    across = _boxed(np.eye(width, dtype=np.float32), (columns, width)).astype(np.float64)
    spread_out: NDArray[np.float64] = down.T @ weights @ across
    return spread_out


def _boxed(values: FloatArray, grid: tuple[int, int]) -> FloatArray:
    if values.shape == grid:
        return values
    picture = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
    resized = picture.resize((grid[1], grid[0]), Image.Resampling.BOX)
    return np.asarray(resized, dtype=np.float32).copy()
