"""Writing what is exported: whole or not at all, and an error that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memlens.errors import OutputError
from memlens.files.atomic_write import atomic_folder, atomic_write


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file.

    Raises
    ------
    OutputError
        If it cannot be written; an older file is whole.
    """
    try:
        with atomic_write(path) as stream:
            stream.write(content)
    except OSError as error:
        raise OutputError(f"{path} was not written: {_reason(error)}.") from error


@contextmanager
def written_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder whose files move into `folder` together.

    Raises
    ------
    OutputError
        If they cannot be written; `folder` is as it was.
    """
    try:
        with atomic_folder(folder) as partial:
            yield partial
    except OSError as error:
        raise OutputError(f"nothing was written to {folder}: {_reason(error)}.") from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
