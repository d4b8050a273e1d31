"""pyqtgraph as every scene uses it: its options are set here and nowhere else."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractScrollArea

__all__ = ["HAND", "name_viewport", "pg"]

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


def name_viewport(view: QAbstractScrollArea) -> None:
    """Give the viewport that pyqtgraph put in the name that Qt's own has: it is no control."""
    view.viewport().setObjectName("qt_scrollarea_viewport")
