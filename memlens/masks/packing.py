"""Bytes of a change made few: each row of a mask is kept as what differs from the one eight above.

Much quicker than deflating on large pictures, and as small on all but noise, which stays as it is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memlens.masks.changes import Added, Change, Flipped, Group, Removed, from_bytes, to_bytes

_SMALL = 1 << 12
# Deflating takes a millisecond up to here.
_DEFLATED = 1 << 17
_WORD = 8


class Packed(Protocol):
    """An undo step, small."""

    @property
    def size(self) -> int:
        """How many bytes it keeps."""
        ...

    def change(self) -> Change:
        """Return what was done."""
        ...


@dataclass(frozen=True, slots=True)
class PackedBytes:
    """Bytes, packed.

    Attributes
    ----------
    data
        The bytes as they are, or the places (as steps from one to the next) and values of those
        that differ from the byte a stride before.
    stride
        How far apart bytes are likely the same; 0 if `data` are the bytes as they are.
    count
        How many differ.
    length
        How many bytes there were.
    deflated
        Whether `data` are deflated besides.
    """

    data: bytes
    stride: int = 0
    count: int = 0
    length: int = 0
    deflated: bool = False

    def unpacked(self) -> bytes:
        """Return the bytes."""
        if not self.stride:
            return self.data
        data = zlib.decompress(self.data) if self.deflated else self.data
        rows = -(-self.length // self.stride)
        differences = np.zeros((rows, self.stride), dtype=np.uint8)
        places = np.cumsum(np.frombuffer(data, dtype="<u4", count=self.count))
        differences.ravel()[places] = np.frombuffer(data, dtype=np.uint8, offset=4 * self.count)
        for row in range(1, rows):
            differences[row] ^= differences[row - 1]
        return differences.tobytes()[: self.length]


@dataclass(frozen=True, slots=True)
class PackedChange:
    """A change, packed."""

    packed: PackedBytes

    @property
    def size(self) -> int:
        """How many bytes it keeps."""
        return len(self.packed.data)

    def change(self) -> Change:
        """Return the change."""
        return from_bytes(self.packed.unpacked())


@dataclass(frozen=True, slots=True)
class PackedGroup:
    """Changes that were packed one by one and are one undo step."""

    parts: tuple[Packed, ...]

    @property
    def size(self) -> int:
        """How many bytes they keep."""
        return sum(part.size for part in self.parts)

    def change(self) -> Change:
        """Return all of them as one change."""
        return Group(tuple(part.change() for part in self.parts))


def packed(change: Change) -> PackedChange:
    """Pack a change."""
    data = to_bytes(change)
    stride = _stride(change)
    if len(data) <= _SMALL or stride < 8:
        return PackedChange(PackedBytes(data))
    return PackedChange(packed_bytes(np.frombuffer(data, dtype=np.uint8), stride))


def packed_bytes(values: NDArray[np.uint8], stride: int) -> PackedBytes:
    """Pack bytes; those a `stride` apart are likely the same."""
    length = values.size
    # Whole words are looked at, most of which hold nothing.
    differences = np.zeros(-(-length // _WORD) * _WORD, dtype=np.uint8)
    differences[:stride] = values[:stride]
    np.bitwise_xor(values[stride:], values[:-stride], out=differences[stride:length])
    words = differences.view(np.uint64)
    filled = np.flatnonzero(words != 0)
    if 5 * filled.size > length // 2:
        return PackedBytes(values.tobytes())
    inside = words[filled].view(np.uint8)
    differ = np.flatnonzero(inside != 0)
    count = differ.size
    if 5 * count > length // 2:
        return PackedBytes(values.tobytes())
    places = filled[differ // _WORD] * _WORD + differ % _WORD
    steps = np.diff(places, prepend=0).astype("<u4")
    found = steps.tobytes() + inside[differ].tobytes()
    deflated = len(found) <= _DEFLATED
    found = zlib.compress(found, 1) if deflated else found
    return PackedBytes(found, stride, count, length, deflated)


def _stride(change: Change) -> int:
    # Rows are packed without gaps: only the row eight above is surely whole bytes away.
    if isinstance(change, Flipped):
        return change.box.right - change.box.left
    if isinstance(change, Added | Removed):
        return int(change.mask_value.pixels.shape[1])
    if isinstance(change, Group) and change.changes:
        return max(map(_stride, change.changes))
    return 0
