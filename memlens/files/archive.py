"""A zip of arrays, pictures and JSON, each entry judged before it is believed."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.files.array_files import ArrayFileError, read_array

MAX_ENTRIES = 50_000
MAX_JSON_BYTES = 64 << 20
MAX_PICTURE_BYTES = 256 << 20
MAX_PICTURE_PIXELS = 8192 * 8192
MAX_TOTAL_BYTES = 8 << 30
# A small file may unpack to this much; a larger one only to so many times its own size.
SMALL_BYTES = 512 << 20
MAX_RATIO = 100

_NOT_A_PICTURE = (
    OSError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

_PIECE = 1 << 20

# Whatever reading an entry of a damaged archive, and what is in it, may raise.
DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    ArithmeticError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
    RuntimeWarning,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)

# Fixed, so that the same content gives the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


class ArchiveError(ValueError):
    """An archive is damaged or refused; the message is a clause."""


class ArchiveWriter:
    """Writes entries into a stream; close it (or leave its block) to finish the archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(stream, "w")
        self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def json(self, name: str, values: Any) -> None:
        """Write a JSON document."""
        text = json.dumps(values, ensure_ascii=False, indent=1)
        # A name from elsewhere may hold half a character; it must not keep a session unsaved.
        self._write(name, text.encode("utf-8", "surrogatepass"), deflate=True)

    def array(self, name: str, values: NDArray[Any], *, deflate: bool = False) -> None:
        """Write an array bit for bit; floats do not deflate, pictures do."""
        head = io.BytesIO()
        values = np.ascontiguousarray(values)
        described = np.lib.format.header_data_from_array_1_0(values)
        np.lib.format.write_array_header_1_0(head, described)
        if values.dtype.hasobject:
            raise ArchiveError(f"{name} would need pickle")
        body = values.reshape(-1).view(np.uint8).data
        self._write(name, head.getvalue(), body, deflate=deflate)

    def picture(self, name: str, pixels: NDArray[np.uint8]) -> None:
        """Write a PNG of (height, width, 3) or grey (height, width)."""
        stream = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", compress_level=4)
        self._write(name, stream.getvalue(), deflate=False)

    def _write(self, name: str, *parts: bytes | memoryview, deflate: bool) -> None:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        entry.external_attr = 0o644 << 16
        entry.file_size = sum(map(len, parts))
        self._total += entry.file_size
        if self._total > MAX_TOTAL_BYTES or len(self._zip.infolist()) >= MAX_ENTRIES:
            raise ArchiveError("it would be too large to be opened again")
        if deflate:
            self._zip.writestr(entry, b"".join(parts), compresslevel=1)
            return
        # Small pieces: a whole trajectory at once would hold up the window's thread.
        with self._zip.open(entry, "w") as stream:
            for part in parts:
                for place in range(0, len(part), _PIECE):
                    stream.write(part[place : place + _PIECE])


class ArchiveReader:
    """Reads entries out of a stream.

    Parameters
    ----------
    stream
        The whole zip, seekable.
    allowed
        Pattern that every entry's whole name must match.

    Raises
    ------
    ArchiveError
        If an entry has another name, appears twice, or the whole is too large.
    zipfile.BadZipFile
        If it is not a zip.
    """

    def __init__(self, stream: BinaryIO, *, allowed: re.Pattern[str]) -> None:
        self._zip = zipfile.ZipFile(stream)
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ArchiveError(f"it has {len(entries):,} entries")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if not allowed.fullmatch(entry.filename):
                raise ArchiveError(f"it has an unexpected entry {entry.filename!r}")
            if entry.filename in self._entries:
                raise ArchiveError(f"it has the entry {entry.filename!r} twice")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ArchiveError(f"{entry.filename} is compressed in an unknown way")
            self._entries[entry.filename] = entry
        declared = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if declared > MAX_TOTAL_BYTES or declared > max(SMALL_BYTES, MAX_RATIO * packed):
            raise ArchiveError(f"it would unpack to {declared:,} bytes")

    def json(self, name: str) -> Any:
        """Read a JSON document."""
        return json.loads(self._bytes(name, MAX_JSON_BYTES))

    def array(self, name: str, *, kinds: str, dimensions: int) -> NDArray[Any]:
        """Read an array (see `memlens.files.array_files.read_array`)."""
        entry = self._entry(name)
        try:
            with self._zip.open(entry) as stream:
                return read_array(
                    cast("BinaryIO", stream),
                    kinds=kinds,
                    dimensions=dimensions,
                    max_bytes=entry.file_size,
                )
        except ArrayFileError as error:
            raise ArchiveError(f"{name} {error}") from error

    def picture(self, name: str, *, mode: str) -> NDArray[np.uint8]:
        """Read a PNG of Pillow's `mode` ("RGB" or "L"), its size judged before it is decoded."""
        data = io.BytesIO(self._bytes(name, MAX_PICTURE_BYTES))
        try:
            with Image.open(data, formats=["PNG"]) as picture:
                width, height = picture.size
                if width * height > MAX_PICTURE_PIXELS:
                    raise ArchiveError(f"{name} has {width}x{height} pixels")
                if picture.mode != mode:
                    raise ArchiveError(f"{name} is a picture of mode {picture.mode}, not {mode}")
                return np.array(picture)
        except _NOT_A_PICTURE as error:
            raise ArchiveError(f"{name} is not a whole picture, or too large a one") from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._entries[name]
        except KeyError:
            raise ArchiveError(f"it lacks {name}") from None

    def _bytes(self, name: str, limit: int) -> bytes:
        entry = self._entry(name)
        if entry.file_size > limit:
            raise ArchiveError(f"{name} has {entry.file_size:,} bytes")
        return self._zip.read(entry)


def reason_of(error: Exception) -> str:
    """Say in a clause why an archive could not be read or written."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    if isinstance(error, zipfile.BadZipFile):
        return "it is not a whole zip file"
    if isinstance(error, MemoryError):
        return "it does not fit into memory"
    message = str(error).strip().splitlines()
    return message[0].rstrip(".") if message else f"it is damaged ({type(error).__name__})"
