"""Lines that can be seen on any picture: light ones with a dark rim."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

HANDLE = 4.0
_DARK = QColor(0, 0, 0, 190)
_ADDS, _REMOVES = QColor(255, 255, 255), QColor(255, 138, 128)


def line_colour(adds: bool) -> QColor:
    """Return the colour of what will be added, or removed."""
    return _ADDS if adds else _REMOVES


def stroke_path(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    """Draw a path twice: wide and dark, then thin and light."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, tone in ((3.0, _DARK), (1.3, colour)):
        pen = QPen(tone, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.restore()


def draw_handles(
    painter: QPainter, points: Sequence[QPointF], chosen: int | None, colour: QColor
) -> None:
    """Draw a square at each point, the chosen one filled dark and larger."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place, point in enumerate(points):
        reach = HANDLE + 1.5 if place == chosen else HANDLE
        painter.setPen(QPen(_DARK, 1.2))
        painter.setBrush(QColor(20, 20, 20) if place == chosen else colour)
        box = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        painter.drawRect(box)
        if place == chosen:
            painter.setPen(QPen(colour, 1.5))
            painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
    painter.restore()


def polyline(points: Sequence[QPointF], *, closed: bool) -> QPainterPath:
    """Return straight lines from point to point."""
    path = QPainterPath()
    for place, point in enumerate(points):
        if place:
            path.lineTo(point)
        else:
            path.moveTo(point)
    if closed and points:
        path.closeSubpath()
    return path
