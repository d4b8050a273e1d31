"""How masks are drawn: outlines, fills and comparisons at the screen's resolution."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import is_

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from memlens.masks.changes import Box
from ui.canvas.mask_sampling import MaskSampling, Seen
from ui.canvas.place import Place
from ui.canvas.predicted import PredictedMask
from ui.view.view_state import BoolArray
from ui.vocabulary.mask_picture import MaskPicture

PREDICTED_LINE = QColor(94, 234, 212)
AGREE, ONLY_A, ONLY_B = QColor(0, 158, 115), QColor(230, 159, 0), QColor(86, 180, 233)
_HALO_ALPHA = 170
_CLEAR, _HALO = 0, _HALO_ALPHA << 24
_COMPARED_ALPHA = 205
# What is in neither mask steps back, so that the colours are not taken for the picture's.
_NEITHER_ALPHA = 150

CodeArray = NDArray[np.uint8]
# Turns masks, and of two what is in both, into the places of pixels in a table of colours.
Code = Callable[..., CodeArray]
# The colours, and what picks among them.
Looks = tuple[list[int], Code]


@dataclass(slots=True)
class _Layer:
    """An image, the masks that it was last drawn from, and what its key names by an id."""

    image: QImage
    masks: tuple[MaskPicture, ...]
    named: object = None


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
        self._sampling = MaskSampling()
        self._layers: OrderedDict[Hashable, _Layer] = OrderedDict()

    def outline(self, mask: MaskPicture, place: Place, ratio: float) -> QImage:
        """Return outline and tint on a transparent image; `ratio` is how thick the lines are."""
        how = ("outline", mask.colour, mask.tint, _thickness(ratio))
        looks = partial(_outlined, mask.colour, _tinted(mask), ratio)
        return self._layer(how, (mask,), place, reach(ratio), looks)

    def predicted(
        self, mask: PredictedMask, place: Place, ratio: float, fill: QColor | None
    ) -> QImage:
        """Return the outline of a predicted mask, filled with `fill` if that is given."""
        key = (mask.key, None if fill is None else fill.rgba(), _thickness(ratio), place.key)
        layer = self._kept(key)
        if layer is None:
            table, code = _outlined(PREDICTED_LINE.name(), fill, ratio)
            margin = reach(ratio)
            whole = QRect(0, 0, place.size.width(), place.size.height())
            known = mask.seen(place, margin)
            if known is None:
                wider = whole.adjusted(-margin, -margin, margin, margin)
                seen = self._sampling.look(MaskPicture.still(mask.pixels()), place.target, wider)
            else:
                seen = Seen(known, known, known)
            image = _drawn(code(seen), seen.covered, whole.size(), margin, table)
            layer = self._keep(key, _Layer(image, (), mask.values))
        return layer.image

    def fill(self, mask: MaskPicture, place: Place) -> QImage:
        """Return the mask white inside and black outside, transparent beyond its borders."""
        return self._layer(("fill",), (mask,), place, 0, _filled)

    def comparison(self, a: MaskPicture, b: MaskPicture, place: Place) -> QImage:
        """Return where two masks agree, where only A and where only B is.

        A pixel of the screen that sees a pixel in both masks is where they agree; one that sees
        some of A and some of B, but none in both, is drawn as A.
        """
        return self._layer(("comparison",), (a, b), place, 0, _compared)

    def _layer(
        self,
        how: tuple[Hashable, ...],
        masks: tuple[MaskPicture, ...],
        place: Place,
        margin: int,
        looks: Callable[[], Looks],
    ) -> QImage:
        key = (*how, *(mask.key for mask in masks), place.key)
        layer = self._kept(key)
        if layer is not None and all(map(is_, layer.masks, masks)):
            return layer.image
        whole = QRect(0, 0, place.size.width(), place.size.height())
        if layer is None:
            layer = self._keep(key, _Layer(QImage(), masks))
            dirty = whole
        else:
            dirty = QRect()
            for mask, drawn in zip(masks, layer.masks, strict=True):
                dirty = dirty.united(touched(mask, drawn.revision, place, margin))
            layer.masks = masks
        dirty = dirty.intersected(whole)
        if not dirty.isEmpty() and not place.target.isEmpty():
            wider = dirty.adjusted(-margin, -margin, margin, margin)
            look = partial(self._sampling.look, target=place.target, area=wider, holes=margin > 0)
            seen = [look(mask) for mask in masks]
            both: list[BoolArray] = []
            if len(masks) == 2:
                both.append(self._sampling.shared(*masks, place.target, wider))
            table, code = looks()
            part = _drawn(code(*seen, *both), seen[0].covered, dirty.size(), margin, table)
            if dirty == whole:
                layer.image = part
            else:
                painter = QPainter(layer.image)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.drawImage(dirty.topLeft(), part)
                painter.end()
        return layer.image

    def _kept(self, key: Hashable) -> _Layer | None:
        layer = self._layers.get(key)
        if layer is not None:
            self._layers.move_to_end(key)
        return layer

    def _keep(self, key: Hashable, layer: _Layer) -> _Layer:
        self._layers[key] = layer
        while len(self._layers) > self._most:
            self._layers.popitem(last=False)
        return layer


def reach(ratio: float) -> int:
    """Return how far from a changed pixel an outline may change, in device pixels."""
    return 3 * _thickness(ratio)


@lru_cache(maxsize=8)
def touched(mask: MaskPicture, revision: int, place: Place, margin: int) -> QRect:
    """Return what must be drawn again of a mask last drawn at `revision`, in device pixels.

    All panels ask for the same; it is not to be changed.
    """
    box = mask.dirty_since(revision)
    whole = QRect(0, 0, place.size.width(), place.size.height())
    if box is None:
        return whole
    return on_screen(box, mask.shape, place.target, margin).intersected(whole)


def _drawn(
    codes: CodeArray, covered: BoolArray, size: QSize, margin: int, table: list[int]
) -> QImage:
    """Return what masks look like, without the margin."""
    if margin == 0:
        codes[~covered] = len(table)
        table = [*table, _CLEAR]
    else:
        codes = codes[margin : margin + size.height(), margin : margin + size.width()]
    codes = np.ascontiguousarray(codes)
    # Qt looks colours up faster than numpy.
    wrapped = QImage(
        codes.data, size.width(), size.height(), size.width(), QImage.Format.Format_Indexed8
    )
    wrapped.setColorTable(table)
    return wrapped.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


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


def _filled() -> Looks:
    return [0xFF000000, 0xFFFFFFFF], lambda a: a.some.view(np.uint8)


def _compared() -> Looks:
    opaque = (colour.rgba() & 0xFFFFFF for colour in (ONLY_A, ONLY_B, AGREE))
    table = [_NEITHER_ALPHA << 24, *(colour | _COMPARED_ALPHA << 24 for colour in opaque)]

    def code(in_a: Seen, in_b: Seen, both: BoolArray) -> CodeArray:
        not_a = both | (in_b.some & ~in_a.some)
        return in_a.some.view(np.uint8) + np.uint8(2) * not_a.view(np.uint8)

    return table, code


def _outlined(colour: str, fill: QColor | None, ratio: float) -> Looks:
    """Return the looks of an outline and a fill."""
    thick, line = _thickness(ratio), QColor(colour).rgba()
    if fill is None:
        return [_CLEAR, _HALO, line], lambda seen: _line_and_halo(seen, thick)

    def code(seen: Seen) -> CodeArray:
        codes = _line_and_halo(seen, thick)
        codes += np.uint8(3) * seen.some.view(np.uint8)
        return codes

    return [_CLEAR, _HALO, _CLEAR, fill.rgba(), _over(fill, _HALO_ALPHA).rgba(), line], code


def _tinted(mask: MaskPicture) -> QColor | None:
    """Return what the inside of a mask is filled with, None for nothing."""
    if mask.tint <= 0:
        return None
    fill = QColor(mask.colour)
    fill.setAlphaF(mask.tint)
    return fill


def _thickness(ratio: float) -> int:
    return max(1, round(ratio))


def _line_and_halo(seen: Seen, thick: int) -> CodeArray:
    """Return 2 on the line along the mask's inner edge, 1 beside it, 0 elsewhere.

    Right but for the outer 3 × `thick` pixels.
    """
    line = seen.some ^ _spread(seen.some, thick, np.bitwise_and)
    # Whatever is near the edge is near the line.
    near = _spread(line, thick)
    if seen.whole is not seen.some:
        # Holes that are smaller than a pixel have an edge as well.
        holes = seen.some & ~seen.whole & ~near
        if holes.any():
            line |= holes
            near = _spread(line, thick)
    return near.view(np.uint8) + line.view(np.uint8)


def _spread(mask: BoolArray, by: int, join: np.ufunc = np.bitwise_or) -> BoolArray:
    """Return the mask joined with all pixels at most `by` away, in all eight directions.

    Rows are taken as one line, which is quicker: the outer `by` pixels are those of the
    neighbouring rows too.
    """
    flat, width = mask.reshape(-1), mask.shape[1]
    return _along(_along(flat, by, 1, join), by, width, join).reshape(mask.shape)


def _along(line: BoolArray, by: int, apart: int, join: np.ufunc) -> BoolArray:
    joined = np.empty_like(line)
    joined[:apart] = line[:apart]
    join(line[apart:], line[:-apart], out=joined[apart:])
    join(joined[:-apart], line[apart:], out=joined[:-apart])
    for shift in range(2 * apart, by * apart + 1, apart):
        join(joined[shift:], line[:-shift], out=joined[shift:])
        join(joined[:-shift], line[shift:], out=joined[:-shift])
    return joined


def _over(colour: QColor, black: int) -> QColor:
    """Return what shows of a colour under a shade of black, 0..255."""
    alpha = colour.alpha() * (255 - black) / 255 + black
    share = colour.alpha() * (255 - black) / (255 * alpha)
    red, green, blue = (
        round(part * share) for part in (colour.red(), colour.green(), colour.blue())
    )
    return QColor(red, green, blue, round(alpha))
