"""Several masks selected together: each thing asked of them is one undo step."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.masks.combining import Combination
from memlens.masks.edits import Invert
from tests.support.mask_easel import Easel
from tests.support.synthetic import PICTURE
from ui.control.masks import selecting
from ui.jobs.combine_masks import CombineMasks


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def three(easel: Easel) -> list[int]:
    made = [easel.add(columns=slice(4 * n, 4 * n + 8), kind="drawn") for n in range(3)]
    easel.masks.selecting.select(made, made[0])
    return made


def selected(easel: Easel) -> list[bool]:
    return [row.selected for row in easel.view.masks.rows]


def test_the_active_mask_is_selected_and_takes_the_others_selection_along(
    easel: Easel, three: list[int]
) -> None:
    assert selected(easel) == [True, True, True]
    easel.masks.selecting.select(three[:2], three[1])
    assert selected(easel) == [True, True, False]
    assert easel.document.active == three[1]
    easel.masks.choose_active(three[2])
    assert selected(easel) == [False, False, True]
    easel.masks.selecting.select_all()
    assert selected(easel) == [True, True, True] and easel.document.active == three[2]


def test_kind_lock_copy_and_removal_of_all_are_one_step_each(
    easel: Easel, three: list[int]
) -> None:
    asking = easel.masks.selecting
    asking.choose_kind("annotator")
    assert {row.kind for row in easel.view.masks.rows} == {"annotator"}
    asking.toggle_lock()
    assert all(row.locked for row in easel.view.masks.rows)
    asking.toggle_lock()
    asking.duplicate()
    assert selected(easel) == [False, True] * 3
    asking.select(three, three[0])
    asking.remove()
    assert len(easel.view.masks.rows) == 3
    for rows, locked, kinds in (
        (6, False, {"annotator"}),
        (3, False, {"annotator"}),
        (3, True, {"annotator"}),
        (3, False, {"annotator"}),
        (3, False, {"drawn"}),
    ):
        easel.masks.undo()
        view = easel.view.masks.rows
        assert len(view) == rows
        assert {row.locked for row in view} == {locked}
        assert {row.kind for row in view} == kinds


def test_what_would_change_a_locked_mask_is_disabled_and_refused(
    easel: Easel, three: list[int]
) -> None:
    easel.masks.selecting.toggle_lock(three[1])
    for key in ("delete-mask", "kind-found"):
        assert "locked" in easel.view.disabled[key]
    assert "invert-mask" not in easel.view.disabled
    easel.masks.choose_active(three[1])
    assert "locked" in easel.view.disabled["invert-mask"]
    before = easel.pixels
    assert not easel.masks.edit(Invert())
    banner = easel.view.banner
    assert banner is not None and "“m1” is locked" in banner.sentence
    assert banner.way_on is not None and banner.way_on[0] == "lock-mask"
    assert np.array_equal(easel.pixels, before)


def test_a_stroke_on_a_locked_mask_is_refused_once(easel: Easel, three: list[int]) -> None:
    from memlens.masks.shapes import Stroke

    easel.masks.selecting.toggle_lock(three[0])
    easel.masks.choose_active(three[0])
    easel.masks.begin_stroke()
    easel.control.dismiss_banner()
    easel.masks.paint(Stroke(((20.0, 20.0),), 3), add=True)
    assert easel.view.banner is None
    easel.masks.end_stroke()
    assert not easel.pixels[20, 20]
    easel.masks.selecting.toggle_lock(three[0])
    easel.masks.begin_stroke()
    easel.masks.paint(Stroke(((20.0, 20.0),), 3), add=True)
    easel.masks.end_stroke()
    assert easel.pixels[20, 20]


@pytest.mark.parametrize("by_the_worker", [False, True])
@pytest.mark.parametrize(
    ("how", "columns", "name"),
    [
        (Combination.MERGE, slice(0, 16), "m1 ∪ m0 ∪ m2"),
        (Combination.INTERSECT, slice(8, 8), "m1 ∩ m0 ∩ m2"),
        (Combination.SUBTRACT, slice(8, 8), "m1 − m0 − m2"),
    ],
)
def test_selected_masks_are_combined_into_one_more(
    easel: Easel,
    three: list[int],
    monkeypatch: pytest.MonkeyPatch,
    how: Combination,
    columns: slice,
    name: str,
    by_the_worker: bool,
) -> None:
    if by_the_worker:
        monkeypatch.setattr(selecting, "LONG_MS", 0.0)
    easel.masks.selecting.select(three, three[1])
    easel.masks.selecting.combine(how)
    assert bool(easel.asked(CombineMasks)) is by_the_worker
    if by_the_worker:
        easel.work()
    row = easel.view.masks.rows[-1]
    assert (row.name, row.kind, row.active) == (name, "drawn", True)
    expected = np.zeros((PICTURE, PICTURE), bool)
    expected[:, columns] = True
    assert np.array_equal(easel.pixels, expected)
    assert len(easel.view.masks.rows) == 4
    easel.masks.undo()
    assert len(easel.view.masks.rows) == 3


def test_the_active_one_is_the_first_to_subtract_from(easel: Easel, three: list[int]) -> None:
    easel.masks.selecting.select((three[0], three[1]), three[1])
    easel.masks.selecting.combine(Combination.SUBTRACT)
    assert np.flatnonzero(easel.pixels.all(axis=0)).tolist() == [8, 9, 10, 11]


def test_combining_says_that_it_needs_two(easel: Easel, three: list[int]) -> None:
    easel.masks.selecting.select(three[1:2], three[1])
    assert "two masks" in easel.view.disabled["merge-masks"]
    easel.masks.selecting.combine(Combination.MERGE)
    assert easel.view.banner is not None and "two masks" in easel.view.banner.sentence
    assert len(easel.view.masks.rows) == 3


def test_solo_draws_the_active_mask_alone_and_tint_fills(easel: Easel, three: list[int]) -> None:
    panel = easel.view.canvas.panels[0]
    assert panel.mask is not None and panel.mask.tint == 0
    assert len(panel.other_masks) == 2
    easel.masks.show_mask(three[0], False)
    easel.masks.selecting.toggle_solo()
    panel = easel.view.canvas.panels[0]
    assert panel.mask is not None and panel.other_masks == ()
    easel.masks.selecting.toggle_solo()
    easel.masks.selecting.choose_tint(0.5)
    panel = easel.view.canvas.panels[0]
    assert panel.mask is None and {mask.tint for mask in panel.other_masks} == {0.5}
    easel.masks.selecting.toggle_tint()
    assert easel.view.masks.tint == 0
    easel.masks.selecting.toggle_shown()
    assert [row.visible for row in easel.view.masks.rows] == [False, False, False]
    easel.masks.selecting.toggle_shown()
    assert [row.visible for row in easel.view.masks.rows] == [True, True, True]
