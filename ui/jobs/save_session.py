"""Save the runs of the window into one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from memlens.files.session_lock import SessionLock
from ui.jobs.job import Job, Request, Result
from ui.jobs.run_to_write import RunToWrite
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSession(Request):
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

    job: ClassVar[Job] = Job(
        name="save-session",
        priority=50,
        work="sessions.save_session",
        slips_through=True,
        offer=lambda out_of_memory: (ActionKey.SAVE_SESSION_AS, tr("Save elsewhere")),
    )
    runs: tuple[RunToWrite, ...]
    path: Path
    shown: int = 0
    lock: bool = True
    latents: bool = True
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSaved(Result):
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
