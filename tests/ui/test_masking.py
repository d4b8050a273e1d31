"""What a person asks of the masks, with a window that only notes what it is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.masks.edits import (
    Clear,
    DropSmall,
    Grow,
    Invert,
    LargestRegion,
    PixelEdit,
    Shrink,
    Smooth,
)
from memlens.masks.journal import read_journal
from memlens.masks.shapes import Rectangle, Stroke
from tests.ui import synthetic
from tests.ui.mask_easel import Easel
from tests.ui.recording import Desk
from ui import requests as ask
from ui.intent import Intent
from ui.mask_tools import Tool
from ui.results import Run
from ui.tool_choice import LEAST_RADIUS


@pytest.fixture
def easel() -> Easel:
    return Easel()


def shown_run(easel: Easel) -> Run:
    run = easel.control._state.results.run
    assert run is not None
    return run


def rectangle(easel: Easel) -> np.ndarray:
    """Paint 10 × 20 pixels, and return where."""
    easel.masks.paint(Rectangle(4, 6, 24, 16), add=True)
    expected = np.zeros((synthetic.PICTURE, synthetic.PICTURE), bool)
    expected[6:16, 4:24] = True
    return expected


# -- drawing


def test_painting_without_a_mask_makes_one(easel: Easel) -> None:
    expected = rectangle(easel)
    assert easel.names() == ["Mask 1"]
    np.testing.assert_array_equal(easel.pixels, expected)
    assert easel.control.keeping.dirty
    assert easel.view.title.startswith("Unsaved run*")
    easel.masks.undo()
    easel.masks.undo()
    assert easel.names() == []


def test_a_stroke_shows_the_masks_alone_until_it_ends(easel: Easel) -> None:
    easel.masks.add()
    edits = easel.view.masks.edits
    easel.views.clear()
    easel.masks.begin_stroke()
    for x in range(4, 20, 4):
        easel.masks.paint(Stroke(((x, 9.5), (x + 4, 9.5)), 1.0), add=True)
    assert len(easel.views) == 4
    # The section follows at the end; the panels at once.
    assert all(view.masks.edits == edits for view in easel.views)
    revisions = [view.canvas.panels[0].mask.revision for view in easel.views]  # type: ignore[union-attr]
    assert revisions == sorted(set(revisions))
    easel.masks.end_stroke()
    assert easel.views[-1].masks.edits > edits
    assert easel.view.masks.undo_text == "Brush"
    easel.masks.undo()
    assert not easel.pixels.any()


def test_an_abandoned_stroke_leaves_what_was_there(easel: Easel) -> None:
    expected = rectangle(easel)
    easel.masks.begin_stroke()
    easel.masks.paint(Stroke(((0, 0), (30, 30)), 3.0), add=True)
    easel.masks.abandon_stroke()
    np.testing.assert_array_equal(easel.pixels, expected)
    assert easel.view.masks.undo_text == "Rectangle"


def test_filling_follows_the_switch(easel: Easel) -> None:
    rectangle(easel)
    easel.masks.fill(0.5, 0.5)
    assert easel.pixels.all()
    easel.masks.tools.choose_adds(False)
    easel.masks.fill(0.5, 0.5)
    assert not easel.pixels.any()


def test_before_there_is_a_picture_nothing_happens() -> None:
    desk = Desk()
    masks = desk.control.masks
    masks.begin_stroke()
    masks.paint(Rectangle(0, 0, 9, 9), add=True)
    masks.end_stroke()
    masks.abandon_stroke()
    for act in (masks.add, masks.duplicate, masks.remove, masks.undo, masks.redo):
        act()
    assert masks.document is None and masks.edits == -1
    assert desk.view.masks.rows == ()
    assert "Run a prompt first" in masks.import_file(Path("mask.png"))


# -- the whole mask


@pytest.mark.parametrize(
    ("edit", "count"),
    [
        (Grow(1), 10 * 20 + 2 * 30),
        (Shrink(1), 8 * 18),
        (Clear(), 0),
        (Invert(), synthetic.PICTURE**2 - 200),
    ],
)
def test_edits_of_the_whole_mask_are_undo_steps(easel: Easel, edit: PixelEdit, count: int) -> None:
    before = rectangle(easel)
    assert easel.masks.edit(edit)
    assert easel.pixels.sum() == count
    easel.masks.undo()
    np.testing.assert_array_equal(easel.pixels, before)
    easel.masks.redo()
    assert easel.pixels.sum() == count


@pytest.mark.parametrize("edit", [LargestRegion(), DropSmall(4), Smooth(2)])
def test_a_speck_goes(easel: Easel, edit: PixelEdit) -> None:
    expected = rectangle(easel)
    easel.masks.paint(Rectangle(30, 30, 31, 31), add=True)
    assert easel.pixels.sum() == expected.sum() + 1
    easel.masks.edit(edit)
    assert not easel.pixels[28:, 28:].any()
    if not isinstance(edit, Smooth):
        np.testing.assert_array_equal(easel.pixels, expected)


def test_an_edit_that_changes_nothing_is_no_step_and_not_unsaved(easel: Easel) -> None:
    easel.masks.add()
    easel.control.keeping.saved(_saved(easel), shown_run(easel))
    assert not easel.masks.edit(Clear())
    assert not easel.control.keeping.dirty
    assert easel.view.masks.undo_text == "Add mask"


# -- the list


def test_masks_are_added_renamed_retyped_copied_and_removed(easel: Easel) -> None:
    first = easel.add(rows=slice(0, 4))
    easel.masks.rename(first, "  mine ")
    easel.masks.choose_kind(first, "predicted")
    easel.masks.duplicate()
    row = easel.view.masks.rows[1]
    assert (row.name, row.kind, row.active) == ("mine 2", "predicted", True)
    easel.masks.edit(Invert())
    assert not easel.document.pixels(first)[4:].any()
    easel.masks.remove()
    assert easel.names() == ["mine"]
    assert easel.document.active == first
    for names in (["mine", "mine 2"], ["mine", "mine 2"], ["mine"], ["mine"], ["m0"], []):
        easel.masks.undo()
        assert easel.names() == names
    for _ in range(6):
        easel.masks.redo()
    assert easel.names() == ["mine"]
    assert easel.view.masks.rows[0].kind == "predicted"


def test_new_names_are_free_ones(easel: Easel) -> None:
    easel.masks.add()
    easel.masks.add()
    easel.masks.rename(1, "Mask 3")
    easel.masks.add()
    easel.masks.add()
    assert easel.names() == ["Mask 3", "Mask 2", "Mask 1", "Mask 4"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_that_is_none_is_refused_in_a_banner(easel: Easel, name: str) -> None:
    mask = easel.add()
    easel.masks.rename(mask, name)
    assert easel.names() == ["m0"]
    assert easel.view.banner is not None and "name" in easel.view.banner.sentence


def test_undo_goes_over_changes_of_the_active_mask(easel: Easel) -> None:
    first, second = easel.add(), easel.add(columns=slice(0, 8))
    easel.masks.choose_active(first)
    easel.masks.edit(Clear())
    easel.masks.choose_active(second)
    easel.masks.edit(Invert())
    easel.masks.choose_active(first)
    easel.masks.undo()
    assert easel.document.pixels(second)[:, :8].all()
    assert not easel.document.pixels(second)[:, 8:].any()
    assert not easel.document.pixels(first).any()
    easel.masks.undo()
    assert easel.document.pixels(first).all()
    assert easel.document.active == first


def test_choosing_a_hidden_mask_shows_it(easel: Easel) -> None:
    first = easel.add()
    easel.add()
    easel.masks.show_mask(first, False)
    panel = easel.view.canvas.panels[0]
    assert panel.other_masks == ()
    easel.masks.choose_active(first)
    assert [row.visible for row in easel.view.masks.rows] == [True, True]
    assert len(easel.view.canvas.panels[0].other_masks) == 1
    easel.masks.choose_active(99)
    assert easel.document.active == first


def test_maps_are_measured_against_the_chosen_mask_or_the_active_one(easel: Easel) -> None:
    first, second = easel.add(), easel.add()
    assert [row.measured for row in easel.view.masks.rows] == [False, True]
    easel.masks.measure_against(first)
    assert [row.measured for row in easel.view.masks.rows] == [True, False]
    assert easel.view.masks.measured == first
    easel.masks.remove(first)
    assert easel.view.masks.measured is None
    assert [row.measured for row in easel.view.masks.rows] == [True]
    assert easel.document.active == second


# -- tools


def test_the_brush_keeps_within_its_sizes(easel: Easel) -> None:
    tools = easel.masks.tools
    tools.choose_radius(0.01)
    assert easel.view.masks.radius == LEAST_RADIUS
    tools.turn_radius(1)
    assert easel.view.masks.radius == 1.0
    tools.turn_radius(-1)
    tools.turn_radius(-1)
    assert easel.view.masks.radius == LEAST_RADIUS
    tools.choose_radius(1e9)
    assert easel.view.masks.radius == synthetic.PICTURE / 2
    sizes = []
    for _ in range(12):
        tools.turn_radius(-1)
        sizes.append(easel.view.masks.radius)
    assert sizes == sorted(set(sizes), reverse=True)


def test_the_chosen_tool_again_gives_the_button_back(easel: Easel) -> None:
    tools = easel.masks.tools
    tools.choose(Tool.BRUSH)
    assert easel.view.masks.tool is Tool.BRUSH
    tools.choose(Tool.BRUSH)
    assert easel.view.masks.tool is Tool.PAN


def test_adding_takes_the_brush_instead_of_the_eraser(easel: Easel) -> None:
    tools = easel.masks.tools
    tools.choose(Tool.ERASER)
    assert not easel.view.masks.adds
    tools.choose_adds(True)
    assert (easel.view.masks.tool, easel.view.masks.adds) == (Tool.BRUSH, True)
    tools.toggle_adds()
    assert not easel.view.masks.adds


def test_enter_and_esc_belong_to_an_open_shape(easel: Easel) -> None:
    assert "finish-shape" in easel.view.disabled
    easel.masks.note_open_shape(True)
    assert "finish-shape" not in easel.view.disabled
    assert "undo" not in easel.view.disabled
    easel.masks.note_open_shape(False)
    assert "finish-shape" in easel.view.disabled


# -- what would lose a shape under way


def test_the_shape_under_way_is_kept_before_its_mask_or_run_is_left(easel: Easel) -> None:
    first = easel.add(columns=slice(0, 2))
    kept: list[tuple[int, int | None]] = []
    easel.masks.keep_shape = lambda: kept.append((shown_run_of_masks(easel), easel.document.active))
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
    request = ask.FindTruth(run=shown_run(easel).number)
    easel.jobs.requests.append(request)
    easel.answer(request, ask.TruthFound(run=request.run, masks=(synthetic.left_half(),)))


def _saved(easel: Easel) -> ask.SessionSaved:
    return ask.SessionSaved(
        path=Path("/data/one.memlens"),
        run=shown_run(easel).number,
        changes=easel.control.keeping.changes,
    )


def test_a_ground_truth_that_comes_late_is_taken_over_and_nothing_is_unsaved(easel: Easel) -> None:
    truth_found(easel)
    assert easel.names() == ["ground truth"]
    assert easel.view.masks.rows[0].active
    assert not easel.control.keeping.dirty
    assert "undo" in easel.view.disabled
    assert "*" not in easel.view.title


def test_beside_saved_masks_it_leaves_them_saved_and_active(easel: Easel) -> None:
    mine = easel.add()
    easel.control.keeping.saved(_saved(easel), shown_run(easel))
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
    (request,) = easel.asked(ask.SaveSession)
    again = Desk()
    again.control.open_session(request.path)
    opened = again.asked(ask.OpenSession)[-1]
    again.answer(
        opened, ask.SessionOpened(run=opened.run, path=opened.path, session=request.session)
    )
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
    opened = desk.asked(ask.OpenSession)[-1]
    session = replace(synthetic.session(), view=view)
    desk.answer(opened, ask.SessionOpened(run=opened.run, path=opened.path, session=session))
    shown = desk.view
    assert shown.masks.rows[0].active
    assert 0 <= shown.timeline.step < synthetic.STEPS
    assert shown.inspect.smoothing % 2 == 1


def test_what_waits_for_a_save_waits_for_one_that_leaves_nothing_unsaved(easel: Easel) -> None:
    keeping, called = easel.control.keeping, []
    easel.masks.add()
    keeping.when_saved(lambda: called.append(1))
    asked_at = _saved(easel)
    easel.masks.edit(Invert())
    keeping.saved(asked_at, shown_run(easel))
    assert keeping.dirty and not called
    keeping.saved(_saved(easel), shown_run(easel))
    assert not called
    easel.masks.edit(Invert())
    keeping.when_saved(lambda: called.append(2))
    keeping.save_failed()
    keeping.saved(_saved(easel), shown_run(easel))
    assert not called
    keeping.when_saved(lambda: called.append(3))
    keeping.saved(_saved(easel), shown_run(easel))
    assert called == [3]


def test_masks_drawn_while_a_run_was_sampled_are_kept_with_its_picture(easel: Easel) -> None:
    request = easel.run_toy(steps=3)
    easel.masks.add()
    keeping = easel.control.keeping
    made = synthetic.trajectory()
    easel.answer(request, ask.Sampled(run=request.run, trajectory=made))
    journal = keeping._runs[request.run].journal
    assert journal is not None
    keeping.close()
    content = read_journal(journal)
    assert [mask.name for _, mask in content.masks] == ["Mask 1"]
    assert content.base.picture is not None
    assert content.base.run["provenance"] == made.provenance.to_json()
