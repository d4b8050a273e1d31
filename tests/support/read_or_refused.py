"""Damaged files are read, or refused by the documented error; nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.masks.files import read_mask


def read_or_refused(
    reader: Callable[[Path], object], refusal: type[Exception], path: Path, data: bytes
) -> None:
    """Read a file of these bytes; fail on any other error than the documented one."""
    path.write_bytes(data)
    try:
        reader(path)
    except refusal as error:
        assert path.name in str(error)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == data


def masks_of_any_size(path: Path) -> object:
    """Read a mask file."""
    return read_mask(path, None)
