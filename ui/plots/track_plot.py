"""The plot of the timeline: curves, thumbnails, an axis of steps and one of logSNR."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
    QWidget,
)

from ui.canvas import method_colours, symbol
from ui.canvas.picture_item import PictureImages, PictureItem
from ui.language.translation import tr
from ui.look import tones
from ui.look.graphs import pg
from ui.plots.axis import Axis
from ui.plots.plot import Column, Plot
from ui.view import numbers
from ui.view.view_state import TimelineView

# Room at the left for the numbers of the curves, and at the right for half a number.
GUTTER, MARGIN = 40, 14
AXIS_HEIGHT = 40
_THUMBNAIL = 36
_LEAST_CURVES = 28
# What two or three digits and a gap take.
_NUMBER_ROOM = 28.0


class TrackPlot(Plot):
    """Draws a `TimelineView` along the steps' places 0..1; the hand is the track's."""

    def __init__(self, parent: QWidget) -> None:
        self.view_shown = TimelineView()
        self.axis = Axis(self.view_shown.log_snr)
        super().__init__("timeline", parent)
        self.drawn = 0
        self._images = PictureImages()
        self._curves: dict[str, tuple[pg.PlotCurveItem, pg.ScatterPlotItem]] = {}
        self._thumbnails: list[PictureItem] = []
        self._frames: list[QGraphicsRectItem] = []
        box = self.item.vb
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._log_snr = pg.AxisItem("bottom", linkView=box)
        self.item.layout.addItem(self._log_snr, 4, 1)
        self.item.layout.setContentsMargins(0, 0, MARGIN, 0)
        self.item.getAxis("left").setWidth(GUTTER)
        for axis in (self.item.getAxis("bottom"), self._log_snr):
            axis.setHeight(AXIS_HEIGHT // 2)
        axes = (self.item.getAxis("bottom"), self._log_snr)
        self._names = [
            QGraphicsSimpleTextItem(words, axis)
            for words, axis in zip((tr("step"), "logSNR"), axes, strict=True)
        ]
        for words in self._names:
            words.setPos(4 - GUTTER, 3)
        self._window = pg.LinearRegionItem((0, 1), movable=False)
        self._ahead = pg.LinearRegionItem((0, 1), movable=False)
        for z, region in enumerate((self._window, self._ahead)):
            region.setZValue(-20 + z)
            for line in region.lines:
                line.setPen(pg.mkPen(None))
            self.item.addItem(region, ignoreBounds=True)
        self._dots = QGraphicsPathItem(box)
        self._dots.setPen(Qt.PenStyle.NoPen)
        self.playhead = pg.InfiniteLine(angle=90)
        self.playhead.addMarker("o", 0.0, 12)
        self.playhead.setZValue(40)
        self.item.addItem(self.playhead, ignoreBounds=True)
        self.tint()
        box.sigResized.connect(self.draw_later)

    def show_view(self, view: TimelineView) -> None:
        """Draw `view`; only the playhead where only the step differs."""
        before, self.view_shown = self.view_shown, view
        if view.log_snr is not before.log_snr:
            self.axis = Axis(view.log_snr)
        same = (
            view.log_snr is before.log_snr
            and view.reached == before.reached
            and view.cached == before.cached
            and view.window == before.window
            and view.thumbnails is before.thumbnails
            and view.curves is before.curves
        )
        if not same:
            self.draw()
        self._place_playhead()

    def draw(self) -> None:
        """Draw all but the playhead."""
        self.drawn += 1
        room = self.item.vb.height()
        thumbnails = _THUMBNAIL if room >= _THUMBNAIL + _LEAST_CURVES + 8 else 0
        low, high = curve_reach(self.view_shown)
        # The curves' part of the plot's height, between what is above and the thumbnails below.
        part = max(1.0, room - thumbnails - 20) / max(1.0, room)
        span = (high - low) / part
        self.show_range(QRectF(0, high + 6 / max(1.0, room) * span - span, 1, span))
        self._regions()
        self._draw_curves()
        self._draw_thumbnails(room - thumbnails - 5, thumbnails)
        self._ticks(low, high)

    def columns(self) -> list[Column]:
        """Return each step, its logSNR and the curves at it."""
        view = self.view_shown
        made: list[Column] = [
            (tr("step"), np.arange(len(self.axis), dtype=float)),
            ("logSNR", np.asarray(view.log_snr, float)),
        ]
        for curve in view.curves:
            name = f"{symbol.plain(curve.symbol)} {view.curves_label}"
            made.append((name, np.asarray(curve.values, float)))
        return made

    def reading(self, x: float) -> str:
        """Return the step nearest to `x`, its logSNR and the curves at it."""
        view = self.view_shown
        if not len(self.axis):
            return ""
        step = self.axis.step(x)
        parts = [tr("step {step}").format(step=step)]
        if np.isfinite(view.log_snr[step]):
            parts.append(f"logSNR {numbers.short(float(view.log_snr[step]), 2)}")
        for curve in view.curves:
            if step < len(curve.values) and np.isfinite(curve.values[step]):
                value = numbers.short(float(curve.values[step]), 2)
                parts.append(f"{symbol.plain(curve.symbol)} {value}")
        return " · ".join(parts)

    def tint(self) -> None:
        """Take the colours of the palette."""
        super().tint()
        if not hasattr(self, "playhead"):
            return
        palette = self.palette()
        accent = tones.accent(palette)
        wash, grey = QColor(accent), QColor(tones.faint_text(palette))
        wash.setAlpha(34)
        grey.setAlpha(90)
        self._window.setBrush(wash)
        self._ahead.setBrush(QBrush(grey, Qt.BrushStyle.BDiagPattern))
        self._dots.setBrush(accent)
        own = self.item.getAxis("bottom")
        # Outward, away from the dots.
        own.setStyle(tickLength=3)
        self._log_snr.setPen(pg.mkPen(None))
        self._log_snr.setTextPen(pg.mkPen(tones.quiet_text(palette)))
        font = own.style["tickFont"]
        self._log_snr.setStyle(tickFont=font, tickLength=0, hideOverlappingLabels=2)
        for words in self._names:
            words.setFont(font)
            words.setBrush(tones.quiet_text(palette))
        self.show_focus()

    def show_focus(self) -> None:
        """Let the playhead tell whether keys move it."""
        if hasattr(self, "playhead"):
            parent = self.parentWidget()
            wide = 4 if parent is not None and parent.hasFocus() else 2
            self.playhead.setPen(pg.mkPen(tones.accent(self.palette()), width=wide))

    def _place_playhead(self) -> None:
        step = self.view_shown.step
        there = 0 <= step < min(len(self.axis), max(self.view_shown.reached, 1))
        self.playhead.setVisible(there)
        if there:
            self.playhead.setValue(self.axis.share(step))

    def _regions(self) -> None:
        view, axis = self.view_shown, self.axis
        chosen = view.window is not None and len(axis) > 0
        self._window.setVisible(chosen)
        if view.window is not None and chosen:
            low, high = (min(max(step, 0), len(axis) - 1) for step in view.window)
            self._window.setRegion((axis.edges(low)[0], axis.edges(high)[1]))
        self._ahead.setVisible(view.reached < len(axis))
        if view.reached < len(axis):
            self._ahead.setRegion((axis.edges(view.reached)[0] if view.reached else 0.0, 1.0))

    def _draw_curves(self) -> None:
        view, palette = self.view_shown, self.palette()
        shown = {c.content: c for c in view.curves if len(c.values) == len(self.axis)}
        for gone in set(self._curves) - set(shown):
            for item in self._curves.pop(gone):
                self.item.removeItem(item)
        for content, curve in shown.items():
            if content not in self._curves:
                made = (pg.PlotCurveItem(connect="finite"), pg.ScatterPlotItem(size=5.5))
                self._curves[content] = made
                for item in made:
                    self.item.addItem(item, ignoreBounds=True)
            line, dots = self._curves[content]
            colour = method_colours.colour(content, palette)
            values = np.asarray(curve.values, float)
            line.setData(self.axis.shares, values)
            line.setPen(pg.mkPen(colour, width=1.75))
            single = alone(values)
            dots.setData(self.axis.shares[single], values[single])
            dots.setPen(pg.mkPen(None))
            dots.setBrush(pg.mkBrush(colour))

    def _draw_thumbnails(self, top: float, side: float) -> None:
        view, box = self.view_shown, self.item.vb
        wide = box.width()
        steps = self.axis.spread(len(self.axis), (side + 4) / max(1.0, wide)) if side else []
        while len(self._thumbnails) < len(steps):
            self._frames.append(QGraphicsRectItem(box))
            self._thumbnails.append(PictureItem(self._images))
            self._thumbnails[-1].setParentItem(box)
        for item, frame in zip(
            self._thumbnails[len(steps) :], self._frames[len(steps) :], strict=True
        ):
            item.setVisible(False)
            frame.setVisible(False)
        line = QPen(tones.hairline(self.palette()))
        for step, item, frame in zip(steps, self._thumbnails, self._frames, strict=False):
            x = min(max(self.axis.share(step) * wide - side / 2, 0.0), wide - side)
            place = QRectF(round(x), round(top - 1), side, side)
            array = view.thumbnails[step] if step < len(view.thumbnails) else None
            there = array is not None and step < view.reached
            frame.setVisible(not there)
            frame.setPen(line)
            frame.setRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
            if array is not None and there:
                aspect = array.shape[1] / array.shape[0]
                middle = place.center()
                place.setWidth(min(1.0, aspect) * side)
                place.setHeight(place.width() / aspect)
                place.moveCenter(middle)
            item.show_picture(array if there else None, place)
        path = QPainterPath()
        for step in view.cached:
            if 0 <= step < len(self.axis):
                path.addEllipse(QPointF(self.axis.share(step) * wide, box.height() - 3), 2.5, 2.5)
        self._dots.setPath(path)

    def _ticks(self, low: float, high: float) -> None:
        view, axis, wide = self.view_shown, self.axis, self.item.vb.width()
        numbered = numbered_steps(axis, wide)
        steps = [(axis.share(step), str(step)) for step in numbered]
        minor = [(float(share), "") for share in axis.shares]
        self.item.getAxis("bottom").setTicks([steps, minor])
        levels: list[tuple[float, str]] = []
        if axis.by_log_snr:
            first, last = float(view.log_snr[0]), float(view.log_snr[-1])
            marks, apart = numbers.ticks(first, last, max(2, int(wide / 56)))
            places = [((m - first) / (last - first), numbers.tick(m, apart)) for m in marks]
            # Not where the axis has its name.
            levels = [place for place in places if place[0] * wide > _NUMBER_ROOM / 2]
        self._log_snr.setTicks([levels])
        metrics = QFontMetricsF(self.item.getAxis("left").style["tickFont"] or self.font())
        ends = [(v, reach_words(v, metrics, GUTTER - 10)) for v in (low, high)]
        middle = [((low + high) / 2, view.curves_label)]
        self.item.getAxis("left").setTicks([[*ends, *middle] if view.curves else []])


def alone(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which values have no known neighbour, and so no line to be on."""
    known = np.isfinite(np.pad(values, 1, constant_values=np.nan))
    made: NDArray[np.bool_] = known[1:-1] & ~known[:-2] & ~known[2:]
    return made


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


def reach_words(value: float, metrics: QFontMetricsF, room: float) -> str:
    """Return one end of the curves in as many digits as fit: never without its sign."""
    if not value:
        return "0"
    exponent = f"{abs(value):.0e}".replace("e-0", "e-").replace("e+0", "e")
    exponent = exponent.replace("-", numbers.MINUS)
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
