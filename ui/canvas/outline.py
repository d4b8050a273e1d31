"""How masks are drawn: outlines, fills and comparisons at the screen's resolution."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage

from memlens.masks.changes import Box
from ui.mask_picture import MaskPicture
from ui.view_state import BoolArray

PREDICTED_LINE = QColor(94, 234, 212)
AGREE, ONLY_A, ONLY_B = QColor(0, 158, 115), QColor(230, 159, 0), QColor(86, 180, 233)
_HALO_ALPHA = 170
_COMPARED_ALPHA = 205
# What is in neither mask steps back, so that the colours are not taken for the picture's.
_NEITHER_ALPHA = 150

ArgbArray = NDArray[np.uint32]
IndexArray = NDArray[np.intp]
Paint = Callable[..., ArgbArray]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mask lies in an image.

    Attributes
    ----------
    target
        The whole mask, in device pixels of the image.
    size
        The image, in device pixels.
    """

    target: QRectF
    size: QSize

    @property
    def key(self) -> tuple[float, ...]:
        """Equal for equal places."""
        target = self.target
        size = (self.size.width(), self.size.height())
        return (target.x(), target.y(), target.width(), target.height(), *size)


@dataclass(slots=True)
class _Layer:
    """An image over an array, and the masks that it was last drawn from."""

    argb: ArgbArray
    image: QImage
    masks: tuple[MaskPicture, ...]


class MaskLayers:
    """Masks drawn once for a zoom and a place, and shared by panels of one size.

    When a mask changes, only what was touched is drawn again.

    Parameters
    ----------
    most
        How many layers are kept.
    """

    def __init__(self, most: int = 12) -> None:
        self._most = most
        self._layers: OrderedDict[Hashable, _Layer] = OrderedDict()

    def outline(self, mask: MaskPicture, place: Place, ratio: float) -> QImage:
        """Return the outline on a transparent image; `ratio` is how thick the lines are."""
        thick = max(1, round(ratio))
        table = np.array([0, _HALO_ALPHA << 24, QColor(mask.colour).rgba()], np.uint32)

        def paint(inside: BoolArray) -> ArgbArray:
            return np.take(table, _line_and_halo(inside, thick), mode="clip")

        return self._layer(("outline", mask.colour, thick), (mask,), place, 2 * thick, paint)

    def fill(self, mask: MaskPicture, place: Place) -> QImage:
        """Return the mask white inside and black outside, transparent beyond its borders."""
        table = np.array([0xFF000000, 0xFFFFFFFF], np.uint32)

        def paint(inside: BoolArray) -> ArgbArray:
            return np.take(table, inside.view(np.uint8))

        return self._layer(("fill",), (mask,), place, 0, paint)

    def comparison(self, a: MaskPicture, b: MaskPicture, place: Place) -> QImage:
        """Return where two masks agree, where only A and where only B is."""
        colours = (_premultiplied(c, _COMPARED_ALPHA) for c in (ONLY_A, ONLY_B, AGREE))
        table = np.array([_NEITHER_ALPHA << 24, *colours], np.uint32)

        def paint(in_a: BoolArray, in_b: BoolArray) -> ArgbArray:
            return np.take(table, in_a.view(np.uint8) + 2 * in_b.view(np.uint8))

        return self._layer(("comparison",), (a, b), place, 0, paint)

    def _layer(
        self,
        how: tuple[Hashable, ...],
        masks: tuple[MaskPicture, ...],
        place: Place,
        margin: int,
        paint: Paint,
    ) -> QImage:
        key = (*how, tuple(mask.key for mask in masks), place.key)
        whole = QRect(0, 0, place.size.width(), place.size.height())
        layer = self._layers.get(key)
        if layer is None:
            argb = np.zeros((whole.height(), whole.width()), np.uint32)
            image = QImage(
                argb.data,
                whole.width(),
                whole.height(),
                4 * whole.width(),
                QImage.Format.Format_ARGB32_Premultiplied,
            )
            layer = self._layers[key] = _Layer(argb, image, masks)
            dirty = whole
            while len(self._layers) > self._most:
                self._layers.popitem(last=False)
        else:
            self._layers.move_to_end(key)
            dirty = QRect()
            for mask, drawn in zip(masks, layer.masks, strict=True):
                dirty = dirty.united(touched(mask, drawn.revision, place, margin))
            layer.masks = masks
        dirty = dirty.intersected(whole)
        if not dirty.isEmpty() and not place.target.isEmpty():
            _draw_into(layer.argb, masks, place, dirty, margin, paint)
        return layer.image


