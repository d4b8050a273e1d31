"""Reading `.npy` files that nobody has vouched for: the header first, then the numbers."""

from __future__ import annotations

import math
import tokenize
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 1 << 31
_PART_BYTES = 1 << 20


# A header is Python source, and may fail in any way that source does.
_HEADER_DAMAGE = (
    ValueError,
    TypeError,
    EOFError,
    KeyError,
    SyntaxError,
    RecursionError,
    MemoryError,
    UserWarning,
    tokenize.TokenError,
)


class ArrayFileError(ValueError):
    """A `.npy` file is damaged, too large or not plain numbers; the message is a clause."""


def read_array(
    stream: BinaryIO, *, kinds: str = "f", dimensions: int | None = None, max_bytes: int = MAX_BYTES
) -> NDArray[Any]:
    """Read one array without pickle, its header judged before memory is taken.

    Parameters
    ----------
    stream
        At the start of the file.
    kinds
        NumPy's letters of the dtypes accepted ("f" real, "i" signed, "u" unsigned, "b" boolean).
    dimensions
        Number of axes demanded; None takes any.
    max_bytes
        Largest array accepted, in bytes.

    Raises
    ------
    ArrayFileError
        If the file is not such an array.
    """
    shape, fortran_order, dtype = _read_header(stream)
    if dtype.kind not in kinds or dtype.hasobject:
        raise ArrayFileError(f"holds {dtype}, not plain numbers of the expected kind")
    if dimensions is not None and len(shape) != dimensions:
        raise ArrayFileError(f"has {len(shape)} dimensions, not {dimensions}")
    if min(shape, default=0) < 0:
        raise ArrayFileError("has a negative side")
    size = math.prod(shape) * dtype.itemsize
    if size > max_bytes:
        raise ArrayFileError(f"would take {size:,} bytes, more than the {max_bytes:,} allowed")
    flat = _filled(stream, size).view(dtype)
    return flat.reshape(shape[::-1]).T.copy() if fortran_order else flat.reshape(shape)


def read_array_file(path: Path, *, kinds: str = "f", dimensions: int | None = None) -> NDArray[Any]:
    """Read the array in the file at `path`, as `read_array` does.

    Raises
    ------
    ArrayFileError
        If the file is not such an array.
    OSError
        If it cannot be opened.
    """
    with path.open("rb") as stream:
        length = stream.seek(0, 2)
        stream.seek(0)
        return read_array(
            stream, kinds=kinds, dimensions=dimensions, max_bytes=min(length, MAX_BYTES)
        )


def _filled(stream: BinaryIO, size: int) -> NDArray[np.uint8]:
    # A zip entry read in one go takes the memory twice, and a time quadratic in its size.
    data = np.empty(size, dtype=np.uint8)
    rest = data.data
    while rest:
        part = stream.read(min(len(rest), _PART_BYTES))
        if not part:
            raise ArrayFileError("is cut short")
        rest[: len(part)] = part
        rest = rest[len(part) :]
    if stream.read(1):
        raise ArrayFileError("has bytes after its end")
    return data


def _read_header(stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            return np.lib.format.read_array_header_1_0(stream)
        if version == (2, 0):
            return np.lib.format.read_array_header_2_0(stream)
    except _HEADER_DAMAGE as error:
        raise ArrayFileError("is not a .npy file, or its header is damaged") from error
    raise ArrayFileError(f"is of .npy version {version[0]}.{version[1]}, which is not read")
