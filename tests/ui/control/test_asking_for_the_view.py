"""Asking for the view changes nothing; what follows from a change happens where it is taken."""

from __future__ import annotations

from memlens.masks.edits import Invert
from tests.support.controller_state import state_of
from tests.support.mask_easel import Easel, shown_run
from ui.state.run import Run


def test_asked_twice_it_is_made_of_the_same_parts() -> None:
    easel = Easel()
    easel.add()
    before, after = easel.view, easel.view
    for part in ("setup", "canvas", "timeline", "inspect", "status", "runs", "masks"):
        assert getattr(before, part) is getattr(after, part), part


def test_no_job_is_asked_for_and_nothing_is_watched() -> None:
    easel = Easel()
    easel.masks.edit(Invert())
    state = state_of(easel.control)
    other = Run(9, prompt="other", trajectory=shown_run(easel).trajectory, reached=1)
    state.history.add(other)
    state.results.run = other
    asked, shown = len(easel.jobs.requests), len(easel.views)
    easel.view  # noqa: B018
    assert other.drawn is None
    assert (len(easel.jobs.requests), len(easel.views)) == (asked, shown)
    easel.control.set_prompt("a change")
    assert other.drawn is not None
