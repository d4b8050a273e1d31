"""What the worker does now, as far as reported."""

from __future__ import annotations

from dataclasses import dataclass, field

from ui.vocabulary.map_key import MapKey
from ui.vocabulary.reading_key import ReadingKey


@dataclass
class Activity:
    """What the worker does now, as far as reported.

    Attributes
    ----------
    loading
        The model being opened, as it was asked for; "" for none.
    computing
        Keys of the maps asked for and not yet complete.
    reading
        Key of the reading asked for and not yet there.
    """

    text: str = ""
    fraction: float = 0.0
    seconds_left: float | None = None
    sampling: bool = False
    loading: str = ""
    computing: frozenset[MapKey] = field(default_factory=frozenset)
    reading: frozenset[ReadingKey] = field(default_factory=frozenset)
    memory: str = ""
