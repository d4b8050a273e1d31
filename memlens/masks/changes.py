"""What happened to a mask document: what undo keeps, the journal writes and views are told.

A change needs nothing else to be undone: it has an inverse, and it becomes bytes and back.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from memlens.errors import MaskError
from memlens.masks.kinds import kind_in_file
from memlens.masks.named_mask import BoolArray, NamedMask

MAX_SIDE = 1 << 16
MAX_PIXELS = 8192 * 8192
_MAX_NESTING = 4
_AT_ONCE = 1 << 21


@dataclass(frozen=True, slots=True)
class Box:
    """Rows [top, bottom) and columns [left, right) of a picture."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.bottom - self.top, self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """The index of the box in an array (height, width)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def joined(self, other: Box) -> Box:
        """Return the smallest box around both; neither may be empty."""
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


@dataclass(frozen=True, slots=True)
class Flipped:
    """Pixels of a mask changed; its own inverse.

    Attributes
    ----------
    mask
        Id of the mask.
    box
        The smallest box around them.
    bits
        `numpy.packbits` of before XOR after inside the box, row by row.
    """

    mask: int
    box: Box
    bits: bytes = field(repr=False)

    def flips(self) -> BoolArray:
        """Return before XOR after inside the box, (height, width)."""
        height, width = self.box.shape
        packed = np.frombuffer(self.bits, dtype=np.uint8)
        return np.unpackbits(packed, count=height * width).reshape(height, width).view(np.bool_)

    def flip(self, pixels: BoolArray) -> None:
        """Exchange inside and outside where the change says so, in a whole mask, (height, width).

        Costs what flips where that is little; the box may be as large as the picture.
        """
        height, width = self.box.shape
        packed = np.frombuffer(self.bits, dtype=np.uint8)
        some = packed != 0
        if 64 * np.count_nonzero(some) < packed.size:
            filled = np.flatnonzero(some)
            among = np.flatnonzero(np.unpackbits(packed[filled]))
            places = filled[among // 8] * 8 + among % 8
            # The last byte may go on after the last pixel.
            rows, columns = np.divmod(places[places < height * width], width)
            pixels[rows + self.box.top, columns + self.box.left] ^= True
            return
        # Eight rows are whole bytes; not all at once, which would be as large as the mask.
        band = 8 * max(1, _AT_ONCE // (8 * width))
        for top in range(0, height, band):
            count = min(band, height - top)
            part = packed[top * width // 8 :]
            flips = np.unpackbits(part, count=count * width).view(np.bool_)
            first = self.box.top + top
            window = pixels[first : first + count, self.box.left : self.box.right]
            np.logical_xor(window, flips.reshape(count, width), out=window)

    def inverse(self) -> Flipped:
        """Return the change that undoes this one."""
        return self


@dataclass(frozen=True, slots=True)
class Added:
    """A mask came to be.

    Attributes
    ----------
    mask
        Its id.
    position
        Its place in the list.
    mask_value
        Name, kind, lock and pixels.
    """

    mask: int
    position: int
    mask_value: NamedMask

    def inverse(self) -> Removed:
        """Return the change that undoes this one."""
        return Removed(self.mask, self.position, self.mask_value)


@dataclass(frozen=True, slots=True)
class Removed:
    """A mask went; the fields are those of `Added`."""

    mask: int
    position: int
    mask_value: NamedMask

    def inverse(self) -> Added:
        """Return the change that undoes this one."""
        return Added(self.mask, self.position, self.mask_value)


@dataclass(frozen=True, slots=True)
class _Replaced:
    mask: int
    before: str
    after: str

    def inverse(self) -> Self:
        """Return the change that undoes this one."""
        return type(self)(self.mask, self.after, self.before)


class Renamed(_Replaced):
    """A mask has another name."""

    __slots__ = ()


class Retyped(_Replaced):
    """A mask is of another kind."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Locked:
    """A mask is locked, or unlocked: it was not before.

    Attributes
    ----------
    mask
        Its id.
    after
        Whether it is locked now.
    """

    mask: int
    after: bool

    def inverse(self) -> Locked:
        """Return the change that undoes this one."""
        return Locked(self.mask, not self.after)


@dataclass(frozen=True, slots=True)
class Group:
    """Several changes, one undo step; applied first to last."""

    changes: tuple[Change, ...]

    def inverse(self) -> Group:
        """Return the change that undoes this one."""
        return Group(tuple(change.inverse() for change in reversed(self.changes)))


Change = Flipped | Added | Removed | Renamed | Retyped | Locked | Group

_NUMBER = struct.Struct("<I")
_BOX = struct.Struct("<IIIII")
_PLACED = struct.Struct("<IIII")
_CODES: dict[bytes, type] = {
    b"F": Flipped,
    b"A": Added,
    b"R": Removed,
    b"N": Renamed,
    b"K": Retyped,
    b"L": Locked,
    b"G": Group,
}
# Older versions know no locked masks, and write these codes in capitals alone.
_OF_LOCKED = (b"a", b"r")


def flipped(mask: int, top: int, left: int, flips: BoolArray) -> Flipped | None:
    """Make a change of the pixels that are true in `flips`, whose box begins at (top, left).

    Returns
    -------
    Flipped or None
        Cut to the pixels that are true; None if none is.
    """
    rows = np.flatnonzero(flips.any(axis=1))
    if not rows.size:
        return None
    flips = flips[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(flips.any(axis=0))
    flips = flips[:, columns[0] : columns[-1] + 1]
    top, left = top + int(rows[0]), left + int(columns[0])
    box = Box(top, left, top + flips.shape[0], left + flips.shape[1])
    return Flipped(mask, box, np.packbits(flips).tobytes())


def to_bytes(change: Change) -> bytes:
    """Write a change down."""
    if isinstance(change, Flipped):
        box = change.box
        head = _BOX.pack(change.mask, box.top, box.left, box.bottom, box.right)
        return b"F" + head + change.bits
    if isinstance(change, Added | Removed):
        value = change.mask_value
        head = _PLACED.pack(change.mask, change.position, *value.pixels.shape)
        return b"".join(
            (
                _code_of(change),
                head,
                _text(value.name),
                _text(value.kind),
                np.packbits(value.pixels).tobytes(),
            )
        )
    if isinstance(change, Group):
        parts = [to_bytes(each) for each in change.changes]
        return b"G" + b"".join(_NUMBER.pack(len(part)) + part for part in parts)
    if isinstance(change, Locked):
        return b"L" + _NUMBER.pack(change.mask) + bytes([change.after])
    code = b"N" if isinstance(change, Renamed) else b"K"
    return code + _NUMBER.pack(change.mask) + _text(change.before) + _text(change.after)


def from_bytes(data: bytes) -> Change:
    """Read a change that `to_bytes` wrote.

    Raises
    ------
    MaskError
        If it is damaged; no size is believed beyond the bytes that are there.
    """
    try:
        return _read(memoryview(data), 0)
    except (struct.error, ValueError, KeyError) as error:
        raise MaskError(f"A change of a mask is damaged: {error}.") from error


def _read(data: memoryview, depth: int) -> Change:
    letter, rest = bytes(data[:1]), data[1:]
    locked = letter in _OF_LOCKED
    code = _CODES[letter.upper() if locked else letter]
    if code is Group:
        if depth == _MAX_NESTING:
            raise ValueError("groups within groups")
        changes: list[Change] = []
        while rest:
            length, rest = _taken(_NUMBER, rest)[0], rest[_NUMBER.size :]
            if length > len(rest):
                raise ValueError("a part is cut short")
            changes.append(_read(rest[:length], depth + 1))
            rest = rest[length:]
        return Group(tuple(changes))
    if code is Flipped:
        mask, *corners = _taken(_BOX, rest)
        box = Box(*corners)
        _check_bits(*box.shape, rest := rest[_BOX.size :])
        if box.bottom > MAX_SIDE or box.right > MAX_SIDE:
            raise ValueError(f"the box {box} is out of bounds")
        return Flipped(mask, box, bytes(rest))
    if code in (Added, Removed):
        mask, position, height, width = _taken(_PLACED, rest)
        name, rest = _read_text(rest[_PLACED.size :])
        kind, rest = _read_text(rest)
        _check_bits(height, width, rest)
        bits = np.unpackbits(np.frombuffer(rest, dtype=np.uint8), count=height * width)
        value = NamedMask(
            name=name,
            kind=kind_in_file(kind),
            pixels=bits.reshape(height, width).view(np.bool_),
            locked=locked,
        )
        return Added(mask, position, value) if code is Added else Removed(mask, position, value)
    (mask,) = _taken(_NUMBER, rest)
    rest = rest[_NUMBER.size :]
    if code is Locked:
        if bytes(rest) not in (b"\0", b"\1"):
            raise ValueError("a lock is neither on nor off")
        return Locked(mask, bytes(rest) == b"\1")
    before, rest = _read_text(rest)
    after, rest = _read_text(rest)
    if rest:
        raise ValueError("bytes follow its end")
    if code is Renamed:
        return Renamed(mask, before, after)
    return Retyped(mask, kind_in_file(before), kind_in_file(after))


def _code_of(change: Added | Removed) -> bytes:
    code = b"A" if isinstance(change, Added) else b"R"
    return code.lower() if change.mask_value.locked else code


def _check_bits(height: int, width: int, bits: memoryview) -> None:
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE and height * width <= MAX_PIXELS):
        raise ValueError(f"{width}×{height} pixels")
    if len(bits) != (height * width + 7) // 8:
        raise ValueError(f"{len(bits)} bytes for {width}×{height} pixels")


def _taken(head: struct.Struct, data: memoryview) -> tuple[int, ...]:
    return head.unpack(data[: head.size])


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return _NUMBER.pack(len(data)) + data


def _read_text(data: memoryview) -> tuple[str, memoryview]:
    (length,) = _taken(_NUMBER, data)
    data = data[_NUMBER.size :]
    if length > len(data):
        raise ValueError("a name is cut short")
    return bytes(data[:length]).decode("utf-8", "surrogatepass"), data[length:]
