from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.support import synthetic
from tests.support.controller_state import state_of
from tests.support.recording import Desk
from ui.jobs.bring_back import BringBack, BroughtBack
from ui.jobs.forget_runs import ForgetRuns
from ui.jobs.keep_run import KeepRun, RunsKept
from ui.jobs.localize import Localize
from ui.jobs.run_to_write import StowedRun
from ui.jobs.sample import Sample, Sampled, SamplingBegan
from ui.state.run import Run
from ui.state.run_history import RunHistory
from ui.view.view_state import PanelStatus


def run_of(number: int, kilobytes: int = 1) -> Run:
    run = Run(number, trajectory=synthetic.trajectory().without_latents())
    run.pictures[0] = np.zeros((kilobytes, 1024, 1), np.uint8)
    return run


def filled(cap: int, *sizes: int) -> RunHistory:
    history = RunHistory(cap * 1024)
    for number, size in enumerate(sizes, 1):
        history.add(run_of(number, size))
    return history


def numbers(runs: Iterable[Run]) -> list[int]:
    return [run.number for run in runs]


def test_the_oldest_runs_are_stowed_first() -> None:
    history = filled(10, 4, 4, 4)
    assert numbers(history.over_limit(3)) == [1]
    assert numbers(history.over_limit(1, 3)) == [2]
    assert numbers(history) == [1, 2, 3]


def test_pinned_runs_and_those_that_are_stowed_or_sampled_stay() -> None:
    history = filled(4, 4, 4, 4, 4)
    pinned, stowed, sampled = (history.get(number) for number in (1, 2, 3))
    assert pinned is not None and stowed is not None and sampled is not None
    pinned.pinned = True
    stowed.stowed = StowedRun(path=Path("a.memlens"), id="a")
    sampled.trajectory = None
    assert history.over_limit(4) == ()


def test_a_run_comes_back_to_its_place() -> None:
    history = filled(10, 1, 1, 1)
    run = history.take_out(2)
    history.let_go(2)
    assert (numbers(history), history.dropped) == ([1, 3], {2})
    history.add(run, 1)
    assert (numbers(history), history.dropped) == ([1, 2, 3], set())


def test_back_shows_the_run_before_with_its_maps() -> None:
    desk = Desk()
    desk.open_toy()
    desk.run_toy(masked=True)
    desk.refine(desk.asked(Localize)[-1])
    kept = desk.panel("cov_bad").values
    desk.run_toy()
    assert desk.panel("cov_bad").status is PanelStatus.STAND_IN
    desk.control.runs.previous_run()
    assert desk.panel("cov_bad").status is PanelStatus.READY
    np.testing.assert_array_equal(desk.panel("cov_bad").values, kept)
    assert desk.panel("cov_bad").mask is not None
    assert "previous-run" in desk.view.disabled
    assert "next-run" not in desk.view.disabled
    desk.control.runs.next_run()
    assert desk.panel("cov_bad").mask is None
    assert "next-run" in desk.view.disabled


def test_an_older_run_can_be_localized_again() -> None:
    desk = Desk()
    desk.open_toy()
    first = desk.run_toy()
    desk.run_toy()
    desk.control.runs.previous_run()
    desk.control.steps.choose_step(1)
    desk.control.compute()
    assert {key.run for key in desk.asked(Localize)[-1].keys} == {first.run}


def test_several_seeds_are_sampled_one_after_the_other() -> None:
    desk = Desk()
    desk.open_toy()
    desk.control.runs.choose_seeds("4-6")
    runs = [desk.run_toy()]
    for _ in range(2):
        runs.append(desk.asked(Sample)[-1])
        assert desk.asked(Localize) == []
        began = SamplingBegan(
            run=runs[-1].run,
            log_snr=synthetic.trajectory().schedule.log_snr.astype("float32"),
            prompt="a lion",
            seed=runs[-1].seed,
        )
        desk.answer(runs[-1], began, final=False)
        desk.answer(runs[-1], Sampled(run=runs[-1].run, trajectory=synthetic.trajectory()))
    assert [run.seed for run in runs] == [4, 5, 6]
    assert desk.view.runs.shown == runs[-1].run
    assert [thumb.number for thumb in desk.view.runs.runs] == [run.run for run in runs]
    assert {key.run for key in desk.asked(Localize)[-1].keys} == {runs[-1].run}


