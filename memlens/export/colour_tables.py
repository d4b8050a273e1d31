"""Colormaps by name, as tables of 256 colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.maps.colormap import INFERNO

NAMES = ("inferno", "magma", "viridis", "cividis", "plasma", "grey")


def table_named(name: str) -> NDArray[np.uint8]:
    """Return 256 colours, (256, 3).

    Raises
    ------
    SettingsError
        If there is no such colormap; the message lists those that exist.
    """
    if name not in NAMES:
        raise SettingsError(f"no colormap is called {name!r}: choose among {', '.join(NAMES)}.")
    if name == "inferno":
        return INFERNO
    if name == "grey":
        return np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    from matplotlib import colormaps

    table: NDArray[np.uint8] = colormaps[name](np.arange(256), bytes=True)[:, :3]
    return table
