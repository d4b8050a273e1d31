"""Bytes of a change made few: each row of a mask is kept as what differs from the one eight above.

Much quicker than deflating on large pictures, and as small on all but noise, which stays as it is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from memlens.masks.changes import Added, Change, Flipped, Group, Removed, from_bytes, to_bytes

_SMALL = 1 << 12
# Deflating takes a millisecond up to here.
_DEFLATED = 1 << 17


@dataclass(frozen=True, slots=True)
class PackedChange:
    """A change, packed.

    Attributes
    ----------
    data
        The bytes of the change, or the places (as steps from one to the next) and values of
        those that differ from the byte a stride before.
    stride
        Bytes in eight rows; 0 if `data` are the bytes as they are.
    count
        How many differ.
    length
        How many bytes the change has.
    deflated
        Whether `data` are deflated besides.
    """

    data: bytes
    stride: int = 0
    count: int = 0
    length: int = 0
    deflated: bool = False

    def change(self) -> Change:
        """Return the change."""
        return from_bytes(self._bytes())

    def _bytes(self) -> bytes:
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


def packed(change: Change) -> PackedChange:
    """Pack a change."""
    data = to_bytes(change)
    stride = _stride(change)
    if len(data) <= _SMALL or stride < 8:
        return PackedChange(data)
    values = np.frombuffer(data, dtype=np.uint8)
    differences = values.copy()
    differences[stride:] ^= values[:-stride]
    # NumPy finds places among booleans much quicker than among bytes.
    differ = differences != 0
    count = int(np.count_nonzero(differ))
    if 5 * count > len(data) // 2:
        return PackedChange(data)
    places = np.flatnonzero(differ)
    steps = np.diff(places, prepend=0).astype("<u4")
    found = steps.tobytes() + differences[places].tobytes()
    deflated = len(found) <= _DEFLATED
    found = zlib.compress(found, 1) if deflated else found
    return PackedChange(found, stride, count, len(data), deflated)


def _stride(change: Change) -> int:
    # Rows are packed without gaps: only the row eight above is surely whole bytes away.
    if isinstance(change, Flipped):
        return change.box.right - change.box.left
    if isinstance(change, Added | Removed):
        return int(change.mask_value.pixels.shape[1])
    if isinstance(change, Group) and change.changes:
        return max(map(_stride, change.changes))
    return 0
