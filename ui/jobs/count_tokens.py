"""Count the tokens of the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTokens(Request):
    """Say how many tokens of the open model a prompt takes."""

    job: ClassVar[Job] = Job(
        name="count-tokens",
        priority=10,
        work="models.count_tokens",
        manner=Manner.QUIET,
        slips_through=True,
    )
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensCounted(Result):
    """How many tokens `prompt` takes, and how many there is room for."""

    prompt: str
    used: int
    room: int
