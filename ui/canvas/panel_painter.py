"""How one panel is drawn: picture, map over it, veil, outlines. No widget, no events."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from ui.canvas import colormaps, cursor, outline
from ui.canvas.ground import Ground
from ui.canvas.images import ImageStore, Part
from ui.canvas.layout import Laid, Layouts
from ui.canvas.map_images import MapImages
from ui.canvas.predicted import PredictedMask
from ui.canvas.scale import Scale
from ui.canvas.viewport import Viewport
from ui.look import tones
from ui.view.view_state import ByteArray, CanvasView, FloatArray, PanelStatus, PanelView
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON

# A picture's pixels are drawn as squares from this size (device pixels) on.
SQUARES_FROM = 3.0
_FINER = 8
_FILL = QColor(94, 234, 212, 64)
# Pictures of more pixels are drawn from parts of them: all of it takes longer than a frame.
_LARGE = 1 << 20


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
        self.maps = MapImages()
        self.masks = outline.MaskLayers()
        self._layouts = Layouts(viewport)

    def laid(self, view: PanelView, area: QRectF, ratio: float) -> Laid:
        """Return where the whole picture of `view` lies in `area`."""
        return self._layouts.of(cursor.content_shape(view), area, ratio)

    def paint(
        self,
        painter: QPainter,
        view: PanelView,
        how: CanvasView,
        area: QRectF,
        palette: QPalette,
        *,
        diverging: bool = False,
        ground: Ground | None = None,
    ) -> None:
        """Draw a panel's content into `area`; the painter's clip is respected.

        With `ground`, which is the panel's own, picture and map are taken from there while they
        stay the same.
        """
        laid = self.laid(view, area, painter.deviceTransform().m11())

        def under(painter: QPainter) -> None:
            _fill_around(painter, view, laid, tones.sunken(palette))
            if view.picture is not None:
                self._picture(painter, view.picture, laid)
            if not how.bare_picture:
                self._content(painter, view, how, laid, diverging)

        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        if ground is None:
            under(painter)
        else:
            arrays = (view.picture, view.values)
            looks = (*_looks(view, how), diverging, palette.cacheKey())
            ground.draw(painter, (*map(id, arrays), *looks, laid), arrays, area, under)
        if not how.bare_picture:
            self._filled_masks(painter, view, how, laid)
            if view.status in (PanelStatus.STAND_IN, PanelStatus.UNAVAILABLE):
                veil = QColor(tones.sunken(palette))
                veil.setAlpha(140)
                painter.fillRect(laid.target, veil)
            self._outlines(painter, view, how, laid)
        painter.restore()

    def _picture(self, painter: QPainter, picture: ByteArray, laid: Laid) -> None:
        scale = laid.target.width() * laid.ratio / picture.shape[1]
        if scale >= SQUARES_FROM:
            seen = laid.seen(picture.shape)
            if seen is not None:
                painter.drawImage(laid.visible, self.images.squares(picture, seen))
            return
        if self.viewport.zoom == 1:
            # Made once for all panels; drawing it then is a plain copy.
            painter.drawImage(laid.target, self.images.picture(picture, laid.whole))
        elif _is_large(picture):
            self._draw_part(painter, picture, laid.target, laid.visible, laid.ratio)
        else:
            _draw(painter, self.images.picture(picture), laid.target, laid.visible)

    def _draw_part(
        self,
        painter: QPainter,
        array: ByteArray,
        target: QRectF,
        seen: QRectF,
        ratio: float,
    ) -> None:
        """Draw what is seen of a large picture, no finer than the screen can show."""
        if seen.isEmpty():
            return
        wide, high = target.width() / array.shape[1], target.height() / array.shape[0]
        # Two pixels for one of the screen: enough for a smooth look.
        stride = max(1, int(1 / (2 * max(wide, high) * ratio)))
        part = Part(
            top=_down((seen.top() - target.top()) / high, stride),
            bottom=min(array.shape[0], int((seen.bottom() - target.top()) / high) + stride + 1),
            left=_down((seen.left() - target.left()) / wide, stride),
            right=min(array.shape[1], int((seen.right() - target.left()) / wide) + stride + 1),
            stride=stride,
        )
        image = self.images.part(array, part)
        place = QRectF(
            target.left() + part.left * wide,
            target.top() + part.top * high,
            image.width() * stride * wide,
            image.height() * stride * high,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)

    def _content(
        self,
        painter: QPainter,
        view: PanelView,
        how: CanvasView,
        laid: Laid,
        diverging: bool,
    ) -> None:
        if view.values is None:
            return
        colormap = colormaps.DIVERGING if diverging else how.colormap
        seen = laid.seen(view.values.shape)
        if seen is None:
            return
        # One image pixel for each of the screen: a plain copy, where Qt would be slow with squares
        # and interpolate colours otherwise.
        scale = Scale.of(view.levels, how.log_scale)
        make = self.maps.squares if how.nearest else self.maps.smooth
        image = make(view.values, scale, colormap, seen)
        painter.setOpacity(how.opacity if view.picture is not None else 1.0)
        painter.drawImage(laid.visible, image)
        painter.setOpacity(1.0)

    def _filled_masks(
        self, painter: QPainter, view: PanelView, how: CanvasView, laid: Laid
    ) -> None:
        layer = None
        if view.content == MASK and view.mask is not None:
            layer = self.masks.fill(view.mask, laid.place)
        elif view.content == MASK_COMPARISON and view.compared is not None:
            layer = self.masks.comparison(*view.compared, laid.place)
        if layer is not None:
            if view.content == MASK and view.picture is not None:
                painter.setOpacity(how.opacity)
            painter.drawImage(laid.area, layer, QRectF(layer.rect()))
            painter.setOpacity(1.0)

    def _outlines(self, painter: QPainter, view: PanelView, how: CanvasView, laid: Laid) -> None:
        shown: list[MaskPicture] = []
        # Where there is nothing but a sentence, an outline would cross it.
        if how.outline and view.compared is None and not says_alone(view):
            shown += [*view.other_masks, *((view.mask,) if view.mask is not None else ())]
        if how.outline and view.found is not None and not says_alone(view):
            shown.append(view.found)
        layers = [self.masks.outline(mask, laid.place, laid.ratio) for mask in shown]
        if view.threshold is not None and view.values is not None:
            fill = _FILL if how.fill_predicted else None
            layers.append(self._predicted(view, view.values, view.threshold, laid, fill))
        for layer in layers:
            painter.drawImage(laid.area, layer, QRectF(layer.rect()))

    def _predicted(
        self,
        view: PanelView,
        values: FloatArray,
        threshold: float,
        laid: Laid,
        fill: QColor | None,
    ) -> QImage:
        shape = cursor.content_shape(view)
        if view.picture is None and view.mask is None:
            shape = (shape[0] * _FINER, shape[1] * _FINER)
        mask = PredictedMask(values, threshold, shape)
        return self.masks.predicted(mask, laid.place, laid.ratio, fill)


def _looks(view: PanelView, how: CanvasView) -> tuple[Hashable, ...]:
    """Return what decides how picture and map are drawn, beside themselves."""
    looks = (view.levels, how.log_scale, how.colormap, how.nearest, how.opacity)
    return (how.bare_picture, looks)


def _fill_around(painter: QPainter, view: PanelView, laid: Laid, colour: QColor) -> None:
    """Fill what a picture does not cover: far less than all."""
    area, inner = laid.area, laid.covered
    if view.picture is None or inner.isEmpty():
        painter.fillRect(area, colour)
        return
    if inner == area:
        return
    left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
    for strip in (
        QRectF(QPointF(left, top), QPointF(right, inner.top())),
        QRectF(QPointF(left, inner.bottom()), QPointF(right, bottom)),
        QRectF(QPointF(left, inner.top()), QPointF(inner.left(), inner.bottom())),
        QRectF(QPointF(inner.right(), inner.top()), QPointF(right, inner.bottom())),
    ):
        if not strip.isEmpty():
            painter.fillRect(strip, colour)


def says_alone(view: PanelView) -> bool:
    """Whether a sentence is all that a panel has."""
    return bool(view.hint) and view.picture is None and view.values is None


def content_size(view: PanelView) -> QSizeF:
    """Return the size of what a panel shows, in pixels."""
    height, width = cursor.content_shape(view)
    return QSizeF(width, height)


def _is_large(array: ByteArray) -> bool:
    return bool(array.shape[0] * array.shape[1] > _LARGE)


def _down(place: float, stride: int) -> int:
    return max(0, int(place)) // stride * stride


def _draw(painter: QPainter, image: QImage, target: QRectF, seen: QRectF) -> None:
    """Draw the pixels of `image` that are seen: far cheaper and more exact at a high zoom."""
    if seen.isEmpty() or image.isNull():
        return
    wide, high = target.width() / image.width(), target.height() / image.height()
    # Beyond what is seen, for the smooth look.
    margin = 2
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
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image, QRectF(source))
