"""One window per session: a lock file that the system frees when its process ends."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from memlens.errors import SessionError
from memlens.files.data_folder import data_folder

_SUFFIX = ".lock"
_MAX_NOTE_BYTES = 4096


class SessionLocked(SessionError):
    """Another window holds the session."""


class SessionLock:
    """The right to write a session, held until `release` or the end of the process.

    It is an advisory lock of the system (flock, or LockFile on Windows) on a file of its own
    beside the session, so a killed process leaves no stale lock behind. Made by `acquire`.

    Attributes
    ----------
    session
        The session's file, resolved.
    """

    def __init__(self, session: Path, path: Path, descriptor: int) -> None:
        self.session = session
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, session: Path) -> Self:
        """Lock a session, which need not exist yet.

        The lock lies beside the session; where that folder cannot be written, in the person's
        data folder.

        Raises
        ------
        SessionLocked
            If another window holds it; the message is a sentence.
        OSError
            If no lock can be made at all.
        """
        session = session.resolve()
        beside, aside = lock_paths(session)
        try:
            descriptor, path = _locked(beside, session), beside
        except SessionLocked:
            raise
        except OSError:
            aside.parent.mkdir(parents=True, exist_ok=True)
            descriptor, path = _locked(aside, session), aside
        with suppress(OSError):
            note = json.dumps({"process": os.getpid(), "host": socket.gethostname()}).encode()
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, note)
        return cls(session, path, descriptor)

    @property
    def held(self) -> bool:
        """Whether it still holds."""
        return self._descriptor is not None

    def release(self) -> None:
        """Let another window have the session; again is harmless."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        # Unlinked while held: whoever waits on the old file sees that it is gone.
        with suppress(OSError):
            os.unlink(self._path)
        os.close(descriptor)
        with suppress(OSError):
            if sys.platform == "win32":
                os.unlink(self._path)

    def __del__(self) -> None:
        self.release()


def lock_paths(session: Path) -> tuple[Path, Path]:
    """Return where a session's lock may lie: beside it, and in the person's data folder."""
    session = session.resolve()
    name = hashlib.sha256(str(session).encode()).hexdigest()[:20]
    beside = session.with_name(f".{session.name}{_SUFFIX}")
    return beside, data_folder() / "locks" / f"{name}{_SUFFIX}"


def _locked(path: Path, session: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            _lock(descriptor)
            if _is_at(descriptor, path):
                return descriptor
        except BlockingIOError:
            who = _holder(descriptor)
            os.close(descriptor)
            raise SessionLocked(f"{session.name} is open in another window{who}.") from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    # Its holder may have unlinked the file between our open and our lock.
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _holder(descriptor: int) -> str:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        note = json.loads(os.read(descriptor, _MAX_NOTE_BYTES))
        process, host = int(note["process"]), str(note["host"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""
    if process == os.getpid():
        return ""
    where = "" if host == socket.gethostname() else f" on {host}"
    return f" (process {process}{where})"


if sys.platform == "win32":
    import msvcrt

    # Far behind the note, so that others can still read it.
    _LOCKED_BYTE = 1 << 30

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
