"""Open a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from memlens.files.project import Session
from memlens.files.session_lock import SessionLock
from memlens.masks.journal_places import LeftBehind
from memlens.masks.open_shape import OpenShape
from memlens.masks.undo_steps import RecordedMasks
from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession(Request):
    """Read a session; the worker keeps its trajectories as open runs.

    Attributes
    ----------
    run
        Number of its first run; the others follow.
    path
        None to restore runs that belong to no session.
    lock
        Whether to lock it: not what this window holds already, and not the bundled one.
    restore
        Bring back this as well: masks of its runs, and runs that were never saved.
    add
        Whether its runs join those that are there; nothing is locked then.
    bundled
        Whether it comes with memlens: its ground truth is locked.
    """

    job: ClassVar[Job] = Job(
        name="open-session",
        priority=30,
        work="sessions.open_session",
    )
    run: int
    path: Path | None
    lock: bool = True
    restore: tuple[LeftBehind, ...] = ()
    add: bool = False
    bundled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRun:
    """One run of an opened session.

    Attributes
    ----------
    number
        What the window is to know it by.
    detached
        Why nothing more can be computed for it, "" when it can.
    restored
        What it, or its masks, come back from; None for a run as it was saved.
    lock
        Of a run that was never saved; held for the window now.
    recorded
        Its masks with their undo, where they come from a journal.
    shape
        The polygon that was under way, None for none.
    """

    number: int
    session: Session
    detached: str = ""
    restored: LeftBehind | None = None
    lock: SessionLock | None = None
    recorded: RecordedMasks | None = None
    shape: OpenShape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened(Result):
    """A session was read.

    Attributes
    ----------
    path
        None where only runs were restored that belong to no session.
    runs, shown
        In the order of the strip, and the index of the one to show.
    lock
        Held for the window now; None where none was asked for or could be had.
    read_only
        Why it cannot be saved in its place, a sentence; "" when it can.
    left_behind
        What another window left behind of it.
    warning
        What should be known about what was restored.
    add
        As in the request.
    """

    path: Path | None
    runs: tuple[OpenedRun, ...]
    shown: int = 0
    lock: SessionLock | None = None
    read_only: str = ""
    left_behind: tuple[LeftBehind, ...] = ()
    warning: str = ""
    add: bool = False

    def release(self) -> None:
        """Let go of everything that is held for the window."""
        for lock in (self.lock, *(run.lock for run in self.runs)):
            if lock is not None:
                lock.release()
