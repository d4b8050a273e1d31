"""How masks are drawn: outlines, fills and comparisons at the screen's resolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage

from ui.canvas.mask_sampling import MaskSampling, Seen
from ui.canvas.predicted import PredictedMask
from ui.vocabulary.mask_picture import BoolArray, MaskPicture

PREDICTED_LINE = QColor(94, 234, 212)
AGREE, ONLY_A, ONLY_B = QColor(0, 158, 115), QColor(230, 159, 0), QColor(86, 180, 233)
_HALO_ALPHA = 170
_CLEAR, _HALO = 0, _HALO_ALPHA << 24
_COMPARED_ALPHA = 205
# What is in neither mask steps back, so that the colours are not taken for the picture's.
_NEITHER_ALPHA = 150

CodeArray = NDArray[np.uint8]
# The colours, and what picks among them.
_Looks = tuple[list[int], Callable[[Seen], CodeArray]]


class MaskDrawing:
    """Draws masks for some of the screen's pixels; one serves all panels.

    Each method takes where the whole mask lies and for which pixels an image is wanted, both in
    pixels of the screen; `ratio` is how thick lines are.
    """

    def __init__(self) -> None:
        self._sampling = MaskSampling()

    def outline(self, mask: MaskPicture, target: QRectF, area: QRect, ratio: float) -> QImage:
        """Return outline and tint on a transparent image."""
        seen = self._sampling.look(mask, target, _wider(area, ratio))
        return _lined(seen, _outlined(mask.colour, _tinted(mask), ratio), area, ratio)

    def predicted(
        self, mask: PredictedMask, fill: QColor | None, target: QRectF, area: QRect, ratio: float
    ) -> QImage:
        """Return the outline of a predicted mask, filled with `fill` if that is given."""
        wider = _wider(area, ratio)
        known = mask.seen(target, wider)
        if known is None:
            seen = self._sampling.look(MaskPicture.still(mask.pixels()), target, wider)
        else:
            seen = Seen(known, known, known)
        return _lined(seen, _outlined(PREDICTED_LINE.name(), fill, ratio), area, ratio)

    def fill(self, mask: MaskPicture, target: QRectF, area: QRect) -> QImage:
        """Return the mask white inside and black outside, transparent beyond its borders."""
        seen = self._sampling.look(mask, target, area, holes=False)
        return _plain(seen.some.view(np.uint8), seen, [0xFF000000, 0xFFFFFFFF])

    def comparison(self, a: MaskPicture, b: MaskPicture, target: QRectF, area: QRect) -> QImage:
        """Return where two masks agree, where only A and where only B is.

        A pixel of the screen that sees a pixel in both masks is where they agree; one that sees
        some of A and some of B, but none in both, is drawn as A.
        """
        in_a, in_b = (self._sampling.look(m, target, area, holes=False) for m in (a, b))
        not_a = self._sampling.shared(a, b, target, area) | (in_b.some & ~in_a.some)
        codes = in_a.some.view(np.uint8) + np.uint8(2) * not_a.view(np.uint8)
        opaque = (colour.rgba() & 0xFFFFFF for colour in (ONLY_A, ONLY_B, AGREE))
        table = [_NEITHER_ALPHA << 24, *(colour | _COMPARED_ALPHA << 24 for colour in opaque)]
        return _plain(codes, in_a, table)


def reach(ratio: float) -> int:
    """Return how far from a changed pixel an outline may change, in device pixels."""
    return 3 * _thickness(ratio)


def _wider(area: QRect, ratio: float) -> QRect:
    margin = reach(ratio)
    return area.adjusted(-margin, -margin, margin, margin)


def _lined(seen: Seen, looks: _Looks, area: QRect, ratio: float) -> QImage:
    table, code = looks
    margin = reach(ratio)
    return _image(code(seen)[margin : margin + area.height(), margin:-margin], table)


def _plain(codes: CodeArray, seen: Seen, table: list[int]) -> QImage:
    codes[~seen.covered] = len(table)
    return _image(codes, [*table, _CLEAR])


def _image(codes: CodeArray, table: list[int]) -> QImage:
    codes = np.ascontiguousarray(codes)
    height, width = codes.shape
    # Qt looks colours up faster than numpy.
    wrapped = QImage(codes.data, width, height, width, QImage.Format.Format_Indexed8)
    wrapped.setColorTable(table)
    return wrapped.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _outlined(colour: str, fill: QColor | None, ratio: float) -> _Looks:
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
