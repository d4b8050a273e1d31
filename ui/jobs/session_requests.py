"""What is asked of the worker about session files and what was left behind; frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.files.project import Session
from memlens.files.session_lock import SessionLock
from memlens.masks.journal_places import LeftBehind
from memlens.masks.open_shape import OpenShape
from memlens.masks.undo_steps import RecordedMasks
from ui.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StowedRun:
    """Where a run is that the window let go of for want of memory.

    Attributes
    ----------
    path
        A session file that has it.
    id
        Of the run in that file.
    """

    path: Path
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunToWrite:
    """A run as it is to be in a file.

    Attributes
    ----------
    number
        What the window knows it by.
    session
        The run; of a stowed one everything but trajectory, maps, pictures and readings counts.
    pictures
        x̂₀ at every step, empty where one was not decoded.
    stowed
        Where the rest is, None where it is all here.
    position
        Of its masks; handed back with the result.
    """

    number: int
    session: Session
    pictures: tuple[NDArray[np.uint8], ...] = ()
    stowed: StowedRun | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
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

    job: ClassVar[JobKind] = JobKind.OPEN_SESSION
    run: int
    path: Path | None
    lock: bool = True
    restore: tuple[LeftBehind, ...] = ()
    add: bool = False
    bundled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSession:
    """Write all runs into one session.

    Attributes
    ----------
    runs
        In the order of the strip.
    shown
        Index of the shown one.
    lock
        Whether to lock it: not what this window holds already.
    latents
        Whether to write the trajectories as well.
    edits
        How many times the list of runs was changed; handed back with the result.
    """

    job: ClassVar[JobKind] = JobKind.SAVE_SESSION
    runs: tuple[RunToWrite, ...]
    path: Path
    shown: int = 0
    lock: bool = True
    latents: bool = True
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRun:
    """Write runs that were never saved into the data folder; those that are there are left.

    Attributes
    ----------
    runs
        With where each one is kept; all that are not kept yet, as a newer request replaces this.
    """

    job: ClassVar[JobKind] = JobKind.KEEP_RUN
    runs: tuple[tuple[RunToWrite, Path], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBack:
    """Read a run again that the window let go of."""

    job: ClassVar[JobKind] = JobKind.BRING_BACK
    run: int
    stowed: StowedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLeftBehind:
    """Find what a killed window left behind, after deleting some of it."""

    job: ClassVar[JobKind] = JobKind.FIND_LEFT_BEHIND
    discard: tuple[LeftBehind, ...] = ()


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
class SessionOpened:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSaved:
    """A session is on the disk.

    Attributes
    ----------
    lock
        Held for the window now; None where none was asked for or could be had.
    positions
        Run number → position of its masks that were written.
    keeps_latents
        Whether the trajectories were written.
    edits
        As in the request.
    """

    path: Path
    positions: Mapping[int, int] = field(default_factory=dict)
    lock: SessionLock | None = None
    keeps_latents: bool = True
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsKept:
    """Unsaved runs are in the data folder.

    Attributes
    ----------
    runs
        Run number → where it is.
    problem
        Why the others are not, a sentence; "" where all are.
    """

    runs: Mapping[int, Path]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack:
    """A run was read again."""

    run: int
    session: Session
    detached: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehindFound:
    """What a killed window left behind, the newest first."""

    items: tuple[LeftBehind, ...]
