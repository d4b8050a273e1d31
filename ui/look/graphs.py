"""pyqtgraph as every scene uses it: its options are set here and nowhere else."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent

__all__ = ["HAND", "pg"]

pg.setConfigOptions(
    antialias=True,
    imageAxisOrder="row-major",
    # Moves are never dropped: the drawing of them is what is made one.
    mouseRateLimit=-1,
)

# What a scene's view hands on to its viewport when it is sent to the view itself.
HAND = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    }
)
