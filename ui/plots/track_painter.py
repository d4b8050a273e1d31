"""How the track of the timeline is drawn: curves, thumbnails, the logSNR axis, the playhead."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
)

from ui.canvas import method_colours
from ui.canvas.picture_item import PictureImages
from ui.language.translation import tr
from ui.look import tones
from ui.plots.axis import Axis
from ui.view import numbers
from ui.view.view_state import Curve, TimelineView

MARGIN = 14
# Room at the left for the numbers of the curves.
GUTTER = 40
AXIS_HEIGHT = 40
_LINE = 13
# What two or three digits and a gap take.
_NUMBER_ROOM = 28.0
_THUMBNAIL = 36
_LEAST_CURVES = 28


class TrackPainter:
    """Draws a `TimelineView` into a rectangle."""

    def __init__(self) -> None:
        self._images = PictureImages()

    def line(self, size: QSize) -> QRectF:
        """Return the part of the track, left to right, on which the steps lie."""
        return QRectF(GUTTER, 0, max(1, size.width() - GUTTER - MARGIN), size.height())

    def paint(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        size: QSize,
        palette: QPalette,
        reach: tuple[float, float],
    ) -> None:
        """Draw everything but the playhead."""
        line = self.line(size)
        bottom = size.height() - AXIS_HEIGHT
        thumbnails = _THUMBNAIL if bottom >= _THUMBNAIL + _LEAST_CURVES + 8 else 0
        curves = QRectF(line.left(), 6, line.width(), bottom - thumbnails - 12)
        self._background(painter, view, axis, line, bottom, palette)
        self._curves(painter, view, axis, curves, palette, reach)
        if thumbnails:
            row = QRectF(line.left(), bottom - thumbnails - 2, line.width(), thumbnails)
            self._thumbnails(painter, view, axis, row, palette)
        self._axis(
            painter, view, axis, QRectF(line.left(), bottom, line.width(), AXIS_HEIGHT), palette
        )

    def paint_playhead(
        self, painter: QPainter, x: float, size: QSize, palette: QPalette, focused: bool
    ) -> None:
        """Draw the playhead at the chosen step."""
        colour = tones.accent(palette)
        y = size.height() - AXIS_HEIGHT + 5.0
        painter.fillRect(QRectF(round(x) - 1, 2, 2, y - 2), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if focused:
            halo = QColor(colour)
            halo.setAlpha(80)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawEllipse(QPointF(round(x), y), 10, 10)
        painter.setPen(QPen(tones.raised(palette), 2))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(round(x), y), 6.5, 6.5)

    def _background(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        line: QRectF,
        bottom: float,
        palette: QPalette,
    ) -> None:
        area = QRectF(2, 0, line.right() + MARGIN - 4, bottom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.sunken(palette))
        painter.drawRoundedRect(area, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if view.window is not None and len(axis):
            wash = QColor(tones.accent(palette))
            wash.setAlpha(34)
            low, high = (min(max(step, 0), len(axis) - 1) for step in view.window)
            first, last = axis.edges(low)[0], axis.edges(high)[1]
            x = line.left() + first * line.width()
            painter.fillRect(QRectF(x, 0, (last - first) * line.width(), bottom), wash)
        if view.reached < len(axis):
            share = axis.edges(view.reached)[0] if view.reached else 0.0
            x = line.left() + share * line.width() if view.reached else area.left()
            grey = QColor(tones.faint_text(palette))
            grey.setAlpha(60)
            hatch = QBrush(grey, Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(x, 0, area.right() - x, bottom), hatch)
            wash = QColor(tones.hairline(palette))
            wash.setAlpha(110)
            painter.fillRect(QRectF(x, 0, area.right() - x, bottom), wash)

    def _curves(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        area: QRectF,
        palette: QPalette,
        reach: tuple[float, float],
    ) -> None:
        low, high = reach
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if low < 0 < high:
            y = area.bottom() - (0 - low) / (high - low) * area.height()
            painter.setPen(QPen(tones.hairline(palette), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for curve in view.curves:
            if len(curve.values) != len(axis):
                continue
            colour = method_colours.colour(curve.content, palette)
            x = area.left() + axis.shares * area.width()
            y_all = area.bottom() - (curve.values - low) / (high - low) * area.height()
            for run in runs(curve):
                points = [QPointF(float(x[step]), float(y_all[step])) for step in run]
                if len(points) > 1:
                    painter.setPen(QPen(colour, 1.75))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawPolyline(QPolygonF(points))
                else:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(colour)
                    painter.drawEllipse(points[0], 2.75, 2.75)
        if view.curves:
            self._reach_numbers(painter, view, area, palette, reach)

    def _reach_numbers(
        self,
        painter: QPainter,
        view: TimelineView,
        area: QRectF,
        palette: QPalette,
        reach: tuple[float, float],
    ) -> None:
        """Write the two ends of the curves, and between them what they measure."""
        font = _small(painter.font())
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(tones.quiet_text(palette))
        right = area.left() - 8
        high, low = (reach_words(value, metrics, right - 1) for value in reversed(reach))
        top = area.top() + metrics.capHeight() - 1
        painter.drawText(QPointF(right - metrics.horizontalAdvance(high), top), high)
        bottom = area.bottom()
        room = bottom - top
        if room >= metrics.height() * 0.9:
            painter.drawText(QPointF(right - metrics.horizontalAdvance(low), bottom), low)
        if room >= 2 * metrics.height():
            label = view.curves_label
            middle = (top + bottom + metrics.capHeight()) / 2 - metrics.capHeight() / 2 + 1
            painter.drawText(QPointF(right - metrics.horizontalAdvance(label), middle), label)

    def _thumbnails(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        row: QRectF,
        palette: QPalette,
    ) -> None:
        if not len(axis):
            return
        ratio = painter.deviceTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        distance = (row.height() + 4) / row.width()
        for step in axis.spread(len(axis), distance):
            x = row.left() + axis.share(step) * row.width() - row.height() / 2
            x = min(max(x, row.left() - MARGIN), row.right() + MARGIN - 4 - row.height())
            frame = QRectF(round(x), round(row.top()), round(row.height()), round(row.height()))
            array = view.thumbnails[step] if step < len(view.thumbnails) else None
            if array is None or step >= view.reached:
                painter.setPen(QPen(tones.hairline(palette), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(frame.adjusted(0, 0, -1, -1))
                continue
            aspect = array.shape[1] / array.shape[0]
            wide = min(1.0, aspect) * frame.width()
            high = wide / aspect
            place = QRectF(0, 0, wide, high)
            place.moveCenter(frame.center())
            pixels = QSize(round(wide * ratio), round(high * ratio))
            painter.drawImage(place, self._images.image(array))

    def _axis(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        area: QRectF,
        palette: QPalette,
    ) -> None:
        y = area.top() + 5
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        rule = tones.hairline(palette)
        painter.fillRect(QRectF(area.left(), y - 1, area.width(), 2), rule)
        quiet, faint = tones.quiet_text(palette), tones.hairline(palette)
        for step in range(len(axis)):
            x = round(area.left() + axis.share(step) * area.width())
            tone = quiet if step < view.reached else faint
            painter.fillRect(QRectF(x, y - 3, 1, 6), tone)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.accent(palette))
        for step in view.cached:
            if 0 <= step < len(axis):
                dot = round(area.left() + axis.share(step) * area.width()) + 0.5
                painter.drawEllipse(QPointF(dot, y), 2.5, 2.5)
        if len(axis):
            self._numbers(painter, view, axis, area, palette)

    def _numbers(
        self,
        painter: QPainter,
        view: TimelineView,
        axis: Axis,
        area: QRectF,
        palette: QPalette,
    ) -> None:
        painter.setFont(_small(painter.font()))
        painter.setPen(tones.quiet_text(palette))
        baseline = area.bottom() - 3
        steps = [(axis.share(step), str(step)) for step in numbered_steps(axis, area.width())]
        if not axis.by_log_snr:
            _write(painter, area, baseline - _LINE, tr("step"), steps)
            return
        first, last = float(view.log_snr[0]), float(view.log_snr[-1])
        marks, apart = numbers.ticks(first, last, max(2, int(area.width() / 56)))
        levels = [((mark - first) / (last - first), numbers.tick(mark, apart)) for mark in marks]
        _write(painter, area, baseline - _LINE, tr("step"), steps)
        _write(painter, area, baseline, "logSNR", levels)


def _write(
    painter: QPainter,
    area: QRectF,
    baseline: float,
    name: str,
    places: list[tuple[float, str]],
) -> None:
    """Write what an axis counts, and numbers at their places where there is room for them."""
    metrics = QFontMetricsF(painter.font())
    taken = 4.0
    painter.drawText(QPointF(taken, baseline), name)
    taken += metrics.horizontalAdvance(name) + 8
    for share, words in places:
        wide = metrics.horizontalAdvance(words)
        x = area.left() + share * area.width() - wide / 2
        if x >= taken and x + wide <= area.right() + MARGIN:
            painter.drawText(QPointF(x, baseline), words)
            taken = x + wide + 8


def numbered_steps(axis: Axis, width: float) -> list[int]:
    """Return the steps whose numbers are written: the last one, and round ones with room.

    Steps lie closer at one end of the axis than at the other, so that they are walked from the
    last one, which matters most, and one that comes too close is left out.
    """
    last = len(axis) - 1
    if last < 0:
        return []
    room = _NUMBER_ROOM / max(width, 1.0)
    chosen = [last]
    for every in (10, 5, 1):
        for step in range(last - 1, -1, -1):
            if step % every:
                continue
            if all(abs(axis.share(step) - axis.share(other)) >= room for other in chosen):
                chosen.append(step)
    return sorted(chosen)


def runs(curve: Curve) -> list[list[int]]:
    """Return the steps of a curve that are known, neighbours together."""
    made: list[list[int]] = []
    for step in np.flatnonzero(np.isfinite(curve.values)):
        if made and made[-1][-1] == step - 1:
            made[-1].append(int(step))
        else:
            made.append([int(step)])
    return made


def reach_words(value: float, metrics: QFontMetricsF, room: float) -> str:
    """Return one end of the curves in as many digits as fit: never without its sign."""
    if not value:
        return "0"
    exponent = f"{abs(value):.0e}".replace("e-0", "e-").replace("e+0", "e")
    written = [numbers.short(value, digits).removesuffix(".0") for digits in (2, 1)]
    # Rounded to nothing it would tell of another value.
    told = [words for words in written if words.strip("0." + numbers.MINUS)]
    told.append((numbers.MINUS if value < 0 else "") + exponent)
    fitting = (words for words in told if metrics.horizontalAdvance(words) <= room)
    return next(fitting, min(told, key=metrics.horizontalAdvance))


def curve_reach(view: TimelineView) -> tuple[float, float]:
    """Return the numbers at the lower and upper end of the curves."""
    known = [curve.values[np.isfinite(curve.values)] for curve in view.curves]
    values = np.concatenate(known) if known else np.zeros(0, np.float32)
    if view.curves_label == "IoU":
        return 0.0, 1.0
    if not values.size:
        return 0.0, 0.1
    return min(0.0, float(values.min())), max(0.1 if values.max() < 1 else 1.0, float(values.max()))


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPointSizeF(max(7.0, font.pointSizeF() - 1.0))
    return made
