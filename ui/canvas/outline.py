"""The outline of a mask: lines that follow the edges of its pixels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from ui.view_state import BoolArray, FloatArray

IndexArray = NDArray[np.intp]

LINE = QColor(255, 255, 255)
PREDICTED_LINE = QColor(94, 234, 212)
_HALO = QColor(0, 0, 0, 170)


def edges(mask: BoolArray) -> FloatArray:
    """Return the edge of a mask as straight runs (N, 4): x₀, y₀, x₁, y₁ in pixels.

    Pixel (r, c) covers [c, c+1)×[r, r+1), so the outline of one pixel is the square around it;
    what touches the picture's border is closed along the border.
    """
    padded = np.pad(mask.astype(bool, copy=False), 1)
    across = padded[1:, 1:-1] != padded[:-1, 1:-1]
    down = padded[1:-1, 1:] != padded[1:-1, :-1]
    y, x0, x1 = _runs(across)
    x, y0, y1 = _runs(down.T)
    horizontal = np.stack([x0, y, x1, y], axis=1)
    vertical = np.stack([x, y0, x, y1], axis=1)
    return np.concatenate([horizontal, vertical]).astype(np.float32)


def path(lines: FloatArray) -> QPainterPath:
    """Return runs as a path of separate strokes."""
    if not len(lines):
        return QPainterPath()
    points = lines.reshape(-1, 2).astype(np.float64)
    strokes: QPainterPath = arrayToQPath(
        np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), connect="pairs"
    )
    return strokes


class OutlineStore:
    """Outlines drawn once for a zoom and a place, and shared by panels of one size."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._edges: OrderedDict[Hashable, tuple[object, FloatArray]] = OrderedDict()
        self._layers: OrderedDict[Hashable, tuple[object, QImage]] = OrderedDict()

    def layer(
        self, mask: BoolArray, target: QRectF, size: QSize, ratio: float, colour: QColor = LINE
    ) -> QImage:
        """Return the outline on a transparent image.

        Parameters
        ----------
        mask
            The same object for as long as its content is the same.
        target
            Where the whole mask lies, in device pixels of the image.
        size
            The image, in device pixels.
        ratio
            Device pixels per unit: how thick the lines are.
        """
        place = (target.x(), target.y(), target.width(), target.height())
        key = (id(mask), place, size.width(), size.height(), ratio, colour.rgba())
        found = self._layers.get(key)
        if found is not None and found[0] is mask:
            self._layers.move_to_end(key)
            return found[1]
        image = _drawn(self._lines(mask), mask.shape, target, size, ratio, colour)
        self._layers[key] = (mask, image)
        while len(self._layers) > self._most:
            self._layers.popitem(last=False)
        return image

    def _lines(self, mask: BoolArray) -> FloatArray:
        found = self._edges.get(id(mask))
        if found is not None and found[0] is mask:
            return found[1]
        lines = edges(mask)
        self._edges[id(mask)] = (mask, lines)
        while len(self._edges) > self._most:
            self._edges.popitem(last=False)
        return lines


def _drawn(
    lines: FloatArray,
    shape: tuple[int, ...],
    target: QRectF,
    size: QSize,
    ratio: float,
    colour: QColor,
) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    if not len(lines) or target.isEmpty():
        return image
    scale = np.array([target.width() / shape[1], target.height() / shape[0]] * 2)
    start = np.array([target.x(), target.y()] * 2)
    placed = np.floor(lines * scale + start + 0.5)
    reach = 4 * ratio
    seen = (
        (placed[:, 2] >= -reach)
        & (placed[:, 3] >= -reach)
        & (placed[:, 0] <= size.width() + reach)
        & (placed[:, 1] <= size.height() + reach)
    )
    # Runs far beyond the image are cut: the rasterizer slows down on long lines.
    placed = placed[seen]
    placed[:, 0::2] = placed[:, 0::2].clip(-reach, size.width() + reach)
    placed[:, 1::2] = placed[:, 1::2].clip(-reach, size.height() + reach)
    stroke = path(placed)
    painter = QPainter(image)
    # An odd number of device pixels on a whole coordinate falls on whole pixels.
    line_width = 2 * int(ratio // 2) + 1 if ratio < 2 else 2 * round(ratio / 2)
    for width, tone in ((line_width + 2 * max(1, round(ratio)), _HALO), (line_width, colour)):
        pen = QPen(tone, width)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawPath(stroke)
    painter.end()
    return image


def _runs(edge: BoolArray) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Return line, first and past-last place of each run of True along the lines of `edge`."""
    bordered = np.pad(edge, ((0, 0), (1, 1)))
    turns = bordered[:, 1:] != bordered[:, :-1]
    line, place = np.nonzero(turns)
    return line[0::2], place[0::2], place[1::2]
