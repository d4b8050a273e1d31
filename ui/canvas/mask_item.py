"""Masks in a scene: painted at the screen's resolution, and of them what is exposed alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from memlens.masks.changes import Box
from ui.canvas.device_pixels import on_device
from ui.canvas.outline import MaskDrawing, reach
from ui.canvas.predicted import PredictedMask
from ui.look.graphs import pg
from ui.vocabulary.mask_picture import MaskPicture

# Where the whole mask lies, which pixels are wanted, how thick lines are.
_Draw = Callable[[QRectF, QRect, float], QImage]


@dataclass(frozen=True, slots=True)
class MaskLayer:
    """Something that is drawn of masks.

    Attributes
    ----------
    key
        Equal for as long as nothing but pixels of `masks` changes.
    masks
        What it is drawn from.
    draw
        Makes an image of some pixels of the screen.
    """

    key: Hashable
    masks: tuple[MaskPicture, ...]
    draw: _Draw


class MaskLayers:
    """Makes the layers that panels show; what they look at is shared."""

    def __init__(self) -> None:
        self._drawing = MaskDrawing()

    def outline(self, mask: MaskPicture) -> MaskLayer:
        """Return a mask's outline, and its tint."""
        key = ("outline", mask.key, mask.colour, mask.tint)
        drawing = self._drawing
        return MaskLayer(key, (mask,), lambda *how: drawing.outline(mask, *how))

    def fill(self, mask: MaskPicture) -> MaskLayer:
        """Return a mask white and what is outside black."""
        drawing = self._drawing
        return MaskLayer(("fill", mask.key), (mask,), lambda *how: drawing.fill(mask, *how[:2]))

    def comparison(self, a: MaskPicture, b: MaskPicture) -> MaskLayer:
        """Return where two masks agree and where each is alone."""
        key, drawing = ("comparison", a.key, b.key), self._drawing
        return MaskLayer(key, (a, b), lambda *how: drawing.comparison(a, b, *how[:2]))

    def predicted(self, mask: PredictedMask, fill: QColor | None) -> MaskLayer:
        """Return a predicted mask's outline, and its inside where `fill` is given."""
        # The layer holds the map, so that its id is not given to another one.
        key = (id(mask.values), mask.threshold, mask.picture, fill is None)
        drawing = self._drawing
        return MaskLayer(key, (), lambda *how: drawing.predicted(mask, fill, *how))


class MaskItem(pg.GraphicsObject):
    """Lies on the unit square of its parent.

    Parameters
    ----------
    kept
        Whether what was painted is kept as an image: not of what changes with every step.
    """

    def __init__(self, *, kept: bool = True) -> None:
        super().__init__()
        self._layers: tuple[MaskLayer, ...] = ()
        self._seen = QRectF(0, 0, 1, 1)
        self._pixel = (0.0, 0.0)
        self._kept = kept
        self._image = QImage()
        self._place: tuple[QRectF, QRect] | None = None
        # What of the image is not as the layers are.
        self._changed: list[QRectF] = []
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_layers(self, *layers: MaskLayer) -> None:
        """Show layers, the last one on top; only what changed of them is painted again."""
        before, self._layers = self._layers, layers
        self.setVisible(bool(layers))
        if [layer.key for layer in before] != [layer.key for layer in layers]:
            self._change(None)
            return
        for old, new in zip(before, layers, strict=True):
            for was, now in zip(old.masks, new.masks, strict=True):
                box = now.dirty_since(was.revision)
                if box is None:
                    self._change(None)
                elif box.bottom > box.top and box.right > box.left:
                    self._change(self._around(box, now.shape))

    def lay_out(self, seen: QRectF, pixel: tuple[float, float]) -> None:
        """Take what part of the unit square is seen, and how much of it a pixel covers."""
        if (seen, pixel) != (self._seen, self._pixel):
            self.prepareGeometryChange()
            self._seen, self._pixel = seen, pixel
            self._change(None)

    def boundingRect(self) -> QRectF:
        """Return what is seen of the unit square."""
        return self._seen

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: object = None
    ) -> None:
        """Paint what is exposed."""
        device = painter.deviceTransform()
        target = device.mapRect(QRectF(0, 0, 1, 1))
        area = device.mapRect(self._seen).toAlignedRect()
        if area.isEmpty() or target.isEmpty():
            return
        ratio = target.width() / self.sceneTransform().mapRect(QRectF(0, 0, 1, 1)).width()
        if not self._kept:
            area &= device.mapRect(option.exposedRect).toAlignedRect()
            image = self._made(target, area, ratio)
        else:
            if self._place != (target, area):
                self._image = self._made(target, area, ratio)
                self._place = (target, area)
            else:
                self._mend(target, area, ratio, device)
            self._changed = []
            image = self._image
        with on_device(painter):
            painter.drawImage(area.topLeft(), image)

    def _change(self, area: QRectF | None) -> None:
        """Have a part painted again, None for all."""
        if area is None:
            self._place = None
            self.update()
        else:
            self._changed.append(area)
            self.update(area)

    def _made(self, target: QRectF, area: QRect, ratio: float) -> QImage:
        first, *others = self._layers
        image = first.draw(target, area, ratio)
        if others:
            painter = QPainter(image)
            for layer in others:
                painter.drawImage(0, 0, layer.draw(target, area, ratio))
            painter.end()
        return image

    def _mend(self, target: QRectF, area: QRect, ratio: float, device: QTransform) -> None:
        for changed in self._changed:
            part = device.mapRect(changed).toAlignedRect() & area
            if not part.isEmpty():
                painter = QPainter(self._image)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.drawImage(part.topLeft() - area.topLeft(), self._made(target, part, ratio))
                painter.end()

    def _around(self, box: Box, shape: tuple[int, int]) -> QRectF:
        height, width = shape
        area = QRectF(
            box.left / width,
            box.top / height,
            (box.right - box.left) / width,
            (box.bottom - box.top) / height,
        )
        # As thick as lines are on the finest screens, and a pixel for rounding.
        across, down = (pixel * (reach(2.0) + 1) for pixel in self._pixel)
        return area.adjusted(-across, -down, across, down)
