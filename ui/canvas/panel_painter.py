"""How one panel is drawn: picture, map over it, veil, outlines. No widget, no events."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from ui.canvas import colormaps, cursor, outline, tones
from ui.canvas.images import ImageStore, interpolated
from ui.canvas.viewport import Viewport
from ui.view_state import (
    MASK,
    BoolArray,
    CanvasView,
    FloatArray,
    PanelStatus,
    PanelView,
)

# A picture's pixels are drawn as squares from this size (device pixels) on.
SQUARES_FROM = 3.0


class PanelPainter:
    """Draws panels from images that it keeps; shared by all panels of a canvas.

    Parameters
    ----------
    viewport
        The one pan and zoom.
    """

    def __init__(self, viewport: Viewport) -> None:
        self.viewport = viewport
        self.images = ImageStore()
        self.outlines = outline.OutlineStore()
        self._predicted: OrderedDict[int, tuple[FloatArray, float, bool, BoolArray]] = OrderedDict()

    def target(self, view: PanelView, area: QRectF, ratio: float) -> QRectF:
        """Return where the whole picture of `view` lies in `area`."""
        return self.viewport.target(area, content_size(view), ratio)

    def paint(
        self,
        painter: QPainter,
        view: PanelView,
        how: CanvasView,
        area: QRectF,
        palette: QPalette,
        *,
        diverging: bool = False,
    ) -> None:
        """Draw a panel's content into `area`; the painter's clip is respected."""
        ratio = painter.deviceTransform().m11()
        target = self.target(view, area, ratio)
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        if view.picture is not None:
            self._picture(painter, view, target, area, ratio)
        if not how.bare_picture:
            self._content(painter, view, how, target, area, diverging)
            if view.status in (PanelStatus.STAND_IN, PanelStatus.UNAVAILABLE):
                veil = QColor(tones.sunken(palette))
                veil.setAlpha(140)
                painter.fillRect(target, veil)
            self._outlines(painter, view, how, target, area, ratio)
        painter.restore()

    def _picture(
        self, painter: QPainter, view: PanelView, target: QRectF, area: QRectF, ratio: float
    ) -> None:
        assert view.picture is not None
        scale = target.width() * ratio / view.picture.shape[1]
        size = None
        if scale < SQUARES_FROM and self.viewport.zoom == 1:
            # Made once for all panels; drawing it then is a plain copy.
            size = QSize(round(target.width() * ratio), round(target.height() * ratio))
        image = self.images.picture(view.picture, size)
        _draw(painter, image, target, area, smooth=size is None and scale < SQUARES_FROM)

    def _content(
        self,
        painter: QPainter,
        view: PanelView,
        how: CanvasView,
        target: QRectF,
        area: QRectF,
        diverging: bool,
    ) -> None:
        painter.setOpacity(how.opacity if view.picture is not None else 1.0)
        if view.values is not None:
            colormap = colormaps.DIVERGING if diverging else how.colormap
            if how.nearest:
                image = self.images.map(view.values, view.levels, colormap)
                _draw(painter, image, target, area, smooth=False)
            else:
                self._smooth_map(painter, view, colormap, target, area)
        elif view.content == MASK and view.mask is not None:
            _draw(painter, self.images.mask(view.mask), target, area, smooth=False)
        painter.setOpacity(1.0)

    def _smooth_map(
        self, painter: QPainter, view: PanelView, colormap: str, target: QRectF, area: QRectF
    ) -> None:
        """Interpolate what is seen to device pixels: Qt would interpolate colours, and slowly."""
        assert view.values is not None
        ratio = painter.deviceTransform().m11()
        seen = target.intersected(area)
        size = QSize(round(seen.width() * ratio), round(seen.height() * ratio))
        if size.isEmpty():
            return
        high, wide = view.values.shape
        columns, rows = (
            (
                (start - origin) / length * count,
                (end - origin) / length * count,
            )
            for start, end, origin, length, count in (
                (seen.left(), seen.right(), target.left(), target.width(), wide),
                (seen.top(), seen.bottom(), target.top(), target.height(), high),
            )
        )
        image = self.images.smooth_map(view.values, view.levels, colormap, columns, rows, size)
        painter.drawImage(seen, image)

    def _outlines(
        self,
        painter: QPainter,
        view: PanelView,
        how: CanvasView,
        target: QRectF,
        area: QRectF,
        ratio: float,
    ) -> None:
        if how.outline and view.mask is not None:
            self._outline(painter, view.mask, target, area, ratio, outline.LINE)
        if view.threshold is not None and view.values is not None:
            predicted = self.predicted(view.values, view.threshold, how.nearest)
            self._outline(painter, predicted, target, area, ratio, outline.PREDICTED_LINE)

    def _outline(
        self,
        painter: QPainter,
        mask: BoolArray,
        target: QRectF,
        area: QRectF,
        ratio: float,
        colour: QColor,
    ) -> None:
        size = QSize(round(area.width() * ratio), round(area.height() * ratio))
        place = QRectF(
            (target.x() - area.x()) * ratio,
            (target.y() - area.y()) * ratio,
            target.width() * ratio,
            target.height() * ratio,
        )
        layer = self.outlines.layer(mask, place, size, ratio, colour)
        painter.drawImage(area, layer, QRectF(QPointF(), QSizeF(size)))

    def predicted(self, values: FloatArray, threshold: float, nearest: bool) -> BoolArray:
        """Return where values as drawn are above `threshold`, the same object while they last."""
        found = self._predicted.get(id(values))
        if found is not None and found[0] is values and found[1:3] == (threshold, nearest):
            return found[3]
        mask: BoolArray = (values if nearest else interpolated(values, 8)) > threshold
        self._predicted[id(values)] = (values, threshold, nearest, mask)
        while len(self._predicted) > 8:
            self._predicted.popitem(last=False)
        return mask


def content_size(view: PanelView) -> QSizeF:
    """Return the size of what a panel shows, in pixels."""
    height, width = cursor.content_shape(view)
    return QSizeF(width, height)


def _draw(painter: QPainter, image: QImage, target: QRectF, area: QRectF, smooth: bool) -> None:
    """Draw the pixels of `image` that are seen: far cheaper and more exact at a high zoom."""
    seen = target.intersected(area)
    if seen.isEmpty() or image.isNull():
        return
    wide, high = target.width() / image.width(), target.height() / image.height()
    margin = 2 if smooth else 0
    first = QPoint(
        int((seen.left() - target.left()) / wide) - margin,
        int((seen.top() - target.top()) / high) - margin,
    )
    last = QPoint(
        int((seen.right() - target.left()) / wide) + margin,
        int((seen.bottom() - target.top()) / high) + margin,
    )
    source = QRect(first, last).intersected(image.rect())
    place = QRectF(
        target.left() + source.x() * wide,
        target.top() + source.y() * high,
        source.width() * wide,
        source.height() * high,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(place, image, QRectF(source))
