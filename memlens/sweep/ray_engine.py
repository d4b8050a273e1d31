"""The engine of a cluster: Ray actors that keep the model; what Ray does is left to Ray."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from memlens.errors import Cancelled, SettingsError
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import TaskGroup
from memlens.sweep.worker import Worker

_LOOK_SECONDS = 0.2
_AT_ONCE = 2
# Not without end: a task that takes its actor with it every time must fail some day.
_RETRIES = 4


class RayEngine:
    """Actors on a Ray cluster.

    An actor that is lost, with its node or alone, is started again by Ray, which then runs its
    tasks again. Results come back through Ray, so nodes need no common disk.

    Parameters
    ----------
    settings
        Of the sweep.
    actors
        How many; None takes one for each share of a GPU, or for each `cpus` where there is none.
    gpus
        Of each actor, may be a fraction; None takes 1 where the cluster has GPUs, else 0.
    cpus
        Of each actor.
    address
        Of the cluster, as ``ray.init`` takes it; None joins a running one or starts one here.

    Raises
    ------
    SettingsError
        If Ray is not installed, or the cluster has no room for one actor.
    """

    def __init__(
        self,
        settings: SweepSettings,
        *,
        actors: int | None = None,
        gpus: float | None = None,
        cpus: float = 1,
        address: str | None = None,
    ) -> None:
        try:
            import ray
        except ImportError:
            raise SettingsError(
                "Ray is not installed: install memlens with it (pip install 'memlens[ray]'), or "
                "use --engine local."
            ) from None
        self._ray = ray
        self._started_here = not ray.is_initialized()
        if self._started_here:
            self._start(address)
        there = ray.cluster_resources()
        share = gpus if gpus is not None else (1.0 if there.get("GPU", 0) else 0.0)
        room = int(there["GPU"] / share) if share and there.get("GPU") else 0
        count = actors or room or int(there.get("CPU", 1) / cpus)
        if count < 1:
            self.close()
            raise SettingsError(f"the cluster has no room for an actor: it has {dict(there)}.")
        kept_loaded = ray.remote(_Actor).options(
            num_cpus=cpus, num_gpus=share, max_restarts=-1, max_task_retries=_RETRIES
        )
        self._actors = [kept_loaded.remote(settings) for _ in range(count)]
        self._each = settings.sampling_steps + settings.calls_for_maps

    def _start(self, address: str | None) -> None:
        try:
            self._ray.init(
                address=address,
                include_dashboard=False,
                log_to_driver=False,
                logging_level="error",
            )
        except Exception as error:
            # Ray raises whatever it meets, a bare Exception among it.
            self._ray.shutdown()
            where = "here" if address is None else f"at {address}"
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
            raise SettingsError(f"no Ray cluster could be used {where}: {reason}.") from error

    def facts(self) -> WorkerFacts:
        """Wait for the first actor, and tell what makes the results."""
        return self._got(self._actors[0].facts.remote())  # type: ignore[no-any-return]

    def processes(self) -> list[int]:
        """Return the process ids of the actors, on their nodes."""
        return list(self._ray.get([actor.process.remote() for actor in self._actors]))

    def outcomes(
        self, groups: Sequence[TaskGroup], progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        """Give each actor the next groups when it has finished one."""
        ray = self._ray
        waiting = list(reversed(groups))
        total = sum(len(group.missing) for group in groups) * self._each
        done = 0
        free = [actor for actor in self._actors for _ in range(_AT_ONCE)]
        running: dict[Any, tuple[Any, TaskGroup]] = {}
        while waiting or running:
            while waiting and free:
                actor, group = free.pop(0), waiting.pop()
                running[actor.work.remote(group)] = (actor, group)
            finished, _ = ray.wait(list(running), timeout=_LOOK_SECONDS)
            if cancel.cancelled:
                raise Cancelled("cancelled")
            for reference in finished:
                actor, group = running.pop(reference)
                free.append(actor)
                try:
                    yield from ray.get(reference)
                except ray.exceptions.RayError as error:
                    reason = str(error).strip().splitlines()[0]
                    for task in group.missing:
                        yield Outcome(index=task.index, error=f"its actor was lost: {reason}")
                done += len(group.missing) * self._each
                progress(Progress(min(done, total), total, "sweep"))

    def close(self) -> None:
        """End the actors; a cluster that was joined goes on."""
        for actor in getattr(self, "_actors", ()):
            self._ray.kill(actor)
        if self._started_here:
            self._ray.shutdown()

    def _got(self, reference: Any) -> Any:
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayActorError as error:
            raise SettingsError(f"no actor could be started: {_cause(error)}") from error


class _Actor:
    """What runs on a node: a worker, made when the actor is."""

    def __init__(self, settings: SweepSettings) -> None:
        self._worker = Worker(settings)

    def facts(self) -> WorkerFacts:
        return self._worker.facts

    def process(self) -> int:
        import os

        return os.getpid()

    def work(self, group: TaskGroup) -> list[Outcome]:
        return list(self._worker.work(group, ignore_progress, CancelToken()))


def _cause(error: BaseException) -> str:
    """Return what an actor's start failed with, without the trace around it."""
    told = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line for line in told if line.startswith("memlens.errors.")]
    last = (named or told or [type(error).__name__])[-1]
    return last.partition(": ")[2] if named else last
