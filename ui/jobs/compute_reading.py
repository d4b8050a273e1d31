"""Compute a reading that takes network calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.maps.localization_map import LocalizationMap
from ui.jobs.job import Job, Request
from ui.vocabulary.reading_key import ReadingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeReading(Request):
    """Compute one reading that takes network calls."""

    job: ClassVar[Job] = Job(
        name="compute-reading",
        priority=210,
        work="readings.compute_reading",
        cancellable=True,
    )
    key: ReadingKey
    maps: tuple[LocalizationMap, ...]
    probes: int
    estimator: str
    probe_seed: int
    probes_per_batch: int | None = None
