"""JobRunner: one worker thread, one running and one waiting request per kind, newest wins."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Hashable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from memlens.errors import Cancelled, MemlensError, OutOfMemory
from ui.jobs.context import JobContext
from ui.jobs.job import Job, Request, Result
from ui.jobs.reports import Arrived, Failed, Report, Started, Stopped
from ui.language.translation import tr

DELIVERY_INTERVAL_MS = 33


class Work(Protocol):
    """What the thread runs for each request."""

    def __call__(self, request: Request, context: JobContext) -> Result:
        """Carry out `request` and return its final result."""
        ...


class _Queue:
    """Requests that wait, the one that runs, and reports not yet delivered; any thread."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: dict[Job, tuple[int, Request]] = {}
        self.running: list[JobContext] = []
        self.closed = False
        # Whether a report waits that tells of something cancelled: the person waits for it.
        self.urgent = False
        self._reports: dict[Hashable, Report] = {}
        self._count = 0

    def take(self, begin: Callable[[int, Job], JobContext]) -> tuple[Request, JobContext] | None:
        """Wait for the most urgent request, now the running one; None once closed."""
        with self.changed:
            while not self.waiting and not self.closed:
                self.changed.wait()
            if self.closed:
                return None
            return self._begin(min(self.waiting, key=_priority), begin)

    def take_small(
        self, begin: Callable[[int, Job], JobContext]
    ) -> tuple[Request, JobContext] | None:
        """Return a waiting request that may run inside another job, None without one."""
        with self.changed:
            if self.running[-1].job.slips_through or self.closed:
                return None
            small = [job for job in self.waiting if job.slips_through]
            return self._begin(min(small, key=_priority), begin) if small else None

    def _begin(
        self, job: Job, begin: Callable[[int, Job], JobContext]
    ) -> tuple[Request, JobContext]:
        serial, request = self.waiting.pop(job)
        context = begin(serial, job)
        self.running.append(context)
        return request, context

    @property
    def idle(self) -> bool:
        """Whether nothing runs, waits or is still to be delivered."""
        with self.changed:
            return not self.running and not self.waiting and not self._reports

    def post(self, report: Report, slot: Hashable = None) -> bool:
        """Keep a report for delivery; True when there is reason to think of delivering."""
        with self.changed:
            self._count += 1
            urgent = isinstance(report, Stopped)
            self.urgent = self.urgent or urgent
            first = not self._reports
            self._reports[slot if slot is not None else self._count] = report
            return first or urgent

    def drain(self) -> list[Report]:
        """Return the kept reports, oldest slot first, and forget them."""
        with self.changed:
            reports, self._reports = list(self._reports.values()), {}
            self.urgent = False
            return reports


class _Thread(QThread):
    """Runs requests one at a time until the queue closes."""

    posted = Signal()

    def __init__(self, queue: _Queue, work: Work) -> None:
        super().__init__()
        self.setObjectName("memlens worker")
        self._queue = queue
        self._work = work

    def run(self) -> None:
        """Take and carry out requests; called by Qt in the new thread."""
        while (taken := self._queue.take(self._begin)) is not None:
            self._carry_out(*taken)

    def _begin(self, serial: int, job: Job) -> JobContext:
        return JobContext(serial, job, self._post, self._let_small_jobs_through)

    def _let_small_jobs_through(self) -> None:
        while (taken := self._queue.take_small(self._begin)) is not None:
            self._carry_out(*taken)

    def _carry_out(self, request: Request, context: JobContext) -> None:
        serial = context.serial
        self._post(Started(serial=serial, job=request.job))
        report: Report
        try:
            context.cancel.check()
            result = self._work(request, context)
            report = Arrived(serial=serial, job=request.job, result=result, final=True)
        except Cancelled:
            report = Stopped(serial=serial, job=request.job)
        except BaseException as error:  # the thread must outlive whatever a job raises
            report = _failure(serial, request.job, error)
        self._post(report)
        with self._queue.changed:
            self._queue.running.remove(context)

    def _post(self, report: Report, slot: Hashable = None) -> None:
        if self._queue.post(report, slot):
            self.posted.emit()


class JobRunner(QObject):
    """Runs requests in one worker thread and delivers reports at no more than 30 Hz.

    `reported` carries a list of `Report`, in order.

    Parameters
    ----------
    work
        Called in the worker thread.
    """

    reported = Signal(object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = _Queue()
        self._serial = 0
        self._last_delivery = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._deliver)
        self._thread = _Thread(self._queue, work)
        self._thread.posted.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        self._thread.start(QThread.Priority.LowPriority)

    def submit(self, request: Request) -> int:
        """Queue a request; one of the same kind that still waits is dropped.

        Returns
        -------
        int
            The request's serial number, which every report about it carries.
        """
        with self._queue.changed:
            self._serial += 1
            self._queue.waiting[request.job] = (self._serial, request)
            self._queue.changed.notify_all()
            return self._serial

    def cancel(self, *jobs: Job) -> None:
        """Stop the running job and drop waiting ones, of these kinds."""
        with self._queue.changed:
            for job in jobs:
                self._queue.waiting.pop(job, None)
            for running in self._queue.running:
                if running.job in jobs:
                    running.cancel.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing runs, waits or is still to be delivered."""
        return self._queue.idle

    def shutdown(self, timeout_s: float = 2.0) -> bool:
        """Cancel everything and end the thread; False if it did not end in time."""
        with self._queue.changed:
            self._queue.closed = True
            self._queue.waiting.clear()
            for running in self._queue.running:
                running.cancel.cancel()
            self._queue.changed.notify_all()
        self._timer.stop()
        return self._thread.wait(int(timeout_s * 1000))

    @Slot()
    def _schedule(self) -> None:
        if self._queue.closed:
            return
        since = (time.monotonic() - self._last_delivery) * 1000
        if since >= DELIVERY_INTERVAL_MS or self._queue.urgent:
            self._deliver()
        elif not self._timer.isActive():
            self._timer.start(max(1, int(DELIVERY_INTERVAL_MS - since)))

    @Slot()
    def _deliver(self) -> None:
        self._last_delivery = time.monotonic()
        reports = self._queue.drain()
        if reports:
            self.reported.emit(reports)


def _priority(job: Job) -> int:
    return job.priority


def _failure(serial: int, job: Job, error: BaseException) -> Failed:
    no_memory = isinstance(error, OutOfMemory | MemoryError) or (
        type(error).__name__ == "OutOfMemoryError"
    )
    text = str(error).strip()
    if isinstance(error, MemlensError) and text:
        # A path or a hub id at the start is left as it is written.
        sentence = text[0].upper() + text[1:] if text.split()[0].isalpha() else text
    elif no_memory:
        sentence = tr("The device ran out of memory.")
    else:
        first_line = text.splitlines()[0] if text else tr("no message")
        sentence = tr("Something unexpected went wrong: {what}").format(
            what=f"{type(error).__name__}: {first_line}"
        )
    return Failed(
        serial=serial,
        job=job,
        sentence=sentence,
        details="".join(traceback.format_exception(error)),
        out_of_memory=no_memory,
    )
