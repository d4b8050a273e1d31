"""An engine that needs no model: maps are drawn from a generator that the task seeds."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from memlens.progress import CancelToken, ProgressCallback
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.places import map_file
from memlens.sweep.tasks import Task, TaskGroup

FACTS = WorkerFacts(
    model="arithmetic@0",
    baseline="",
    device="cpu",
    dtype="float32",
    latent_shape=(4, 8, 8),
    picture_size=(64, 64),
)


class ArithmeticEngine:
    """Works in order; what it makes depends on prompt and seed alone."""

    def __init__(
        self,
        *,
        seconds: float = 0.0,
        failing: Callable[[Task, int], str] = lambda task, attempt: "",
    ) -> None:
        self.worked: list[int] = []
        self._seconds = seconds
        self._failing = failing

    def facts(self) -> WorkerFacts:
        return FACTS

    def outcomes(
        self, groups: Sequence[TaskGroup], progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        for group in groups:
            for task in group.missing:
                cancel.check()
                attempt = self.worked.count(task.index)
                self.worked.append(task.index)
                time.sleep(self._seconds)
                error = self._failing(task, attempt)
                yield Outcome(index=task.index, error=error) if error else outcome(task)

    def close(self) -> None:
        pass


def outcome(task: Task) -> Outcome:
    values = values_of(task)
    stream = io.BytesIO()
    np.save(stream, values)
    files = {map_file(task, kind): stream.getvalue() for kind in ("cov", "score_diff")}
    return Outcome(index=task.index, files=files, numbers={"mean cov": float(values.mean())})


def values_of(task: Task) -> Any:
    seed = zlib.crc32(f"{task.prompt} {task.seed}".encode())
    return np.random.default_rng(seed).random((8, 8)).astype(np.float32)
