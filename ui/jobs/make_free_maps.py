"""Make maps that can be read off a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request
from ui.vocabulary.map_key import MapKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFreeMaps(Request):
    """Compute maps that can be read off the open run."""

    job: ClassVar[Job] = Job(
        name="make-free-maps",
        priority=220,
        work="steps.make_free_maps",
        manner=Manner.BACKGROUND,
    )
    run: int
    keys: tuple[MapKey, ...]
