"""Letting go of runs, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRuns:
    """Let go of runs; all that the window ever dropped, since a newer request replaces this."""

    job: ClassVar[JobKind] = JobKind.FORGET_RUNS
    runs: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsForgotten:
    """The worker keeps those runs no longer."""
