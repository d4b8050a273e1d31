"""Say what a model's or a checkpoint's name means, without loading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise(Request):
    """Say what a model's name or folder means, or a less-trained baseline's, without loading it."""

    job: ClassVar[Job] = Job(
        name="recognise",
        priority=0,
        work="models.recognise",
        slips_through=True,
    )
    source: str
    baseline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised(Result):
    """What a source means; `problem` says why it cannot be opened, "" when it can."""

    source: str
    lines: tuple[tuple[str, str], ...] = ()
    problem: str = ""
