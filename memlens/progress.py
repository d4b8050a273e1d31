"""Progress reports and the cancel token that every long call accepts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from memlens.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long call is, counted in network calls.

    Attributes
    ----------
    done, total
        Network calls made and expected; ``0 <= done <= total``.
    activity
        What is being done, as a phrase for a person ("sampling", "curvature difference").
    """

    done: int
    total: int
    activity: str

    @property
    def fraction(self) -> float:
        """Share done, 0..1; 1 where nothing was to be done."""
        return self.done / self.total if self.total else 1.0


ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    """Be the callback of a caller who does not watch."""


class CancelToken:
    """Set from any thread; checked by the engine between network calls."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the running call to stop."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if `cancel` was called.

        Raises
        ------
        Cancelled
            If the token is set.
        """
        if self._event.is_set():
            raise Cancelled("cancelled")
