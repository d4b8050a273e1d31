"""Find what a killed window left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.masks.journal_places import LeftBehind
from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLeftBehind(Request):
    """Find what a killed window left behind, after deleting some of it."""

    job: ClassVar[Job] = Job(
        name="find-left-behind",
        priority=20,
        work="sessions.find_left_behind_now",
        manner=Manner.QUIET,
        slips_through=True,
    )
    discard: tuple[LeftBehind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehindFound(Result):
    """What a killed window left behind, the newest first."""

    items: tuple[LeftBehind, ...]
