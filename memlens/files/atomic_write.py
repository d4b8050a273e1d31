"""Writing files and folders so that they are whole or not there, whatever happens midway."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends well.

    The bytes are on the disk (fsync) before the old file goes; if the block raises, the old
    file is untouched and nothing else is left.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode_of(path))
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(path.parent)


@contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder whose files move into `folder` when the block ends well.

    Files of the same name in `folder` are replaced, others stay. If the block raises,
    `folder` is as it was.

    Raises
    ------
    OSError
        If `folder` cannot be written or the disk is full.
    """
    existed = folder.exists()
    if existed and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file, not a folder")
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    partial = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".", suffix=".partial", dir=folder))
        yield partial
        written = sorted(partial.iterdir())
        for path in written:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        for path in written:
            os.chmod(path, _mode_of(folder / path.name))
            os.replace(path, folder / path.name)
        partial.rmdir()
    except BaseException:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        for created in missing:
            with suppress(OSError):
                created.rmdir()
        raise
    _sync_folder(folder)


def _mode_of(path: Path) -> int:
    # What open() would have given; mkstemp's files are for their owner alone.
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
