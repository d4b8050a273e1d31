"""What is asked of the worker about session files and journals, and what comes back; frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from memlens.masks.journal_places import LeftBehind
from memlens.masks.open_shape import OpenShape
from memlens.session_lock import SessionLock
from memlens.sessions import Session
from ui.job_kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Read a session; the worker keeps its trajectory as the open run.

    Attributes
    ----------
    lock
        Whether to lock it: not what this window holds already, and not the bundled one.
    restore
        Bring back the masks of this journal as well.
    """

    job: ClassVar[JobKind] = JobKind.OPEN_SESSION
    run: int
    path: Path
    lock: bool = True
    restore: LeftBehind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSession:
    """Write a session.

    Attributes
    ----------
    run
        Number of the run that it is; handed back with the result.
    lock
        Whether to lock it: not what this window holds already.
    changes
        How many changes of the masks it holds; handed back with the result.
    """

    job: ClassVar[JobKind] = JobKind.SAVE_SESSION
    session: Session
    path: Path
    run: int = 0
    lock: bool = True
    changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRun:
    """Write a run that was never saved into the data folder, for the journal of its masks."""

    job: ClassVar[JobKind] = JobKind.KEEP_RUN
    session: Session
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLeftBehind:
    """Find the journals that a killed window left behind, after deleting one of them."""

    job: ClassVar[JobKind] = JobKind.FIND_LEFT_BEHIND
    discard: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """A session was read.

    Attributes
    ----------
    detached
        Why nothing more can be computed for it, "" when it can.
    lock
        Held for the window now; None where none was asked for or could be had.
    read_only
        Why it cannot be saved in its place, a sentence; "" when it can.
    left_behind
        Journals of it that another window left behind.
    restored, warning
        The journal whose masks it has, and what should be known about that.
    shape
        The polygon that was under way, None for none.
    """

    run: int
    path: Path
    session: Session
    detached: str = ""
    lock: SessionLock | None = None
    read_only: str = ""
    left_behind: tuple[LeftBehind, ...] = ()
    restored: LeftBehind | None = None
    warning: str = ""
    shape: OpenShape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSaved:
    """A session is on the disk.

    Attributes
    ----------
    lock
        Held for the window now; None where none was asked for or could be had.
    run, changes
        As in the request.
    keeps_latents
        Whether its trajectory was written.
    """

    path: Path
    run: int = 0
    lock: SessionLock | None = None
    changes: int = 0
    keeps_latents: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunKept:
    """An unsaved run is in the data folder."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehindFound:
    """The journals that a killed window left behind, newest first."""

    items: tuple[LeftBehind, ...]
