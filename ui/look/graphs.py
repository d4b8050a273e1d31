"""pyqtgraph as every scene uses it: its options are set here and nowhere else."""

from __future__ import annotations

import pyqtgraph as pg

__all__ = ["pg"]

pg.setConfigOptions(
    antialias=True,
    imageAxisOrder="row-major",
    # Moves are never dropped: the drawing of them is what is made one.
    mouseRateLimit=-1,
)
