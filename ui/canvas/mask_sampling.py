"""What of a mask each pixel of the screen sees; nothing is too small to be seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from memlens.masks.changes import Box
from ui.view.view_state import BoolArray
from ui.vocabulary.mask_picture import MaskPicture, united

_IndexArray = NDArray[np.intp]
_ByteArray = NDArray[np.uint8]
Masks = tuple[MaskPicture, ...]
_BYTE = 8


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
class _Bits:
    """A mask at a bit a pixel, as it was at a revision; rows end with bits that are not set."""

    mask: MaskPicture
    bits: _ByteArray


@dataclass(slots=True)
class _Reduced:
    """Masks in blocks, as they were at their revisions: what `MaskSampling._blocks` returns."""

    masks: Masks
    blocks: BoolArray


class MaskSampling:
    """Looks at masks through the screen's pixels.

    Where those are smaller, the mask's pixel under their centre counts; where they are larger,
    all under them do. Then blocks of the mask are kept, and made anew where it changed, so that
    the cost is bounded by the screen and not by the picture. They are made from a copy of the
    mask at a bit a pixel: what a zoom costs when it is new.

    Parameters
    ----------
    most
        How many masks are kept.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._bits: OrderedDict[Hashable, _Bits] = OrderedDict()
        self._kept: OrderedDict[Hashable, _Reduced] = OrderedDict()

    def look(self, mask: MaskPicture, target: QRectF, area: QRect, *, holes: bool = True) -> Seen:
        """Return what the pixels of `area` see of a mask that lies on `target`.

        Parameters
        ----------
        holes
            Whether to look for what is outside in pixels where some is inside; otherwise
            `Seen.whole` is `Seen.some`.
        """
        rows = _Axis.of(mask.shape[0], target.y(), target.height(), area.y(), area.height())
        columns = _Axis.of(mask.shape[1], target.x(), target.width(), area.x(), area.width())
        alike = not holes or (rows.last is None and columns.last is None)
        some, covered = (np.zeros((area.height(), area.width()), np.bool_) for _ in range(2))
        whole = some if alike else np.zeros_like(some)
        if rows.count and columns.count:
            window = np.s_[rows.at : rows.at + rows.count, columns.at : columns.at + columns.count]
            some[window] = self._seen((mask,), rows, columns)
            if not alike:
                whole[window] = ~self._seen((mask,), rows, columns, outside=True)
            covered[window] = True
        return Seen(some, whole, covered)

    def shared(self, a: MaskPicture, b: MaskPicture, target: QRectF, area: QRect) -> BoolArray:
        """Return where the pixels of `area` see a pixel that is in both of two masks.

        That is less than where they see a pixel of each, once they are larger than those.
        """
        rows = _Axis.of(a.shape[0], target.y(), target.height(), area.y(), area.height())
        columns = _Axis.of(a.shape[1], target.x(), target.width(), area.x(), area.width())
        found = np.zeros((area.height(), area.width()), np.bool_)
        if rows.count and columns.count:
            window = np.s_[rows.at : rows.at + rows.count, columns.at : columns.at + columns.count]
            found[window] = self._seen((a, b), rows, columns)
        return found

    def _seen(
        self, masks: Masks, rows: _Axis, columns: _Axis, *, outside: bool = False
    ) -> BoolArray:
        """Return where a pixel is seen that is in all `masks`, or outside of the only one."""
        if rows.block > 1 or columns.block > 1:
            blocks = self._blocks(masks, rows.block, columns.block, outside=outside)
            return _pooled((blocks,), rows, columns, np.bitwise_or)
        pixels = tuple(mask.pixels for mask in masks)
        if outside:
            return ~_pooled(pixels, rows, columns, np.bitwise_and)
        return _pooled(pixels, rows, columns, np.bitwise_or)

    def _blocks(self, masks: Masks, high: int, wide: int, *, outside: bool) -> BoolArray:
        """Return which blocks have a pixel that is in all `masks`, or outside of the only one."""
        key = (tuple(mask.key for mask in masks), high, wide, outside)
        kept = self._kept.get(key)
        shape = masks[0].shape
        box = None if kept is None else _dirty(masks, kept.masks)
        if kept is None or box is None:
            kept = _Reduced(masks, self._made(masks, Box(0, 0, *shape), high, wide, outside))
            self._kept[key] = kept
            # Of each, where some is inside and where some is outside.
            while len(self._kept) > 2 * self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
            kept.masks = masks
            if box.bottom > box.top and box.right > box.left:
                around = _aligned(box, high, max(wide, _BYTE), shape)
                made = self._made(masks, around, high, wide, outside)
                top, left = around.top // high, around.left // wide
                kept.blocks[top : top + made.shape[0], left : left + made.shape[1]] = made
        return kept.blocks

    def _made(self, masks: Masks, box: Box, high: int, wide: int, outside: bool) -> BoolArray:
        """Make the blocks in a box that begins with a whole byte, and ends so or with the masks."""
        columns = slice(box.left // _BYTE, -(-box.right // _BYTE))
        bits, *others = (self._bits_of(mask)[box.top : box.bottom, columns] for mask in masks)
        for other in others:
            bits = bits & other
        if outside:
            bits = ~bits
            if spare := -box.right % _BYTE:
                bits[:, -1] &= 0xFF << spare & 0xFF
        return _folded(bits, high, wide)[:, : -(-(box.right - box.left) // wide)]

    def _bits_of(self, mask: MaskPicture) -> _ByteArray:
        kept = self._bits.get(mask.key)
        box = None if kept is None else mask.dirty_since(kept.mask.revision)
        if kept is None or box is None:
            kept = self._bits[mask.key] = _Bits(mask, np.packbits(mask.pixels, axis=1))
            while len(self._bits) > self._most:
                self._bits.popitem(last=False)
        else:
            self._bits.move_to_end(mask.key)
            kept.mask = mask
            if box.bottom > box.top and box.right > box.left:
                box = _aligned(box, 1, _BYTE, mask.shape)
                part = np.packbits(mask.pixels[box.slices], axis=1)
                first = box.left // _BYTE
                kept.bits[box.top : box.bottom, first : first + part.shape[1]] = part
        return kept.bits


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


def _pooled(
    blocks: tuple[BoolArray, ...], rows: _Axis, columns: _Axis, join: np.ufunc
) -> BoolArray:
    """Return the blocks, set in all of several arrays, that each pixel sees, joined."""
    top, left = rows.first[0], columns.first[0]
    bottom, right = ((a.first if a.last is None else a.last)[-1] + 1 for a in (rows, columns))
    # A part is cut out before any is picked, so that a zoomed view copies what it shows.
    first, *others = (each[top:bottom, left:right] for each in blocks)
    for other in others:
        first = first & other
    return _joined(_joined(first, rows, int(top), 0, join), columns, int(left), 1, join)


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


def _dirty(masks: Masks, before: Masks) -> Box | None:
    """Return what of masks changed since; None when all may have."""
    boxes = [now.dirty_since(old.revision) for now, old in zip(masks, before, strict=True)]
    known = [box for box in boxes if box is not None]
    return united(known) if len(known) == len(boxes) else None


def _aligned(box: Box, high: int, wide: int, shape: tuple[int, int]) -> Box:
    """Return the blocks of high × wide pixels around a box, cut to the mask."""
    top, left = box.top // high * high, box.left // wide * wide
    bottom, right = -(-box.bottom // high) * high, -(-box.right // wide) * wide
    return Box(top, left, min(shape[0], bottom), min(shape[1], right))


def _folded(bits: _ByteArray, high: int, wide: int) -> BoolArray:
    """Return in which blocks a bit is set; to the right there may be more than there are pixels."""
    if high > 1:
        spare = -bits.shape[0] % high
        if spare:
            bits = np.pad(bits, ((0, spare), (0, 0)))
        bits = np.bitwise_or.reduce(bits.reshape(-1, high, bits.shape[1]), axis=1)
    while wide > 1:
        bits = _halved(bits)
        wide //= 2
    return np.unpackbits(bits, axis=1).view(np.bool_)


def _halved(bits: _ByteArray) -> _ByteArray:
    """Return a bit for every two neighbours in a row: whether one of them is set."""
    if bits.shape[1] % 2:
        bits = np.pad(bits, ((0, 0), (0, 1)))
    pairs = (bits | bits >> 1) & 0x55
    pairs = (pairs | pairs >> 1) & 0x33
    pairs = (pairs | pairs >> 2) & 0x0F
    words = pairs.view("<u2")
    return (words << 4 | words >> 8).astype(np.uint8)
