"""Asking which checkpoints fit the open model, and what comes back; all of it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBaselines:
    """Say which checkpoints fit the open model, beside those in its own folder."""

    job: ClassVar[JobKind] = JobKind.CHECK_BASELINES
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinesChecked:
    """Path of a checkpoint → why it does not fit the model `identity`, "" when it does."""

    identity: str
    reasons: Mapping[str, str]