def test_a_run_chosen_while_others_are_sampled_stays_shown() -> None:
    desk = Desk()
    desk.open_toy()
    desk.control.runs.choose_seeds("0, 1, 2")
    first = desk.run_toy()
    second = desk.asked(Sample)[-1]
    log_snr = synthetic.trajectory().schedule.log_snr.astype("float32")
    desk.answer(second, SamplingBegan(run=second.run, log_snr=log_snr), final=False)
    desk.control.runs.choose_run(first.run)
    desk.answer(second, Sampled(run=second.run, trajectory=synthetic.trajectory()))
    third = desk.asked(Sample)[-1]
    desk.answer(third, SamplingBegan(run=third.run, log_snr=log_snr), final=False)
    assert desk.view.runs.shown == first.run


def test_cancel_forgets_the_runs_that_wait() -> None:
    desk = Desk()
    desk.open_toy()
    desk.control.runs.choose_seeds("0-3")
    desk.control.set_prompt("a lion")
    desk.control.run()
    assert len(desk.view.runs.queued) == 3
    desk.control.cancel()
    assert desk.view.runs.queued == ()
    desk.stop(desk.asked(Sample)[-1])
    assert len(desk.asked(Sample)) == 1


def test_seeds_that_mean_nothing_keep_run_from_being_pressed() -> None:
    desk = Desk()
    desk.open_toy()
    desk.control.set_prompt("a lion")
    desk.control.runs.choose_seeds("4-2")
    assert "backwards" in desk.view.setup.disabled_reason
    assert desk.view.setup.seeds == "4-2"
    desk.control.run()
    assert desk.asked(Sample) == []


def test_the_worker_is_told_what_was_dropped() -> None:
    desk = Desk()
    desk.open_toy()
    state_of(desk.control).history.cap = 1
    first = desk.run_toy()
    desk.run_toy()
    assert desk.asked(ForgetRuns) == [], "it is in no file yet"
    request = desk.asked(KeepRun)[-1]
    kept = {run.number: path for run, path in request.runs}
    desk.answer(request, RunsKept(runs=kept))
    assert desk.asked(ForgetRuns)[-1].runs == {first.run}


def test_a_stowed_run_is_read_again_when_it_is_shown() -> None:
    desk = Desk()
    desk.open_toy()
    state_of(desk.control).history.cap = 1
    first = desk.run_toy()
    desk.run_toy()
    request = desk.asked(KeepRun)[-1]
    kept = {run.number: path for run, path in request.runs}
    session = next(run.session for run, _ in request.runs if run.number == first.run)
    desk.answer(request, RunsKept(runs=kept))
    desk.control.runs.choose_run(first.run)
    assert "read from the disk" in desk.view.disabled["compute"]
    back = desk.asked(BringBack)[-1]
    assert first.run not in desk.asked(ForgetRuns)[-1].runs, "it may come after"
    assert (back.run, back.stowed.path) == (first.run, kept[first.run])
    desk.answer(back, BroughtBack(run=first.run, session=session))
    assert "compute" not in desk.view.disabled
    assert first.run not in state_of(desk.control).history.dropped


def test_a_prompt_being_written_survives_going_back() -> None:
    desk = Desk()
    desk.open_toy()
    desk.run_toy()
    desk.run_toy()
    desk.control.set_prompt("another lion")
    desk.control.runs.previous_run()
    assert desk.view.setup.prompt == "another lion"
