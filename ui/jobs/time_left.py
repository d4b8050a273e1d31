"""How long a job will still take, from the network calls it has made."""

from __future__ import annotations

from collections.abc import Callable

from memlens.progress import Progress

_SETTLED_AFTER_S = 0.4


class TimeLeft:
    """Extrapolates from the first report on; the first call warms up and is not counted."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._origin: tuple[int, float] | None = None

    def after(self, progress: Progress) -> float | None:
        """Return the seconds left after `progress`, None until they can be told."""
        now = self._clock()
        if self._origin is None or progress.done < self._origin[0]:
            self._origin = (progress.done, now)
            return None
        calls, elapsed = progress.done - self._origin[0], now - self._origin[1]
        if calls < 1 or elapsed < _SETTLED_AFTER_S:
            return None
        return max(0.0, elapsed / calls * (progress.total - progress.done))
