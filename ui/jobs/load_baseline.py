"""Load a less-trained baseline of the open model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.models.description import ModelDescription
from ui.jobs.job import Job, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBaseline(Request):
    """Load a less-trained baseline of the open model."""

    job: ClassVar[Job] = Job(
        name="load-baseline",
        priority=160,
        work="models.load_less_trained",
        cancellable=True,
        offer=lambda out_of_memory: (ActionKey.OPEN_BASELINE, tr("Choose another checkpoint")),
    )
    source: str
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLoaded(Result):
    """A less-trained baseline is open."""

    description: ModelDescription
    source: str
