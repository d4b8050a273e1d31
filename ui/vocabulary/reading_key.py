"""ReadingKey: what makes two readings of this window the same reading."""

from __future__ import annotations

from dataclasses import dataclass


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
