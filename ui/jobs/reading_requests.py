"""What the worker is asked for readings, and what it answers; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from memlens.maps.localization_map import LocalizationMap
from memlens.readings.reading import Reading
from ui.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKey:
    """What makes two readings the same, but for the number of probes.

    Attributes
    ----------
    run
        Number of the run in this window.
    key
        Name in READINGS.
    step
        0 = most noise; None for the reading's own.
    """

    run: int
    key: str
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFree:
    """Read what costs nothing, of a run and of maps that are there."""

    job: ClassVar[JobKind] = JobKind.FREE_READINGS
    keys: tuple[ReadingKey, ...]
    maps: tuple[LocalizationMap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeReading:
    """Compute one reading that takes network calls."""

    job: ClassVar[JobKind] = JobKind.READINGS
    key: ReadingKey
    maps: tuple[LocalizationMap, ...]
    probes: int
    estimator: str
    probe_seed: int
    probes_per_batch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsRead:
    """Readings, ready to be shown."""

    rows: tuple[tuple[ReadingKey, Reading], ...]
