"""Every kind of job: what its file says of it, and that the worker can carry it out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import ClassVar

import pytest

import ui.jobs
from ui.control.answers import Answers
from ui.jobs.context import JobContext
from ui.jobs.job import Job, Manner, Request, Result, kinds_of_job
from ui.jobs.load_baseline import LoadBaseline
from ui.jobs.load_model import LoadModel
from ui.jobs.localize import Localize
from ui.jobs.reports import Failed
from ui.jobs.sample import Sample
from ui.worker.engine_worker import EngineWorker, work_of
from ui.worker.open_engine import OpenEngine

for module in iter_modules(ui.jobs.__path__):
    import_module(f"ui.jobs.{module.name}")
ALL = kinds_of_job(lambda job: True)


def failure(job: Job, *, out_of_memory: bool = False) -> Failed:
    return Failed(serial=1, job=job, sentence="No.", details="", out_of_memory=out_of_memory)


@pytest.mark.parametrize("job", ALL, ids=lambda job: job.name)
def test_the_worker_has_the_function_that_a_job_names(job: Job) -> None:
    assert callable(work_of(job))


def test_no_two_kinds_share_a_name_or_a_place_in_the_queue() -> None:
    assert len({job.name for job in ALL}) == len({job.priority for job in ALL}) == len(ALL) == 32


def test_cancel_stops_what_the_person_waits_for() -> None:
    stopped = kinds_of_job(lambda job: job.cancellable)
    names = {job.name for job in stopped}
    assert {LoadModel.job, LoadBaseline.job, Sample.job, Localize.job} <= set(stopped)
    assert names == {
        "load-model",
        "load-baseline",
        "sample",
        "localize",
        "compute-reading",
        "export",
        "cut-picture",
    }


def test_a_way_on_is_offered_where_there_is_one() -> None:
    answers = Answers()
    assert answers.failed(failure(Localize.job)) is None
    smaller = answers.failed(failure(Localize.job, out_of_memory=True))
    assert smaller is not None and smaller[1] == "Try again, one probe at a time"
    answers.when_failed(Localize, lambda report: ("other", "Another way"))
    assert answers.failed(failure(Localize.job)) == ("other", "Another way")


def test_a_new_kind_is_a_file_a_function_and_a_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `docs/architecture.md` says how to add one."""

    # What would be ui/jobs/count_letters.py …
    @dataclass(frozen=True, slots=True, kw_only=True)
    class CountLetters(Request):
        job: ClassVar[Job] = Job(
            name="count-letters", priority=1000, work="letters.count", manner=Manner.QUIET
        )
        text: str

    @dataclass(frozen=True, slots=True, kw_only=True)
    class LettersCounted(Result):
        letters: int

    # … the function in ui/worker/letters.py …
    def count(request: CountLetters, context: JobContext, engine: OpenEngine) -> LettersCounted:
        return LettersCounted(letters=len(request.text))

    worker = ModuleType("ui.worker.letters")
    worker.count = count  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ui.worker.letters", worker)
    # … and who asks.
    answers, taken = Answers(), list[LettersCounted]()
    answers.when(LettersCounted, taken.append)
    request = CountLetters(text="four")
    context = JobContext(1, request.job, lambda report, slot: None, lambda: None)
    answers.arrived(EngineWorker()(request, context), newest=True)
    answers.arrived(LettersCounted(letters=0), newest=False)
    assert taken == [LettersCounted(letters=4)]
