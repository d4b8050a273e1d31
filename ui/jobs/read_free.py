"""Read what costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.maps.localization_map import LocalizationMap
from memlens.readings.reading import Reading
from ui.jobs.job import Job, Manner, Request, Result
from ui.vocabulary.reading_key import ReadingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFree(Request):
    """Read what costs nothing, of a run and of maps that are there."""

    job: ClassVar[Job] = Job(
        name="read-free",
        priority=230,
        work="readings.read_free",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    keys: tuple[ReadingKey, ...]
    maps: tuple[LocalizationMap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsRead(Result):
    """Readings, ready to be shown."""

    rows: tuple[tuple[ReadingKey, Reading], ...]
