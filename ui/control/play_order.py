"""Which step is due while playing."""

from __future__ import annotations


def step_due(start: int, frames: int, first: int, last: int, repeat: str) -> int | None:
    """Return the step shown `frames` frames after `start`; None once "once" is over.

    Parameters
    ----------
    first, last
        The range played.
    repeat
        "loop", "ping-pong" or "once".
    """
    count = last - first + 1
    if count < 2:
        return first
    place = min(max(start - first, 0), count - 1) + frames
    if repeat == "once":
        return first + place if place < count else None
    if repeat == "ping-pong":
        place %= 2 * (count - 1)
        return first + min(place, 2 * (count - 1) - place)
    return first + place % count
