"""The pixels that the moves of one stroke flip, joined; eight pixels are a byte throughout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.masks.changes import Box, Flipped
from memlens.masks.packing import PackedBytes, packed_bytes

_WORD = 64


@dataclass(frozen=True, slots=True)
class PackedFlips:
    """Flipped pixels, packed as whole words of each row.

    Attributes
    ----------
    mask
        Whose pixels.
    top, left
        Of the first word, in pixels; whole words.
    height
        How many rows.
    packed
        The words of all rows.
    """

    mask: int
    top: int
    left: int
    height: int
    packed: PackedBytes

    @property
    def size(self) -> int:
        """How many bytes it keeps."""
        return len(self.packed.data)

    def change(self) -> Flipped:
        """Return the change: the smallest box around what flips."""
        data = np.frombuffer(self.packed.unpacked(), dtype=np.uint64).reshape(self.height, -1)
        # One byte more on both sides for `_run_together` to look at.
        words = np.zeros((self.height, data.shape[1] + 2), dtype=np.uint64)
        words[:, 1:-1] = data
        flipping = np.flatnonzero(np.bitwise_or.reduce(words, axis=1))
        some = np.bitwise_or.reduce(words, axis=0).view(np.uint8)
        columns = np.flatnonzero(np.unpackbits(some))
        rows = words.view(np.uint8)[flipping[0] : flipping[-1] + 1]
        first, width = int(columns[0]), int(columns[-1] - columns[0]) + 1
        top, left = self.top + int(flipping[0]), self.left + first - _WORD
        box = Box(top, left, top + rows.shape[0], left + width)
        return Flipped(self.mask, box, _run_together(rows, first, width))


class JoinedFlips:
    """Flipped pixels of one mask, to which more are joined; what flips twice drops out.

    Joining costs what the piece has, and the end what the box around all has at a bit a pixel:
    a stroke over a large picture may reach all of it.

    Parameters
    ----------
    mask
        Whose pixels.
    size
        (height, width) of the mask.
    """

    def __init__(self, mask: int, size: tuple[int, int]) -> None:
        self._mask = mask
        # The system gives memory to what is touched of it.
        self._words = np.zeros((size[0], -(-size[1] // _WORD)), dtype=np.uint64)
        self._box: Box | None = None

    def add(self, piece: Flipped) -> None:
        """Join more pixels."""
        box = piece.box
        byte, bit = divmod(box.left, 8)
        flips = piece.flips()
        if bit:
            placed = np.zeros((flips.shape[0], bit + flips.shape[1]), dtype=np.bool_)
            placed[:, bit:] = flips
            flips = placed
        packed = np.packbits(flips, axis=1)
        rows = self._words.view(np.uint8)
        rows[box.top : box.bottom, byte : byte + packed.shape[1]] ^= packed
        self._box = box if self._box is None else self._box.joined(box)

    def step(self) -> PackedFlips | None:
        """Return them packed for undo, None if nothing is left."""
        if self._box is None:
            return None
        left, right = self._box.left // _WORD, -(-self._box.right // _WORD)
        words = np.ascontiguousarray(self._words[self._box.top : self._box.bottom, left:right])
        if not words.any():
            return None
        packed = packed_bytes(words.view(np.uint8).ravel(), 8 * words.strides[0])
        return PackedFlips(self._mask, self._box.top, left * _WORD, words.shape[0], packed)


def _run_together(rows: NDArray[np.uint8], first: int, width: int) -> bytes:
    """Return `width` bits of each row from bit `first` on, without gaps; no others are set."""
    height = rows.shape[0]
    # Eight rows are whole bytes, and within them each begins at the same bit every time.
    runs = np.zeros((-(-height // 8), width), dtype=np.uint8)
    byte, bit = divmod(first, 8)
    for row in range(min(8, height)):
        to, shift = divmod(row * width, 8)
        count = (shift + width + 7) // 8
        shift -= bit
        source = rows[row::8]
        beside = -1 if shift >= 0 else 1
        here = source[:, byte : byte + count]
        there = source[:, byte + beside : byte + beside + count]
        if shift >= 0:
            moved = here >> shift | there << (8 - shift)
        else:
            moved = here << -shift | there >> (8 + shift)
        runs[: source.shape[0], to : to + count] |= moved
    return runs.ravel()[: (height * width + 7) // 8].tobytes()
