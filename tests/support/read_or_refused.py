"""Damaged files are read, or refused by the documented error; nothing else happens."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from memlens.masks.files import read_mask

Reader = Callable[[Path], object]


def read_or_refused(
    reader: Reader, refusal: type[Exception], path: Path, damaged: bytes, *, whole: bytes
) -> None:
    """Read a file of damaged bytes; fail on any other error than the documented one.

    The file as it was before the damage must be read: a reader that refuses everything fails.
    """
    _is_read(reader, path.name, whole)
    path.write_bytes(damaged)
    try:
        reader(path)
    except refusal as error:
        assert path.name in str(error)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == damaged


@cache
def _is_read(reader: Reader, name: str, whole: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(whole)
        reader(path)


def masks_of_any_size(path: Path) -> object:
    """Read a mask file."""
    return read_mask(path, None)
