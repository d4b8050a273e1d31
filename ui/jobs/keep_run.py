"""Keep runs that were never saved in the data folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request, Result
from ui.jobs.run_to_write import RunToWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRun(Request):
    """Write runs that were never saved into the data folder; those that are there are left.

    Attributes
    ----------
    runs
        With where each one is kept; all that are not kept yet, as a newer request replaces this.
    """

    job: ClassVar[Job] = Job(
        name="keep-run",
        priority=60,
        work="sessions.keep_runs",
        manner=Manner.QUIET,
        slips_through=True,
    )
    runs: tuple[tuple[RunToWrite, Path], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsKept(Result):
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
