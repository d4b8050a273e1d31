"""A polygon that is not accepted yet, as the journal keeps it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from memlens.errors import MaskError
from memlens.masks.shapes import MAX_COORDINATE, Point

# More than a hand can place; their handles would fill the screen.
MAX_CORNERS = 10_000
NO_MASK = 0
_HEAD = struct.Struct("<IB")


@dataclass(frozen=True, slots=True)
class OpenShape:
    """Corners placed so far.

    Attributes
    ----------
    mask
        Id of the mask that they are drawn on; 0 while there is none.
    points
        (x, y) of the corners, in pixels; at least one.
    closed
        Whether the outline is closed, and only waits to be accepted.
    """

    mask: int
    points: tuple[Point, ...]
    closed: bool = False

    def to_bytes(self) -> bytes:
        """Write it down, cut to what can be read: it must never spoil what is kept with it."""
        points = np.nan_to_num(np.asarray(self.points[:MAX_CORNERS], dtype="<f8"))
        points = points.clip(-MAX_COORDINATE, MAX_COORDINATE)
        return b"".join((_HEAD.pack(self.mask, self.closed), points.tobytes()))

    @classmethod
    def from_bytes(cls, data: bytes) -> OpenShape:
        """Read what `to_bytes` gave.

        Raises
        ------
        MaskError
            If it is damaged.
        """
        count, rest = divmod(len(data) - _HEAD.size, 16)
        if rest or not 0 < count <= MAX_CORNERS:
            raise MaskError("An open shape is damaged.")
        mask, closed = _HEAD.unpack_from(data)
        points = np.frombuffer(data, dtype="<f8", offset=_HEAD.size).reshape(count, 2)
        if closed > 1 or not (np.abs(points) <= MAX_COORDINATE).all():
            raise MaskError("An open shape is damaged.")
        return cls(mask, tuple((float(x), float(y)) for x, y in points), bool(closed))
