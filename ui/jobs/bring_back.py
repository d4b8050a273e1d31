"""Read a run again that the window let go of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.files.project import Session
from ui.jobs.job import Job, Manner, Request, Result
from ui.jobs.run_to_write import StowedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBack(Request):
    """Read a run again that the window let go of."""

    job: ClassVar[Job] = Job(
        name="bring-back",
        priority=40,
        work="sessions.bring_back",
        manner=Manner.QUIET,
        slips_through=True,
    )
    run: int
    stowed: StowedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack(Result):
    """A run was read again."""

    run: int
    session: Session
    detached: str = ""
