"""What a person asks of the masks, with a window that only notes what it is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memlens.masks.edits import (
    ChooseKind,
    Clear,
    DropSmall,
    Grow,
    Invert,
    LargestRegion,
    PixelEdit,
    Shrink,
    Smooth,
)
from memlens.masks.shapes import Rectangle, Stroke
from tests.support import synthetic
from tests.support.controller_state import state_of
from tests.support.mask_easel import Easel, saved
from tests.support.recording import Desk
from ui.control.masks.tool_choice import LEAST_RADIUS
from ui.vocabulary.tool import Tool


@pytest.fixture
def easel() -> Easel:
    return Easel()


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
    easel.canvases.clear()
    easel.masks.begin_stroke()
    for x in range(4, 20, 4):
        easel.masks.paint(Stroke(((x, 9.5), (x + 4, 9.5)), 1.0), add=True)
    assert len(easel.canvases) == 4
    # The section follows at the end; the panels at once.
    assert easel.views == []
    revisions = [canvas.panels[0].mask.revision for canvas in easel.canvases]  # type: ignore[union-attr]
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
    masks.import_file(Path("mask.npy"))
    assert desk.view.banner is not None and desk.view.banner.severity == "notice"
    assert "Run a prompt first" in desk.view.banner.sentence


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
    easel.control.keeping.saved(saved(easel))
    assert not easel.masks.edit(Clear())
    assert not easel.control.keeping.dirty
    assert easel.view.masks.undo_text == "Add mask"


# -- the list


def test_masks_are_added_renamed_retyped_copied_and_removed(easel: Easel) -> None:
    first = easel.add(rows=slice(0, 4))
    easel.masks.rename(first, "  mine ")
    easel.masks.edit(ChooseKind(first, "found"))
    easel.masks.duplicate()
    row = easel.view.masks.rows[1]
    assert (row.name, row.kind, row.active) == ("mine 2", "found", True)
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
    assert easel.view.masks.rows[0].kind == "found"


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


def pinned(easel: Easel) -> list[bool]:
    return [row.pinned for row in easel.view.masks.rows]


def test_the_mask_that_maps_are_compared_with_is_pinned_whichever_is_drawn(easel: Easel) -> None:
    first, second = easel.add(), easel.add()
    assert easel.document.active == second
    assert pinned(easel) == [True, False]
    easel.masks.add()
    assert pinned(easel) == [True, False, False]
    easel.masks.pin(second)
    assert pinned(easel) == [False, True, False]
    easel.masks.choose_active(first)
    assert pinned(easel) == [False, True, False]
    assert "pin-mask" not in easel.view.disabled
    easel.masks.pin()
    assert pinned(easel) == [True, False, False]
    assert "already" in easel.view.disabled["pin-mask"]


def test_another_mask_stands_in_for_a_removed_one_until_it_is_back(easel: Easel) -> None:
    _, second = easel.add(), easel.add()
    easel.masks.pin(second)
    easel.masks.remove(second)
    assert pinned(easel) == [True]
    easel.masks.undo()
    assert pinned(easel) == [False, True]


def test_another_mask_being_drawn_measures_nothing_anew(easel: Easel) -> None:
    easel.add(rows=slice(0, 4))
    easel.masks.settle()
    compared_with = state_of(easel.control).results.mask
    assert compared_with is not None
    easel.masks.add()
    easel.masks.settle()
    easel.masks.paint(Rectangle(0, 0, 3, 3), add=True)
    easel.masks.settle()
    assert state_of(easel.control).results.mask is compared_with
    easel.masks.choose_active(easel.document.entries[0].id)
    easel.masks.paint(Rectangle(0, 0, 16, 16), add=True)
    easel.masks.settle()
    assert state_of(easel.control).results.mask is not compared_with


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


def test_what_stands_in_for_a_removed_mask_stays_when_others_come(easel: Easel) -> None:
    first, second = easel.add(), easel.add()
    easel.masks.remove(first)
    easel.masks.edit(ChooseKind(second, "found"))
    easel.masks.add()
    assert pinned(easel) == [True, False]
    easel.masks.undo()
    easel.masks.undo()
    easel.masks.undo()
    assert pinned(easel) == [True, False]
    assert easel.document.entries[0].id == first
