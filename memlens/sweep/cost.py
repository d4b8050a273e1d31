"""What a sweep will take: network calls, time, bytes; measured on its first tasks."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from memlens.errors import DatasetError
from memlens.progress import CancelToken, ignore_progress
from memlens.sweep.manifest import Manifest
from memlens.sweep.outcome import Outcome
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import TaskGroup
from memlens.sweep.worker import Worker

_SHORT, _LONGER = 2, 6
# A row of the index with its numbers.
_ROW_BYTES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCost:
    """What a sweep will take.

    Attributes
    ----------
    tasks
        How many are still to be made.
    network_calls
        Of all of them; a call for several pictures counts once for each.
    seconds
        Of one worker, at the speed of the first tasks.
    bytes
        On the disk, at most: pictures of few steps are noise, and compress badly.
    bytes_free
        On the disk that they go to.
    """

    tasks: int
    network_calls: int
    seconds: float
    bytes: int
    bytes_free: int


def measured_cost(
    worker: Worker,
    manifest: Manifest,
    settings: SweepSettings,
    folder: Path,
    *,
    tasks: int | None = None,
    cancel: CancelToken | None = None,
) -> SweepCost:
    """Make the first group of tasks with few sampling steps, keep nothing, and multiply.

    Parameters
    ----------
    tasks
        How many are still to be made; None for all.

    Raises
    ------
    DatasetError
        If the first group fails.
    Cancelled
        If cancelled.
    """
    token = cancel or CancelToken()
    members = manifest.tasks[: settings.pictures_per_batch]
    group = TaskGroup(members, frozenset(task.index for task in members))
    shortest = max(_SHORT, len(settings.steps))
    walk = min(shortest, settings.sampling_steps)
    longer = min(walk + _LONGER - _SHORT, settings.sampling_steps)
    _timed(worker, group, walk, token)
    short, outcomes = _timed(worker, group, walk, token)
    long, _ = _timed(worker, group, longer, token) if longer > walk else (short, outcomes)
    a_step = max(0.0, (long - short) / max(1, longer - walk))
    whole = short + a_step * (settings.sampling_steps - walk)
    count = len(manifest.tasks) if tasks is None else tasks
    size = sum(len(content) for each in outcomes for content in each.files.values())
    return SweepCost(
        tasks=count,
        network_calls=count * (settings.sampling_steps + settings.calls_for_maps),
        seconds=count * whole / len(members),
        bytes=count * (size // len(members) + _ROW_BYTES),
        bytes_free=shutil.disk_usage(_existing(folder)).free,
    )


def _timed(
    worker: Worker, group: TaskGroup, sampling_steps: int, cancel: CancelToken
) -> tuple[float, list[Outcome]]:
    began = time.perf_counter()
    outcomes = list(worker.sampling_for(sampling_steps).work(group, ignore_progress, cancel))
    seconds = time.perf_counter() - began
    for outcome in outcomes:
        if outcome.error:
            raise DatasetError(f"the first tasks fail, so nothing is measured: {outcome.error}")
    return seconds, outcomes


def _existing(folder: Path) -> Path:
    return next(each for each in (folder.resolve(), *folder.resolve().parents) if each.exists())
