"""JobContext: what a job is given beside its request."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from memlens.progress import CancelToken, Progress
from ui.jobs.job import Job, Result
from ui.jobs.reports import Arrived, Progressed, Report
from ui.jobs.time_left import TimeLeft


class _PausingToken(CancelToken):
    """Where a long job stands still between network calls: time for small ones."""

    __slots__ = ("_pause",)

    def __init__(self, pause: Callable[[], None]) -> None:
        super().__init__()
        self._pause = pause

    def check(self) -> None:
        """Let small jobs through, then raise `Cancelled` if `cancel` was called."""
        super().check()
        self._pause()
        super().check()


class JobContext:
    """What a job is given beside its request.

    Attributes
    ----------
    cancel
        To be checked between network calls; small jobs that wait are carried out there.
    """

    def __init__(
        self,
        serial: int,
        job: Job,
        post: Callable[[Report, Hashable], None],
        pause: Callable[[], None],
    ) -> None:
        self.serial = serial
        self.job = job
        self.cancel: CancelToken = _PausingToken(pause)
        self._post = post
        self._time_left = TimeLeft(time.monotonic)

    def progress(self, progress: Progress) -> None:
        """Report network calls done and expected."""
        report = Progressed(
            serial=self.serial,
            job=self.job,
            done=progress.done,
            total=progress.total,
            activity=progress.activity,
            seconds_left=self._time_left.after(progress),
        )
        self._post(report, ("progress", self.serial))

    def partial(self, result: Result, slot: Hashable) -> None:
        """Deliver a partial result; one not yet delivered in the same slot is replaced."""
        report = Arrived(serial=self.serial, job=self.job, result=result, final=False)
        self._post(report, (self.serial, slot))
