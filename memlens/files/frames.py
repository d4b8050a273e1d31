"""Records in an append-only file: each with its length and checksum, so that a torn one shows."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"memlens-journal\x01"
MAX_FILE_BYTES = 2 << 30
_HEAD = struct.Struct("<BII")


class FrameError(ValueError):
    """A file of records is damaged at its start or too large; the message is a clause."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One record.

    Attributes
    ----------
    kind
        0..255, of the writer's choosing.
    payload
        Its bytes.
    end
        Where in the file it ends.
    """

    kind: int
    payload: bytes
    end: int


def framed(kind: int, payload: bytes) -> bytes:
    """Return a record ready to be appended."""
    return _HEAD.pack(kind, len(payload), _checksum(kind, payload)) + payload


def read_frames(stream: BinaryIO) -> Iterator[Frame]:
    """Yield the whole records from the start of a file; stop at the first that is not whole.

    What follows the last whole record (compare its `end` with the file's size) was torn by a
    kill or damaged; no length is believed beyond the bytes that are there.

    Raises
    ------
    FrameError
        If it is no such file, or too large.
    OSError
        If it cannot be read.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > MAX_FILE_BYTES:
        raise FrameError(f"it has {size:,} bytes")
    magic = stream.read(len(MAGIC))
    if magic[:-1] != MAGIC[:-1] or len(magic) < len(MAGIC):
        raise FrameError("it is not a journal")
    if magic != MAGIC:
        raise FrameError(
            f"it was written by a newer memlens (journal {magic[-1]}, this one reads "
            f"{MAGIC[-1]}): update memlens"
        )
    place = len(MAGIC)
    while size - place >= _HEAD.size:
        kind, length, checksum = _HEAD.unpack(stream.read(_HEAD.size))
        place += _HEAD.size
        if length > size - place:
            return
        payload = stream.read(length)
        place += length
        if len(payload) != length or _checksum(kind, payload) != checksum:
            return
        yield Frame(kind, payload, place)


def _checksum(kind: int, payload: bytes) -> int:
    # The kind and the length are covered as well: neither may flip unnoticed.
    return zlib.crc32(payload, zlib.crc32(struct.pack("<BI", kind, len(payload))))
