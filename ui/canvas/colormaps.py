"""Colormaps as tables of 256 colours, ready to be taken from."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap

from ui.look.graphs import pg

DEFAULT = "inferno"
SIZE = 256
DIVERGING = "diverging"
# Perceptual ones first; grey is the paper's look.
_SOURCES = {
    "inferno": "inferno",
    "magma": "magma",
    "viridis": "viridis",
    "cividis": "cividis",
    "plasma": "plasma",
    "grey": "CET-L1",
    DIVERGING: "CET-D1",
}
NAMES = tuple(name for name in _SOURCES if name != DIVERGING)


@cache
def table(name: str) -> NDArray[np.uint32]:
    """Return 256 opaque colours as 0xAARRGGBB; an unknown name gives the default."""
    opaque = np.uint32(0xFF000000)
    colours: NDArray[np.uint32]
    if name == "grey":
        level = np.arange(256, dtype=np.uint32)
        colours = (opaque | level << 16 | level << 8 | level).astype(np.uint32)
    else:
        rgb = pg.colormap.get(_SOURCES.get(name, DEFAULT)).getLookupTable(nPts=SIZE)
        rgb = rgb.astype(np.uint32)
        colours = (opaque | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]).astype(np.uint32)
    colours.setflags(write=False)
    return colours


@cache
def strip(name: str) -> QPixmap:
    """Return the colormap as a picture one pixel wide, its low end at the bottom."""
    colours = np.ascontiguousarray(table(name)[::-1])
    image = QImage(colours.tobytes(), 1, SIZE, 4, QImage.Format.Format_RGB32)
    return QPixmap.fromImage(image.copy())


def colour_at(name: str, share: float) -> QColor:
    """Return the colour at `share` (0..1) between the two ends."""
    return QColor.fromRgb(int(table(name)[round(255 * min(max(share, 0.0), 1.0))]))


def swatch(name: str, width: int = 48, height: int = 12, ratio: float = 2.0) -> QIcon:
    """Return the colormap as an icon for a list of choices."""
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    row = np.ascontiguousarray(table(name))
    image = QImage(row.tobytes(), 256, 1, 1024, QImage.Format.Format_RGB32).copy()
    painter = QPainter(pixmap)
    painter.drawImage(QRectF(0, 0, width, height), image)
    painter.end()
    return QIcon(pixmap)
