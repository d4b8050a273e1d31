"""Wand and superpixels: small pictures at once, large ones by the worker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from memlens.masks import preparing
from tests.support.mask_easel import Easel, shown_run
from tests.support.synthetic import PICTURE
from ui.jobs.cut_picture import CutPicture
from ui.jobs.shape_mask import ShapeMask
from ui.jobs.try_wand import TryWand
from ui.vocabulary.tool import Tool

HALF = PICTURE // 2


@pytest.fixture
def easel() -> Easel:
    """An easel whose picture is black on the left, grey on the right."""
    made = Easel()
    picture = np.zeros((PICTURE, PICTURE, 3), np.uint8)
    picture[:, HALF:] = 100
    run = shown_run(made)
    assert run.trajectory is not None
    run.trajectory = replace(run.trajectory, image=picture)
    made.masks.add()
    return made


def test_a_touch_is_shown_until_it_is_accepted(easel: Easel) -> None:
    wand = easel.masks.wand
    wand.choose_tolerance(10)
    wand.begin(HALF + 2.5, 3)
    found = easel.view.canvas.panels[0].found
    assert found is not None and found.pixels[:, HALF:].all() and not found.pixels[:, :HALF].any()
    assert not easel.pixels.any()
    wand.choose_tolerance(100)
    found = easel.view.canvas.panels[0].found
    assert found is not None and found.pixels.all()
    wand.choose_tolerance(99)
    wand.end()
    assert easel.pixels[:, HALF:].all() and not easel.pixels[:, :HALF].any()
    assert easel.view.canvas.panels[0].found is None
    assert easel.view.masks.undo_text == "Magic wand"
    easel.masks.undo()
    assert not easel.pixels.any()


def test_a_touch_that_is_abandoned_changes_nothing(easel: Easel) -> None:
    easel.masks.wand.begin(1, 1)
    easel.masks.wand.abandon()
    easel.masks.wand.end()
    assert not easel.pixels.any() and easel.view.canvas.panels[0].found is None


def test_it_takes_away_where_shapes_are_removed(easel: Easel) -> None:
    easel.masks.wand.choose_tolerance(255)
    easel.masks.wand.begin(1, 1)
    easel.masks.wand.end()
    assert easel.pixels.all()
    easel.masks.tools.choose_adds(False)
    easel.masks.wand.choose_tolerance(10)
    easel.masks.wand.begin(1, 1)
    easel.masks.wand.end()
    assert easel.pixels[:, HALF:].all() and not easel.pixels[:, :HALF].any()


def test_the_worker_finds_it_on_a_large_picture(
    easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "LONG_MS", 0.0)
    wand = easel.masks.wand
    wand.choose_tolerance(10)
    wand.begin(1, 1)
    assert easel.view.canvas.panels[0].found is None
    late = easel.asked(TryWand)[-1]
    wand.choose_tolerance(20)
    easel.work(late)
    assert easel.view.canvas.panels[0].found is None
    easel.work()
    found = easel.view.canvas.panels[0].found
    assert found is not None and found.pixels.sum() == HALF * PICTURE
    wand.end()
    assert len(easel.asked(ShapeMask)) == 1 and not easel.pixels.any()


def test_the_tolerance_is_kept_within_its_range_and_between_windows(easel: Easel) -> None:
    easel.masks.wand.choose_tolerance(1000)
    assert easel.view.masks.tolerance == 255
    easel.masks.wand.turn_tolerance(-5)
    assert easel.view.masks.tolerance == 245
    assert easel.control.settings.tolerance == 245


def test_the_picture_is_cut_while_the_tool_is_chosen_and_again_for_another_brush(
    easel: Easel,
) -> None:
    easel.masks.tools.choose_radius(4)
    assert not easel.asked(CutPicture)
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    (asked,) = easel.asked(CutPicture)
    assert asked.count == max(4, round(PICTURE**2 / (np.pi * 16)))
    assert easel.view.canvas.panels[0].found is None
    assert not easel.masks.cutting.begin()
    easel.work()
    grid = easel.view.canvas.panels[0].found
    assert grid is not None and grid.pixels[:, HALF - 1].all()
    assert len(easel.asked(CutPicture)) == 1
    easel.masks.tools.choose_radius(8)
    assert len(easel.asked(CutPicture)) == 2
    easel.work()
    easel.masks.tools.choose(Tool.BRUSH)
    assert easel.view.canvas.panels[0].found is None


def test_superpixels_are_added_one_by_one(easel: Easel) -> None:
    easel.masks.tools.choose_radius(4)
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    easel.work()
    assert easel.masks.cutting.begin()
    easel.masks.begin_stroke()
    for x in range(PICTURE):
        easel.masks.cutting.paint(x + 0.5, 2)
        assert easel.pixels[2, x]
    easel.masks.end_stroke()
    assert easel.pixels[2].all() and not easel.pixels.all()
    easel.masks.undo()
    assert not easel.pixels.any()


def test_a_cut_that_failed_is_asked_for_again_with_the_tool(easel: Easel) -> None:
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    easel.fail(easel.newest(), "Not enough memory.")
    assert len(easel.asked(CutPicture)) == 1
    assert not easel.masks.cutting.begin()
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    assert len(easel.asked(CutPicture)) == 2


def test_a_locked_mask_is_touched_by_neither(easel: Easel) -> None:
    easel.masks.selecting.toggle_lock()
    easel.masks.wand.begin(1, 1)
    assert easel.view.canvas.panels[0].found is None
    easel.masks.tools.choose(Tool.SUPERPIXELS)
    easel.work()
    assert not easel.masks.cutting.begin()
    assert easel.view.banner is not None and "locked" in easel.view.banner.sentence
