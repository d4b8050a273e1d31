"""What lies over a picture and is not part of it: cursor, hint, wipe line, activity."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPalette,
    QPen,
)

from ui.look import tones

ACTIVITY_HEIGHT = 3
_LEAST_CELL = 7.0
_PILL = QColor(16, 18, 22, 214)
_PILL_TEXT = QColor(255, 255, 255)


def reach_of_cell(area: QRectF) -> QRect:
    """Return what must be drawn again when the outlined pixel leaves `area`."""
    return _grown(area).adjusted(-4, -4, 4, 4).toAlignedRect()


def paint_cell(painter: QPainter, area: QRectF) -> None:
    """Outline the pixel under the cursor, legible on any content."""
    frame = _grown(area)
    frame = QRectF(
        round(frame.left()), round(frame.top()), round(frame.width()), round(frame.height())
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
    painter.drawRect(frame.adjusted(-2, -2, 1, 1))
    painter.drawRect(frame.adjusted(0, 0, -1, -1))
    painter.setPen(QPen(QColor(255, 255, 255), 1))
    painter.drawRect(frame.adjusted(-1, -1, 0, 0))


def paint_hint(
    painter: QPainter, words: str, area: QRectF, palette: QPalette, *, centred: bool
) -> None:
    """Write one sentence over the picture: in the middle of an empty one, else at its foot."""
    metrics = QFontMetricsF(painter.font())
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    room = QRectF(0, 0, min(area.width() - 32, 360.0), area.height())
    if room.width() < 24:
        return
    box = metrics.boundingRect(room, flags, words)
    box.setWidth(box.width() + 2)
    if centred:
        box.moveCenter(area.center())
        painter.setPen(tones.quiet_text(palette))
        painter.drawText(box, flags, words)
        return
    pill = box.adjusted(-10, -5, 10, 5)
    pill.moveCenter(area.center())
    pill.moveBottom(area.bottom() - 8)
    box.moveCenter(pill.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PILL)
    painter.drawRoundedRect(pill, 6, 6)
    painter.setPen(_PILL_TEXT)
    painter.drawText(box, flags, words)
    painter.restore()


def paint_activity(painter: QPainter, area: QRectF, phase: float, colour: QColor) -> None:
    """Draw a light that runs along the top while values are computed."""
    track = QRectF(area.left(), area.top(), area.width(), ACTIVITY_HEIGHT)
    faint = QColor(colour)
    faint.setAlpha(60)
    painter.fillRect(track, faint)
    length = area.width() * 0.35
    start = area.left() - length + phase * (area.width() + length)
    light = QRectF(start, area.top(), length, ACTIVITY_HEIGHT)
    glow = QLinearGradient(light.topLeft(), light.topRight())
    clear = QColor(colour)
    clear.setAlpha(0)
    glow.setColorAt(0.0, clear)
    glow.setColorAt(0.6, colour)
    glow.setColorAt(1.0, clear)
    painter.fillRect(light.intersected(track), glow)


def paint_wipe(painter: QPainter, x: float, area: QRectF, palette: QPalette) -> None:
    """Draw the wipe line with its handle."""
    painter.fillRect(QRectF(x - 1.5, area.top(), 3, area.height()), QColor(0, 0, 0, 150))
    painter.fillRect(QRectF(x - 0.5, area.top(), 1, area.height()), QColor(255, 255, 255))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(x, area.center().y())
    painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawEllipse(middle, 11, 11)
    painter.setPen(
        QPen(
            QColor(40, 40, 40),
            1.6,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    for side in (-1, 1):
        tip = middle + QPointF(side * 6.5, 0)
        painter.drawPolyline([tip + QPointF(-side * 3, -3.5), tip, tip + QPointF(-side * 3, 3.5)])
    painter.restore()


def _grown(area: QRectF) -> QRectF:
    """Return `area`, or a frame around it that can still be seen."""
    short_x = max(0.0, _LEAST_CELL - area.width()) / 2
    short_y = max(0.0, _LEAST_CELL - area.height()) / 2
    return area.adjusted(-short_x, -short_y, short_x, short_y)
