"""What of a mask each pixel of the screen sees; nothing is too small to be seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from memlens.masks.changes import Box
from ui.mask_picture import MaskPicture
from ui.view_state import BoolArray

_IndexArray = NDArray[np.intp]
_WORD = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """A mask at the pixels of the screen, all (height, width).

    Attributes
    ----------
    some
        Where a pixel of the mask is inside.
    whole
        Where no pixel of the mask is outside.
    covered
        Where the picture is.
    """

    some: BoolArray
    whole: BoolArray
    covered: BoolArray


@dataclass(slots=True)
class _Reduced:
    """A mask in blocks, as it was at a revision."""

    mask: MaskPicture
    some: BoolArray
    whole: BoolArray


class MaskSampling:
    """Looks at masks through the screen's pixels.

    Where those are smaller, the mask's pixel under their centre counts; where they are larger,
    all under them do. Then blocks of the mask are kept, and made anew where it changed, so that
    the cost is bounded by the screen and not by the picture.

    Parameters
    ----------
    most
        How many reduced masks are kept.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, _Reduced] = OrderedDict()

    def look(self, mask: MaskPicture, target: QRectF, area: QRect) -> Seen:
        """Return what the pixels of `area` see of a mask that lies on `target`."""
        rows = _Axis.of(mask.shape[0], target.y(), target.height(), area.y(), area.height())
        columns = _Axis.of(mask.shape[1], target.x(), target.width(), area.x(), area.width())
        one_each = rows.last is None and columns.last is None
        some, covered = (np.zeros((area.height(), area.width()), np.bool_) for _ in range(2))
        whole = some if one_each else np.zeros_like(some)
        if rows.count and columns.count:
            window = np.s_[rows.at : rows.at + rows.count, columns.at : columns.at + columns.count]
            some_of, whole_of = self._blocks(mask, rows.block, columns.block)
            some[window] = _pooled(some_of, rows, columns, np.bitwise_or)
            if not one_each:
                whole[window] = _pooled(whole_of, rows, columns, np.bitwise_and)
            covered[window] = True
        return Seen(some, whole, covered)

    def _blocks(self, mask: MaskPicture, high: int, wide: int) -> tuple[BoolArray, BoolArray]:
        if high == wide == 1:
            return mask.pixels, mask.pixels
        key = (mask.key, high, wide)
        kept = self._kept.get(key)
        box = None if kept is None else mask.dirty_since(kept.mask.revision)
        if kept is None or box is None:
            whole_box = Box(0, 0, *mask.shape)
            kept = _Reduced(mask, *_reduced(mask.pixels, whole_box, high, wide))
            self._kept[key] = kept
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
            kept.mask = mask
            if box.bottom > box.top and box.right > box.left:
                _renew(kept, box, high, wide)
        return kept.some, kept.whole


@dataclass(frozen=True, slots=True)
class _Axis:
    """Which blocks the screen's pixels see along one axis.

    Attributes
    ----------
    block
        How many of the mask's pixels make a block.
    at
        The first pixel that sees any.
    first, last
        The blocks that each pixel from there on sees; `last` is None when it is one each.
    """

    block: int
    at: int
    first: _IndexArray
    last: _IndexArray | None = None

    @property
    def count(self) -> int:
        """How many pixels see the mask."""
        return int(self.first.size)

    @classmethod
    def of(cls, count: int, origin: float, length: float, start: int, size: int) -> _Axis:
        """Lay `count` pixels of a mask on `length` pixels of the screen from `origin` on."""
        per_pixel = count / length
        if per_pixel <= 1:
            centres = np.arange(start, start + size) + 0.5
            found = np.floor((centres - origin) * per_pixel).astype(np.intp)
            at, end = (int(place) for place in np.searchsorted(found, (0, count)))
            return cls(1, at, found[at:end])
        block = 1 << int(np.log2(per_pixel))
        blocks = -(-count // block)
        edges = (np.arange(start, start + size + 1) - origin) * (per_pixel / block)
        # A block belongs to the pixel that has its centre, the last one to the picture's last.
        firsts = np.where(edges >= count / block, blocks, np.ceil(edges - 0.5))
        firsts = firsts.clip(0, blocks).astype(np.intp)
        seeing = np.flatnonzero(firsts[1:] > firsts[:-1])
        at = int(seeing[0]) if seeing.size else 0
        return cls(block, at, firsts[:-1][seeing], firsts[1:][seeing] - 1)


def _pooled(blocks: BoolArray, rows: _Axis, columns: _Axis, join: np.ufunc) -> BoolArray:
    """Return the blocks that each pixel sees, joined."""
    left = columns.first[0]
    right = (columns.first if columns.last is None else columns.last)[-1] + 1
    # Columns are cut before rows are picked, so that a zoomed view copies what it shows.
    cut = blocks[:, left:right]
    return _joined(_joined(cut, rows, 0, 0, join), columns, int(left), 1, join)


def _joined(blocks: BoolArray, axis: _Axis, origin: int, along: int, join: np.ufunc) -> BoolArray:
    first = axis.first - origin
    picked = blocks.take(first, axis=along)
    if axis.last is None:
        return picked
    last = axis.last - origin
    # A pixel sees one block or two, three at the picture's end.
    if (last - first > 1).any():
        join(picked, blocks.take(first + (last > first), axis=along), out=picked)
    join(picked, blocks.take(last, axis=along), out=picked)
    return picked


def _reduced(pixels: BoolArray, box: Box, high: int, wide: int) -> tuple[BoolArray, BoolArray]:
    """Return whether some of each block in `box` is inside, and whether all of it is."""
    part = pixels[box.slices]
    some = _folded(part, high, wide, np.bitwise_or, False)
    return some, _folded(part, high, wide, np.bitwise_and, True)


def _folded(part: BoolArray, high: int, wide: int, join: np.ufunc, beyond: bool) -> BoolArray:
    height, width = part.shape
    rows, columns = -(-height // high), -(-width // wide)
    # Whole words are joined, eight pixels at a time.
    room = (rows * high, -(-width // max(_WORD, wide)) * max(_WORD, wide))
    if part.shape != room or not part.flags.c_contiguous:
        filled = np.full(room, beyond, np.bool_)
        filled[:height, :width] = part
        part = filled
    words = part.view(np.uint64).reshape(rows, high, -1)
    folded = join.reduce(words, axis=1).view(np.uint8)
    while wide > 1:
        step = min(wide, _WORD)
        groups = folded.view(f"u{step}")
        full = np.array(0x0101010101010101 & ((1 << 8 * step) - 1), groups.dtype)
        folded = ((groups == full) if beyond else (groups != 0)).view(np.uint8)
        wide //= step
    return np.ascontiguousarray(folded[:, :columns]).view(np.bool_)


def _renew(kept: _Reduced, box: Box, high: int, wide: int) -> None:
    """Make the blocks anew that a box touches."""
    height, width = kept.mask.shape
    top, left = box.top // high, box.left // wide
    bottom, right = -(-box.bottom // high), -(-box.right // wide)
    around = Box(top * high, left * wide, min(height, bottom * high), min(width, right * wide))
    some, whole = _reduced(kept.mask.pixels, around, high, wide)
    kept.some[top:bottom, left:right] = some
    kept.whole[top:bottom, left:right] = whole
