"""What every engine fulfils: work through groups of tasks, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from memlens.progress import CancelToken, ProgressCallback
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.tasks import TaskGroup


class Engine(Protocol):
    """Processes or actors that hold a model and work through tasks."""

    def facts(self) -> WorkerFacts:
        """Start what is needed, and tell what makes the results.

        Raises
        ------
        MemlensError
            If the model cannot be loaded.
        """
        ...

    def outcomes(
        self, groups: Sequence[TaskGroup], progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        """Yield an outcome for every wanted task, as they come; a failure stops no other.

        Raises
        ------
        Cancelled
            If cancelled; what was yielded stands.
        """
        ...

    def close(self) -> None:
        """Let go of all processes."""
        ...
