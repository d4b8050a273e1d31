"""EngineWorker: what the worker thread calls for every request."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from ui.jobs.context import JobContext
from ui.jobs.job import Job, Request, Result
from ui.worker.open_engine import OpenEngine

# Of any function in this room that a job names.
Work = Callable[[Request, JobContext, OpenEngine], Result]


class EngineWorker:
    """Carries out requests; called in the worker thread only."""

    def __init__(self) -> None:
        self._open = OpenEngine()

    def __call__(self, request: Request, context: JobContext) -> Result:
        """Carry out one request by the function that its job names."""
        return work_of(request.job)(request, context, self._open)


def work_of(job: Job) -> Work:
    """Return the function that carries a job out."""
    module, name = job.work.split(".")
    return cast("Work", getattr(import_module(f"ui.worker.{module}"), name))
