from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.mask_easel import Easel
from tests.support.synthetic import PICTURE
from ui.jobs.find_mask import FindMask


@pytest.fixture
def easel() -> Easel:
    return Easel()


def picture(path: Path, changed: slice, *, side: int = PICTURE) -> Path:
    """Save the run's grey picture with some columns changed."""
    pixels = np.full((side, side, 3), 128, np.uint8)
    pixels[:, changed] = 250
    Image.fromarray(pixels).save(path)
    return path


def look_in_map(easel: Easel) -> None:
    easel.control.looks.choose_content(0, "score_diff")
    easel.control.looks.activate_panel(0)
    easel.masks.finding.from_map()


def test_a_map_above_a_threshold_is_seen_before_it_is_a_mask(easel: Easel) -> None:
    look_in_map(easel)
    assert not easel.finding.can_accept
    easel.work()
    preview = easel.masks.finding.preview
    assert preview is not None
    assert preview.pixels[:, : PICTURE // 2].mean() > 0.9
    assert easel.document.entries == ()
    assert all(panel.found is not None for panel in easel.view.canvas.panels)


def test_a_higher_threshold_finds_less(easel: Easel) -> None:
    look_in_map(easel)
    easel.work()
    before = easel.masks.finding.preview
    easel.masks.finding.choose_threshold(easel.finding.high - 0.1)
    easel.work()
    now = easel.masks.finding.preview
    assert before is not None and now is not None
    assert 0 < now.pixels.sum() < before.pixels.sum()


def test_only_large_regions_are_kept(easel: Easel) -> None:
    look_in_map(easel)
    easel.masks.finding.choose_threshold(easel.finding.high - 0.1)
    easel.work()
    every = easel.masks.finding.preview
    easel.masks.finding.choose_largest_only(True)
    easel.work()
    largest = easel.masks.finding.preview
    easel.masks.finding.choose_largest_only(False)
    easel.masks.finding.choose_minimum_area(PICTURE * PICTURE)
    easel.work()
    none = easel.masks.finding.preview
    assert every is not None and largest is not None and none is not None
    assert 0 < largest.pixels.sum() < every.pixels.sum()
    assert not none.pixels.any()


def test_accepting_is_one_undo_step(easel: Easel) -> None:
    look_in_map(easel)
    easel.work()
    easel.masks.finding.accept()
    row = easel.view.masks.rows[-1]
    assert (row.kind, row.active) == ("found", True)
    assert easel.pixels.any()
    easel.masks.undo()
    assert easel.document.entries == ()
    assert not easel.document.can_undo


def test_what_was_abandoned_leaves_nothing_and_comes_too_late(easel: Easel) -> None:
    look_in_map(easel)
    easel.masks.finding.abandon()
    easel.work()
    assert easel.masks.finding.preview is None
    assert easel.view.masks.finding is None
    assert not easel.document.can_undo


def test_a_result_for_an_older_threshold_is_not_shown(easel: Easel) -> None:
    look_in_map(easel)
    older = easel.asked(FindMask)[-1]
    easel.masks.finding.choose_threshold(easel.finding.high)
    easel.work(older)
    assert easel.masks.finding.preview is None


def test_equal_to_a_training_picture(easel: Easel, tmp_path: Path) -> None:
    easel.masks.finding.from_training_picture(picture(tmp_path / "t.png", slice(0, 12)))
    easel.work()
    easel.masks.finding.accept()
    assert easel.view.masks.rows[-1].kind == "found"
    assert not easel.pixels[:, :10].any()
    assert easel.pixels[4:-4, 16:-4].all()


def test_shared_by_a_pair(easel: Easel, tmp_path: Path) -> None:
    first = picture(tmp_path / "a.png", slice(0, 12))
    second = picture(tmp_path / "b.png", slice(20, 32))
    easel.masks.finding.from_pair(first)
    easel.work()
    with_run = easel.masks.finding.preview
    easel.masks.finding.from_pair(first, second)
    easel.work()
    of_both = easel.masks.finding.preview
    assert with_run is not None and of_both is not None
    assert with_run.pixels[4:-4, 14:30].all()
    assert not with_run.pixels[:, :10].any()
    assert of_both.pixels[4:-4, 14:18].all()
    assert not of_both.pixels[:, 22:].any()


def test_the_same_in_several_seeds_files_and_runs(easel: Easel, tmp_path: Path) -> None:
    paths = tuple(picture(tmp_path / f"{n}.png", slice(0, 4 * n)) for n in (1, 3))
    easel.masks.finding.from_seeds(paths)
    easel.work()
    preview = easel.masks.finding.preview
    assert preview is not None
    assert preview.pixels[:, 12:].all()
    assert not preview.pixels[:, :12].any()
    easel.control.set_seed(4)
    easel.run_toy()
    assert len(easel.masks.finding.seed_pictures()) == 2
    easel.masks.finding.from_seeds()
    easel.work()
    assert easel.masks.finding.preview is not None
    assert easel.masks.finding.preview.pixels.all()


def test_pictures_that_do_not_fit_are_said_in_the_section(easel: Easel, tmp_path: Path) -> None:
    easel.masks.finding.from_pair(picture(tmp_path / "a.png", slice(0, 4), side=48))
    easel.fail(easel.newest(), "The pictures differ in size.")
    assert easel.finding.found == "The pictures differ in size."
    assert not easel.finding.can_accept
