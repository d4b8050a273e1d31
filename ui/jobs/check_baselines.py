"""Say which checkpoints fit the open model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBaselines(Request):
    """Say which checkpoints fit the open model, beside those in its own folder."""

    job: ClassVar[Job] = Job(
        name="check-baselines",
        priority=260,
        work="models.check_baselines",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinesChecked(Result):
    """Path of a checkpoint → why it does not fit the model `identity`, "" when it does."""

    identity: str
    reasons: Mapping[str, str]
