"""Answers: hands each result, and each failure, to whoever asked for it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ui.control.notices import WayOn
from ui.jobs.job import Request, Result
from ui.jobs.reports import Failed

R = TypeVar("R", bound=Result)


class Answers:
    """What is done with each kind of result; every part of the controller adds its own."""

    def __init__(self) -> None:
        self._taken: dict[type[Result], Callable[[Any], object]] = {}
        self._late: dict[type[Result], Callable[[Any], object]] = {}
        self._failed: dict[str, Callable[[Failed], WayOn | None]] = {}

    def when(
        self,
        kind: type[R],
        take: Callable[[R], object],
        *,
        late: Callable[[R], object] | None = None,
    ) -> None:
        """Call `take` with every result of a kind.

        Parameters
        ----------
        late
            What is done with one that a newer request has overtaken; None drops it.
        """
        assert kind not in self._taken, kind
        self._taken[kind] = take
        if late is not None:
            self._late[kind] = late

    def whenever(self, kind: type[R], take: Callable[[R], object]) -> None:
        """Call `take` with every result of a kind, whether it is late or not."""
        self.when(kind, take, late=take)

    def when_failed(self, kind: type[Request], put_right: Callable[[Failed], WayOn | None]) -> None:
        """Call `put_right` when the newest request of a kind failed.

        It may return another way on than the job offers.
        """
        self._failed[kind.job.name] = put_right

    def arrived(self, result: Result, *, newest: bool) -> None:
        """Hand a result on."""
        take = (self._taken if newest else self._late).get(type(result))
        if take is not None:
            take(result)

    def failed(self, report: Failed) -> WayOn | None:
        """Let whoever asked put right what waited; return the way on."""
        put_right = self._failed.get(report.job.name)
        way_on = None if put_right is None else put_right(report)
        return way_on or report.job.offer(report.out_of_memory)