def touched(mask: MaskPicture, revision: int, place: Place, margin: int) -> QRect:
    """Return what must be drawn again of a mask last drawn at `revision`, in device pixels."""
    box = mask.dirty_since(revision)
    whole = QRect(0, 0, place.size.width(), place.size.height())
    if box is None:
        return whole
    return on_screen(box, mask.shape, place.target, margin).intersected(whole)


def on_screen(box: Box, shape: tuple[int, int], target: QRectF, margin: int) -> QRect:
    """Return the pixels that a part of a mask covers when all of it lies on `target`."""
    if box.bottom <= box.top or box.right <= box.left:
        return QRect()
    wide, high = target.width() / shape[1], target.height() / shape[0]
    area = QRectF(
        target.x() + box.left * wide,
        target.y() + box.top * high,
        (box.right - box.left) * wide,
        (box.bottom - box.top) * high,
    )
    reach = margin + 1
    return area.toAlignedRect().adjusted(-reach, -reach, reach, reach)


def _draw_into(
    argb: ArgbArray,
    masks: tuple[MaskPicture, ...],
    place: Place,
    dirty: QRect,
    margin: int,
    paint: Paint,
) -> None:
    wider = dirty.adjusted(-margin, -margin, margin, margin)
    seen = [_sampled(mask.pixels, place.target, wider) for mask in masks]
    painted = paint(*(inside for inside, _ in seen))
    height, width = dirty.height(), dirty.width()
    part = painted[margin : margin + height, margin : margin + width]
    covered = seen[0][1]
    if margin == 0:
        part = np.where(covered, part, np.uint32(0))
    top, left = dirty.top(), dirty.left()
    argb[top : top + height, left : left + width] = part


def _sampled(pixels: BoolArray, target: QRectF, area: QRect) -> tuple[BoolArray, BoolArray]:
    """Return whether the mask is inside, and whether the picture is, at each device pixel."""
    rows, first_row = _indices(
        pixels.shape[0], target.y(), target.height(), area.y(), area.height()
    )
    columns, first = _indices(pixels.shape[1], target.x(), target.width(), area.x(), area.width())
    inside = np.zeros((area.height(), area.width()), np.bool_)
    covered = np.zeros_like(inside)
    if rows.size and columns.size:
        window = np.s_[first_row : first_row + rows.size, first : first + columns.size]
        # Columns are cut before rows are picked, so that a zoomed view copies what it shows.
        cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if cut.shape != (rows.size, columns.size):
            cut = cut[rows - rows[0]].take(columns - columns[0], axis=1)
        inside[window] = cut
        covered[window] = True
    return inside, covered


def _indices(
    count: int, origin: float, length: float, start: int, size: int
) -> tuple[IndexArray, int]:
    """Return the mask's index at each device pixel's centre, and the first pixel that has one."""
    centres = np.arange(start, start + size) + 0.5
    found = np.floor((centres - origin) * (count / length)).astype(np.intp)
    first = int(np.searchsorted(found, 0))
    last = int(np.searchsorted(found, count))
    return found[first:last], first


def _line_and_halo(inside: BoolArray, thick: int) -> NDArray[np.uint8]:
    """Return 2 on the line along the mask's inner edge, 1 beside it, 0 elsewhere."""
    line = inside & _spread(~inside, thick)
    # Whatever is near the edge is near the line.
    return _spread(line, thick).view(np.uint8) + line.view(np.uint8)


def _spread(mask: BoolArray, by: int) -> BoolArray:
    """Return the mask grown by `by` pixels in all eight directions."""
    wide = mask.copy()
    for shift in range(1, by + 1):
        wide[:, shift:] |= mask[:, :-shift]
        wide[:, :-shift] |= mask[:, shift:]
    grown = wide.copy()
    for shift in range(1, by + 1):
        grown[shift:] |= wide[:-shift]
        grown[:-shift] |= wide[shift:]
    return grown


def _premultiplied(colour: QColor, alpha: int) -> int:
    red, green, blue = (
        part * alpha // 255 for part in (colour.red(), colour.green(), colour.blue())
    )
    return alpha << 24 | red << 16 | green << 8 | blue
