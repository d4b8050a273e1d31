"""What of masks is kept: shapes under way, masks that come late, the view in sessions, edits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.masks.edits import Invert
from memlens.masks.journal import read_journal
from tests.support import synthetic
from tests.support.mask_easel import Easel, saved, shown_run
from tests.support.recording import Desk, opened
from ui.jobs.find_truth import FindTruth, TruthFound
from ui.jobs.open_session import OpenSession
from ui.jobs.sample import Sampled
from ui.jobs.save_session import SaveSession
from ui.state.intent import Intent


@pytest.fixture
def easel() -> Easel:
    return Easel()


# -- what would lose a shape under way


def test_the_shape_under_way_is_kept_before_its_mask_or_run_is_left(
    easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = easel.add(columns=slice(0, 2))
    kept: list[tuple[int, int | None]] = []

    def keep() -> None:
        kept.append((shown_run_of_masks(easel), easel.document.active))

    monkeypatch.setattr(easel.hand, "keep", keep)
    easel.masks.add()
    assert kept == [(1, first)]
    second = easel.document.active
    easel.masks.choose_active(first)
    easel.masks.remove()
    assert kept[1:] == [(1, second), (1, first)]
    easel.run_toy()
    assert kept[3] == (1, second)
    assert len(kept) == 4


def shown_run_of_masks(easel: Easel) -> int:
    run = easel.masks._run
    assert run is not None
    return run.number


# -- masks that become known late


def truth_found(easel: Easel) -> None:
    """Let the lab know the mask of the shown run, late."""
    request = FindTruth(run=shown_run(easel).number)
    easel.jobs.requests.append(request)
    easel.answer(request, TruthFound(run=request.run, masks=(synthetic.left_half(),)))


def test_a_ground_truth_that_comes_late_is_taken_over_and_nothing_is_unsaved(easel: Easel) -> None:
    truth_found(easel)
    assert easel.names() == ["ground truth"]
    assert easel.view.masks.rows[0].active
    assert not easel.control.keeping.unsaved.edited
    assert "undo" in easel.view.disabled


def test_beside_saved_masks_it_leaves_them_saved_and_active(easel: Easel) -> None:
    mine = easel.add()
    easel.control.keeping.saved(saved(easel))
    assert not easel.control.keeping.dirty
    truth_found(easel)
    assert easel.names() == ["m0", "ground truth"]
    assert easel.document.active == mine
    assert not easel.control.keeping.dirty
    easel.masks.undo()
    assert easel.names() == ["ground truth"]
    assert easel.control.keeping.dirty


# -- masks in sessions


def test_a_session_keeps_which_mask_is_active_and_which_are_hidden(
    easel: Easel, tmp_path: Path
) -> None:
    for _ in range(3):
        easel.add()
    easel.masks.show_mask(3, False)
    easel.masks.choose_active(2)
    easel.control.save_session(tmp_path / "one.memlens")
    (request,) = easel.asked(SaveSession)
    again = Desk()
    again.control.open_session(request.path)
    asked = again.asked(OpenSession)[-1]
    again.answer(asked, opened(asked, request.runs[0].session))
    rows = again.view.masks.rows
    assert [row.name for row in rows] == ["m0", "m1", "m2"]
    assert [row.active for row in rows] == [False, True, False]
    assert [row.visible for row in rows] == [True, True, False]
    assert not again.control.keeping.dirty


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from((*Intent().to_view(), "active_mask", "hidden_masks")), _ODD))
def test_a_view_that_nobody_has_vouched_for_is_shown_as_far_as_it_fits(
    view: dict[str, Any],
) -> None:
    desk = Desk()
    desk.control.open_session(Path("one.memlens"))
    asked = desk.asked(OpenSession)[-1]
    desk.answer(asked, opened(asked, replace(synthetic.session(), view=view)))
    shown = desk.view
    assert shown.masks.rows[0].active
    assert 0 <= shown.timeline.step < synthetic.STEPS
    assert shown.inspect.smoothing % 2 == 1


def test_what_waits_for_a_save_waits_for_one_that_leaves_nothing_unsaved(easel: Easel) -> None:
    keeping, called = easel.control.keeping, []
    easel.masks.add()
    keeping.when_saved(lambda: called.append(1))
    asked_at = saved(easel)
    easel.masks.edit(Invert())
    keeping.saved(asked_at)
    assert keeping.dirty and not called
    keeping.saved(saved(easel))
    assert not called
    easel.masks.edit(Invert())
    keeping.when_saved(lambda: called.append(2))
    keeping.save_failed()
    keeping.saved(saved(easel))
    assert not called
    keeping.when_saved(lambda: called.append(3))
    keeping.saved(saved(easel))
    assert called == [3]


def test_masks_drawn_while_a_run_was_sampled_are_kept_with_its_picture(easel: Easel) -> None:
    request = easel.run_toy(steps=3)
    easel.masks.add()
    keeping = easel.control.keeping
    made = synthetic.trajectory()
    easel.answer(request, Sampled(run=request.run, trajectory=made))
    journal = keeping._runs[request.run].journal
    assert journal is not None
    keeping.close()
    content = read_journal(journal)
    assert [mask.name for _, mask in content.masks] == ["Mask 1"]
    assert content.base.picture is not None
    assert content.base.run["provenance"] == made.provenance.to_json()


def test_a_mask_that_did_not_change_is_not_measured_again(easel: Easel) -> None:
    easel.add()
    masks = easel.masks.shown
    assert masks is not None
    before, views = masks.settled, len(easel.views)
    easel.masks.settle()
    assert masks.settled is before and len(easel.views) == views
    easel.masks.edit(Invert())
    easel.masks.settle()
    assert masks.settled is not before
