"""The engine of one machine: in this process for one device, one process a device for several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from memlens.errors import Cancelled
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import TaskGroup
from memlens.sweep.worker import Worker

_LOOK_SECONDS = 0.2


class InProcess:
    """One device, this process.

    Parameters
    ----------
    settings
        Of the sweep.
    device
        Instead of the settings' own.
    progress, cancel
        Of the loading.
    """

    def __init__(
        self,
        settings: SweepSettings,
        *,
        device: str | None = None,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> None:
        self._worker = Worker(settings, device=device, progress=progress, cancel=cancel)
        self._each = settings.sampling_steps + settings.calls_for_maps

    def facts(self) -> WorkerFacts:
        """Tell what makes the results."""
        return self._worker.facts

    def outcomes(
        self, groups: Sequence[TaskGroup], progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        """Work through the groups in order; cancelled within one network call."""
        total = sum(len(group.missing) for group in groups) * self._each
        before = 0
        for group in groups:

            def tell(inner: Progress, before: int = before) -> None:
                progress(Progress(before + inner.done, total, inner.activity))

            yield from self._worker.work(group, tell, cancel)
            before += len(group.missing) * self._each
        progress(Progress(total, total, "sweep"))

    def close(self) -> None:
        """Do nothing: the process goes on."""


class OneProcessADevice:
    """Several devices of one machine.

    A process that dies is started again and its group is tried once more; then its tasks fail.

    Parameters
    ----------
    settings
        Of the sweep.
    devices
        Such as ``("cuda:0", "cuda:1")``.
    """

    def __init__(self, settings: SweepSettings, devices: Sequence[str]) -> None:
        self._settings = settings
        self._devices = tuple(devices)
        self._pools = [_pool(settings, device) for device in devices]
        self._each = settings.sampling_steps + settings.calls_for_maps

    def facts(self) -> WorkerFacts:
        """Wait for the first process, and tell what makes the results."""
        try:
            return self._pools[0].submit(_facts).result()
        except BrokenProcessPool:
            # The pool swallows why: loading here says it in a sentence.
            return Worker(self._settings, device=self._devices[0]).facts

    def outcomes(
        self, groups: Sequence[TaskGroup], progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        """Give each process the next group when it is free."""
        waiting = list(reversed(groups))
        tried: dict[int, int] = {}
        running: dict[Future[list[Outcome]], tuple[int, TaskGroup]] = {}
        total = sum(len(group.missing) for group in groups) * self._each
        done = 0
        while waiting or running:
            busy = {at for at, _ in running.values()}
            free = [at for at in range(len(self._pools)) if at not in busy]
            for at in free[: len(waiting)]:
                group = waiting.pop()
                running[self._pools[at].submit(_work, group)] = (at, group)
            finished, _ = wait(running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            if cancel.cancelled:
                raise Cancelled("cancelled")
            for future in finished:
                at, group = running.pop(future)
                try:
                    found = future.result()
                except BrokenProcessPool:
                    self._pools[at] = _pool(self._settings, self._devices[at])
                    first = group.missing[0].index
                    tried[first] = tried.get(first, 0) + 1
                    if tried[first] < 2:
                        waiting.append(group)
                        continue
                    found = [
                        Outcome(
                            index=task.index, error=f"its process on {self._devices[at]} died twice"
                        )
                        for task in group.missing
                    ]
                yield from found
                done += len(group.missing) * self._each
                progress(Progress(min(done, total), total, "sweep"))

    def close(self) -> None:
        """End the processes, in the middle of a group if need be."""
        for pool in self._pools:
            processes = list((pool._processes or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
            for process in processes:
                process.join(5)


_worker: Worker | None = None


def _pool(settings: SweepSettings, device: str) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        max_workers=1,
        # A forked process cannot use CUDA.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(settings, device),
    )


def _start(settings: SweepSettings, device: str) -> None:
    global _worker
    _worker = Worker(settings, device=device)


def _facts() -> WorkerFacts:
    assert _worker is not None
    return _worker.facts


def _work(group: TaskGroup) -> list[Outcome]:
    assert _worker is not None
    return list(_worker.work(group, ignore_progress, CancelToken()))
