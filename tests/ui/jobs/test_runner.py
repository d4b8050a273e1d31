from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from memlens.errors import ModelError
from memlens.progress import Progress
from ui.jobs import runner as jobs
from ui.jobs.context import JobContext
from ui.jobs.decode_thumbnails import ChunkDone
from ui.jobs.job import Request, Result
from ui.jobs.make_free_maps import MakeFreeMaps
from ui.jobs.recognise import Recognise, Recognised
from ui.jobs.reports import Arrived, Failed, Progressed, Report, Started, Stopped
from ui.jobs.runner import JobRunner
from ui.jobs.sample import Sample

Steps = Callable[[Request, JobContext], Result]


class Bench:
    """A runner, what it reported, and a gate that the work may wait at."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.done: list[Request] = []
        self.reports: list[Report] = []
        self.work: Steps = self.wait_at_gate
        self.runner = JobRunner(lambda request, context: self.work(request, context))
        self.runner.reported.connect(self.reports.extend)

    def wait_at_gate(self, request: Request, context: JobContext) -> Result:
        while not self.gate.wait(0.005):
            context.cancel.check()
        self.done.append(request)
        return ChunkDone(run=0)

    def of(self, kind: type) -> list[Report]:
        return [report for report in self.reports if isinstance(report, kind)]


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.gate.set()
    assert made.runner.shutdown()


def ask(name: str) -> Recognise:
    return Recognise(source=name)


def test_newest_of_a_kind_wins_while_one_runs(bench: Bench, qtbot: QtBot) -> None:
    bench.runner.submit(ask("running"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.submit(ask("dropped"))
    newest = bench.runner.submit(ask("newest"))
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [ask("running"), ask("newest")]
    assert bench.of(Arrived)[-1].serial == newest


def test_urgent_kinds_go_first(bench: Bench, qtbot: QtBot) -> None:
    bench.runner.submit(ask("first"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    late = MakeFreeMaps(run=1, keys=())
    bench.runner.submit(late)
    bench.runner.submit(ask("urgent"))
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [ask("first"), ask("urgent"), late]


def test_cancel_stops_the_running_job_and_drops_the_waiting_one(bench: Bench, qtbot: QtBot) -> None:
    bench.runner.submit(ask("running"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.submit(ask("waiting"))
    bench.runner.cancel(Recognise.job)
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert len(bench.of(Stopped)) == 1
    assert bench.done == []


def test_a_cancelled_job_s_end_is_told_at_once(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.runner.submit(ask("running"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    # From here on nothing else would be delivered for ten minutes.
    monkeypatch.setattr(jobs, "DELIVERY_INTERVAL_MS", 600_000)
    bench.runner._last_delivery = time.monotonic()
    bench.runner.cancel(Recognise.job)
    qtbot.waitUntil(lambda: len(bench.of(Stopped)) == 1)
    qtbot.waitUntil(lambda: bench.runner.idle)


def test_cancel_leaves_other_kinds_alone(bench: Bench, qtbot: QtBot) -> None:
    bench.runner.submit(ask("running"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.cancel(Sample.job)
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [ask("running")]


@pytest.mark.parametrize(
    ("error", "sentence", "no_memory"),
    [
        (ModelError("the folder is empty."), "The folder is empty.", False),
        (MemoryError(), "The device ran out of memory.", True),
        (RuntimeError("odd\nlong"), "RuntimeError: odd", False),
        (KeyboardInterrupt(), "KeyboardInterrupt", False),
    ],
)
def test_every_exception_comes_back_as_a_result(
    bench: Bench, qtbot: QtBot, error: BaseException, sentence: str, no_memory: bool
) -> None:
    def fail(request: Request, context: JobContext) -> Result:
        raise error

    bench.work = fail
    bench.runner.submit(ask("x"))
    qtbot.waitUntil(lambda: bench.runner.idle)
    (failed,) = bench.of(Failed)
    assert isinstance(failed, Failed)
    assert sentence in failed.sentence
    assert failed.out_of_memory is no_memory
    assert "Traceback" in failed.details or type(error).__name__ in failed.details
    bench.work = bench.wait_at_gate
    bench.gate.set()
    bench.runner.submit(ask("still alive"))
    qtbot.waitUntil(lambda: bench.done == [ask("still alive")])


def test_partial_results_of_one_slot_are_coalesced(bench: Bench, qtbot: QtBot) -> None:
    count = 400

    def flood(request: Request, context: JobContext) -> Result:
        for number in range(count):
            context.partial(Recognised(source=str(number)), "slot")
            context.progress(Progress(number, count, "flooding"))
            time.sleep(0.0005)
        return ChunkDone(run=7)

    bench.work = flood
    began = time.monotonic()
    bench.runner.submit(ask("x"))
    qtbot.waitUntil(lambda: bench.runner.idle)
    deliveries = (time.monotonic() - began) * 30 + 3
    partial = [r for r in bench.of(Arrived) if isinstance(r, Arrived) and not r.final]
    assert 1 <= len(partial) <= deliveries
    assert partial[-1].result == Recognised(source=str(count - 1))
    assert len(bench.of(Progressed)) <= deliveries
    last = bench.reports[-1]
    assert isinstance(last, Arrived) and last.final


def test_partial_results_of_different_slots_all_arrive(bench: Bench, qtbot: QtBot) -> None:
    def some(request: Request, context: JobContext) -> Result:
        for number in range(20):
            context.partial(Recognised(source=str(number)), number)
        return ChunkDone(run=0)

    bench.work = some
    bench.runner.submit(ask("x"))
    qtbot.waitUntil(lambda: bench.runner.idle)
    partial = [r.result for r in bench.of(Arrived) if isinstance(r, Arrived) and not r.final]
    assert partial == [Recognised(source=str(number)) for number in range(20)]


def test_shutdown_cancels_and_ends_within_two_seconds(qtbot: QtBot) -> None:
    bench = Bench()
    bench.runner.submit(ask("endless"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    began = time.monotonic()
    assert bench.runner.shutdown()
    assert time.monotonic() - began < 2.0


def test_shutdown_says_when_a_job_does_not_listen(qtbot: QtBot) -> None:
    bench = Bench()
    release = threading.Event()
    bench.work = lambda request, context: (release.wait(5) and ChunkDone(run=0)) or ChunkDone(run=0)
    bench.runner.submit(ask("deaf"))
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    assert not bench.runner.shutdown(0.05)
    release.set()
    assert bench.runner.shutdown()


def test_a_small_job_slips_in_between_two_network_calls(bench: Bench, qtbot: QtBot) -> None:
    long = MakeFreeMaps(run=1, keys=())

    def work(request: Request, context: JobContext) -> Result:
        if request is not long:
            bench.done.append(request)
            return Recognised(source="small")
        return bench.wait_at_gate(request, context)

    bench.work = work
    bench.runner.submit(long)
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.submit(ask("small"))
    qtbot.waitUntil(lambda: bool(bench.of(Arrived)))
    assert bench.done == [ask("small")]
    assert not bench.runner.idle
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [ask("small"), long]


def test_a_small_job_that_fails_does_not_hurt_the_long_one(bench: Bench, qtbot: QtBot) -> None:
    long = MakeFreeMaps(run=1, keys=())

    def work(request: Request, context: JobContext) -> Result:
        if request is not long:
            raise ModelError("no.")
        return bench.wait_at_gate(request, context)

    bench.work = work
    bench.runner.submit(long)
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.submit(ask("small"))
    qtbot.waitUntil(lambda: bool(bench.of(Failed)))
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [long]


def test_cancelling_the_long_job_works_while_a_small_one_runs(bench: Bench, qtbot: QtBot) -> None:
    long, inside = MakeFreeMaps(run=1, keys=()), threading.Event()

    def work(request: Request, context: JobContext) -> Result:
        if request is not long:
            inside.set()
        return bench.wait_at_gate(request, context)

    bench.work = work
    bench.runner.submit(long)
    qtbot.waitUntil(lambda: len(bench.of(Started)) == 1)
    bench.runner.submit(ask("small"))
    qtbot.waitUntil(inside.is_set)
    bench.runner.cancel(MakeFreeMaps.job)
    bench.gate.set()
    qtbot.waitUntil(lambda: bench.runner.idle)
    assert bench.done == [ask("small")]
    assert len(bench.of(Stopped)) == 1
