"""Make the null of one kind of map at one step out of the maps of all controls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memlens.controls.cells import cell_grid, cell_means
from memlens.controls.controls import MapNull
from memlens.controls.regions import largest_mass
from memlens.controls.survival import Survival, left_one_out
from memlens.errors import SettingsError
from memlens.maps.localization_map import mean_filter


def sketch(maps: NDArray[np.float32], *, smoothing: int, cells: int) -> MapNull:
    """Sketch the maps of all controls.

    Parameters
    ----------
    maps
        As they are made, without smoothing, (N, H, W), N ≥ 2.
    smoothing, cells
        See `memlens.controls.settings.ControlSettings`.

    Raises
    ------
    SettingsError
        If there are fewer than two.
    """
    count, height, width = maps.shape
    if count < 2:
        raise SettingsError("one control alone has no others: take at least two prompts.")
    smooth = np.stack([mean_filter(each, smoothing) for each in maps])
    grid = cell_grid((height, width), cells)
    return MapNull(
        values=Survival.of(smooth),
        masses=np.array([largest_mass(each) for each in left_one_out(smooth)], np.float32),
        cells=np.stack([cell_means(each, grid) for each in maps]),
    )
