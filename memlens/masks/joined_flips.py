"""The pixels that the moves of one stroke flip, joined; eight pixels are a byte throughout."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from memlens.masks.changes import Box, Flipped


def joined_flips(pieces: Sequence[Flipped]) -> Flipped | None:
    """Make one change of several of the same mask; pixels that were flipped twice drop out.

    A stroke over a large picture may reach all of it: one byte a pixel would take too long.

    Returns
    -------
    Flipped or None
        None if nothing is left.
    """
    if len(pieces) == 1:
        return pieces[0]
    top, left = min(p.box.top for p in pieces), min(p.box.left for p in pieces)
    bottom, right = max(p.box.bottom for p in pieces), max(p.box.right for p in pieces)
    # Whole words, with one byte more on both sides for `_run_together` to look at.
    words = np.zeros((bottom - top, ((right - left + 7) // 8 + 9) // 8), dtype=np.uint64)
    rows = words.view(np.uint8)
    for piece in pieces:
        byte, bit = divmod(piece.box.left - left, 8)
        height, width = piece.box.shape
        flips = piece.flips()
        if bit:
            placed = np.zeros((height, bit + width), dtype=np.bool_)
            placed[:, bit:] = flips
            flips = placed
        packed = np.packbits(flips, axis=1)
        first = piece.box.top - top
        rows[first : first + height, byte + 1 : byte + 1 + packed.shape[1]] ^= packed
    flipping = np.flatnonzero(np.bitwise_or.reduce(words, axis=1))
    if not flipping.size:
        return None
    some = np.bitwise_or.reduce(words, axis=0).view(np.uint8)
    columns = np.flatnonzero(np.unpackbits(some))
    rows = rows[flipping[0] : flipping[-1] + 1]
    first, width = int(columns[0]), int(columns[-1] - columns[0]) + 1
    top, left = top + int(flipping[0]), left + first - 8
    box = Box(top, left, top + rows.shape[0], left + width)
    return Flipped(pieces[0].mask, box, _run_together(rows, first, width))


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
