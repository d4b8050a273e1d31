"""What the worker thread does with session files: locks, opens, saves, recovers."""

from __future__ import annotations

from pathlib import Path

import memlens
from memlens.errors import OutputError, SessionError
from memlens.masks.journal_places import (
    LeftBehind,
    discard_journal,
    find_left_behind,
    left_behind_of,
)
from memlens.masks.recovery import recover
from memlens.session_lock import SessionLock, SessionLocked
from ui import requests as ask
from ui.translation import tr


def open_session(request: ask.OpenSession) -> ask.SessionOpened:
    """Lock and read a session, with the masks of its journal if they are to be restored.

    Raises
    ------
    SessionError
        If it, or the journal, cannot be read; it is not locked then.
    """
    lock, read_only = _lock(request.path) if request.lock else (None, "")
    try:
        warning, shape = "", None
        if request.restore is None:
            session = memlens.load_session(request.path)
        else:
            recovered = recover(request.restore)
            session, warning = recovered.session, recovered.warning
            shape = recovered.shape
        return ask.SessionOpened(
            run=request.run,
            path=request.path,
            session=session,
            lock=lock,
            read_only=read_only,
            left_behind=_left_behind(request, lock),
            restored=request.restore,
            warning=warning,
            shape=shape,
        )
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def save_session(request: ask.SaveSession) -> ask.SessionSaved:
    """Lock and write a session.

    Raises
    ------
    SessionError
        If another window holds it, or it cannot be written; the old file is whole.
    OutputError
        If its folder does not exist any more.
    """
    if not request.path.parent.is_dir():
        folder = request.path.parent
        gone = tr("{path} was not saved: {folder} is not there any more.")
        raise OutputError(gone.format(path=request.path, folder=folder))
    lock = _lock_to_write(request.path) if request.lock else None
    try:
        memlens.save_session(request.session, request.path)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return ask.SessionSaved(
        path=request.path,
        run=request.run,
        lock=lock,
        changes=request.changes,
        keeps_latents=request.session.trajectory.keeps_latents,
    )


def keep_run(request: ask.KeepRun) -> ask.RunKept:
    """Write an unsaved run into the data folder, unless it was saved or dropped meanwhile.

    Raises
    ------
    SessionError
        If it cannot be written.
    """
    if request.path.parent.is_dir():
        memlens.save_session(request.session, request.path)
    return ask.RunKept(path=request.path)


def find_left_behind_journals(request: ask.FindLeftBehind) -> ask.LeftBehindFound:
    """Delete a journal that is not wanted, then look for what is left."""
    if request.discard is not None:
        discard_journal(request.discard)
    return ask.LeftBehindFound(items=find_left_behind())


def _lock(path: Path) -> tuple[SessionLock | None, str]:
    try:
        return SessionLock.acquire(path), ""
    except SessionLocked as error:
        advice = tr("It is read-only here; save it under another name to keep changes.")
        return None, f"{error} {advice}"
    except OSError:
        return None, ""  # no lock can be made there: better without than not at all


def _lock_to_write(path: Path) -> SessionLock | None:
    try:
        return SessionLock.acquire(path)
    except SessionLocked as error:
        refused = tr("{path} was not saved: {reason}")
        raise SessionError(refused.format(path=path, reason=error)) from error
    except OSError:
        return None


def _left_behind(request: ask.OpenSession, lock: SessionLock | None) -> tuple[LeftBehind, ...]:
    # Without the lock they may belong to the window that has it.
    if lock is None:
        return ()
    restored = None if request.restore is None else request.restore.journal
    return tuple(item for item in left_behind_of(request.path) if item.journal != restored)
