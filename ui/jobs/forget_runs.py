"""Let go of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRuns(Request):
    """Let go of runs; all that the window ever dropped, since a newer request replaces this."""

    job: ClassVar[Job] = Job(
        name="forget-runs",
        priority=250,
        work="sessions.forget_runs",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    runs: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsForgotten(Result):
    """The worker keeps those runs no longer."""
