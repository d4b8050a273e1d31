from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.support.hand import drag, drawn
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


@pytest.fixture
def looking(sampled: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that looks for the first map's high values."""
    place = next(
        n
        for n, panel in enumerate(sampled.inspection.view().canvas.panels)
        if panel.values is not None
    )
    sampled.inspection.looks.activate_panel(place)
    qtbot.keyClick(sampled, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    wait_for_preview(sampled, qtbot)
    return sampled


def wait_for_preview(window: MainWindow, qtbot: QtBot) -> None:
    box = window.masks.section.finding
    qtbot.waitUntil(lambda: window.idle and box.accept_button.isEnabled(), timeout=LONG_MS)


def previewed(window: MainWindow) -> int:
    preview = window.inspection.masks.finding.preview
    assert preview is not None
    return int(preview.pixels.sum())


def test_the_preview_follows_the_controls_and_is_accepted_as_one_step(
    looking: MainWindow, qtbot: QtBot
) -> None:
    box = looking.masks.section.finding
    entries = looking.inspection.masks.document.entries  # type: ignore[union-attr]
    at_first = previewed(looking)
    box.threshold.setValue(box.threshold.value() + 150)
    wait_for_preview(looking, qtbot)
    fewer = previewed(looking)
    assert 0 < fewer < at_first
    box.largest.click()
    wait_for_preview(looking, qtbot)
    assert 0 < previewed(looking) <= fewer
    found = previewed(looking)
    box.accept_button.click()
    assert drawn(looking).sum() == found
    assert not box.isVisible()
    qtbot.keyClick(looking, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert looking.inspection.masks.document.entries == entries  # type: ignore[union-attr]


def test_abandoning_leaves_the_masks_as_they_were(looking: MainWindow) -> None:
    looking.masks.section.finding.abandon_button.click()
    assert looking.inspection.view().masks.rows == ()
    assert not looking.actions_[ActionKey.UNDO].isEnabled()
    assert all(panel.found is None for panel in looking.inspection.view().canvas.panels)


def test_several_seeds_are_the_windows_runs(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.set_seed(77)
    sampled.inspection.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.actions_[ActionKey.FIND_IN_SEEDS].trigger()
    wait_for_preview(sampled, qtbot)
    box = sampled.masks.section.finding
    assert "2 pictures" in box.title.text()
    pictures = sampled.inspection.masks.finding.seed_pictures()
    one, other = (picture.astype(int) for picture in pictures)
    alike = (np.abs(one - other).max(axis=2) <= 1).mean()
    box.threshold.setValue(box.threshold.maximum())
    wait_for_preview(sampled, qtbot)
    found = previewed(sampled)
    assert found > alike * one.shape[0] * one.shape[1]
    box.accept_button.click()
    (row,) = sampled.inspection.view().masks.rows
    assert (row.kind, row.active) == ("found", True)
    before = drawn(sampled)
    assert before.sum() == found
    # It is a mask as any other: the hand goes on with it, and both steps are undone.
    sampled.canvas.setFocus()
    qtbot.keyClick(sampled, Qt.Key.Key_E)
    sampled.inspection.masks.tools.choose_radius(6)
    row_of, column_of = (int(axis.mean()) for axis in np.nonzero(before))
    side = before.shape[0]
    place = ((column_of + 0.5) / side, (row_of + 0.5) / side)
    drag(sampled.canvas.panels[0].picture, place, (place[0] + 0.05, place[1]))
    assert 0 < drawn(sampled).sum() < found
    qtbot.keyClick(sampled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(drawn(sampled), before)
    qtbot.keyClick(sampled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sampled.inspection.view().masks.rows == ()


# -- pictures: each search is previewed, adjusted and accepted


def picture_of(window: MainWindow) -> np.ndarray:
    picture = window.inspection.view().canvas.panels[0].picture
    assert picture is not None
    return picture.copy()


def asked_for(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """Let the file dialogs be answered with these."""
    several = [str(path) for path in paths]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a: (several, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (several[0], ""))


def adjusted_and_accepted(window: MainWindow, qtbot: QtBot, within: slice) -> None:
    """Check that the left half is found, that the controls change the preview; accept it."""
    box = window.masks.section.finding
    wait_for_preview(window, qtbot)
    preview = window.inspection.masks.finding.preview
    assert preview is not None
    # A mask that is looked for is outlined in every panel, and belongs to no document yet.
    assert all(panel.found is not None for panel in window.inspection.view().canvas.panels)
    assert window.inspection.view().masks.rows == ()
    side = preview.pixels.shape[1]
    assert preview.pixels[4:-4, within][:, 4:-4].all()
    assert not preview.pixels[:, side // 2 + 4 :].any()
    box.threshold.setValue(0)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    fewer = previewed(window)
    box.threshold.setValue(box.threshold.maximum())
    qtbot.waitUntil(lambda: window.idle and previewed(window) > fewer, timeout=LONG_MS)
    box.threshold.setValue(200)
    box.area.setValue(40)
    wait_for_preview(window, qtbot)
    found = previewed(window)
    box.accept_button.click()
    (row,) = window.inspection.view().masks.rows
    assert (row.kind, row.active) == ("found", True)
    assert drawn(window).sum() == found > 0
    assert not box.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.inspection.view().masks.rows == ()


def rendering(path: Path, picture: np.ndarray) -> Path:
    """Save a picture whose left half is that of another one, the right half its negative."""
    half = picture.shape[1] // 2
    picture[:, half:] = 255 - picture[:, half:]
    clear = np.abs(picture[:, half:].astype(int) * 2 - 255) < 60
    picture[:, half:][clear] = 255
    Image.fromarray(picture).save(path)
    return path


def test_where_the_picture_repeats_a_training_picture(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for(monkeypatch, rendering(tmp_path / "train.png", picture_of(sampled)))
    sampled.actions_[ActionKey.FIND_IN_TRAINING].trigger()
    adjusted_and_accepted(sampled, qtbot, slice(0, 32))


@pytest.mark.parametrize("both_from_files", [False, True])
def test_what_two_renderings_share(
    sampled: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    both_from_files: bool,
) -> None:
    paths = [rendering(tmp_path / "b.png", picture_of(sampled))]
    if both_from_files:
        Image.fromarray(picture_of(sampled)).save(tmp_path / "a.png")
        paths.insert(0, tmp_path / "a.png")
    asked_for(monkeypatch, *paths)
    sampled.actions_[ActionKey.FIND_IN_PAIR].trigger()
    adjusted_and_accepted(sampled, qtbot, slice(0, 32))


def test_what_hardly_varies_between_pictures_of_several_seeds(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [
        rendering(tmp_path / f"{name}.png", picture_of(sampled)) for name in ("two", "three <b>")
    ]
    asked_for(monkeypatch, *paths)
    sampled.actions_[ActionKey.FIND_IN_SEEDS].trigger()
    adjusted_and_accepted(sampled, qtbot, slice(0, 32))


def test_files_that_are_no_pictures_or_of_another_size_are_said_in_the_box(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notes.png"
    path.write_text("no picture")
    asked_for(monkeypatch, path)
    sampled.actions_[ActionKey.FIND_IN_PAIR].trigger()
    box = sampled.masks.section.finding
    qtbot.waitUntil(lambda: sampled.idle and "notes.png" in box.found.text(), timeout=LONG_MS)
    assert not box.accept_button.isEnabled()
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(path)
    sampled.actions_[ActionKey.FIND_IN_PAIR].trigger()
    qtbot.waitUntil(lambda: sampled.idle and "9×9" in box.found.text(), timeout=LONG_MS)
    assert not box.accept_button.isEnabled()
    box.abandon_button.click()
    assert sampled.inspection.view().masks.rows == ()


def test_a_mask_found_in_files_of_very_long_names_has_a_name_that_fits(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{letter * 220}.png" for letter in "ab"]
    for path in paths:
        Image.fromarray(picture_of(sampled)).save(path)
    asked_for(monkeypatch, *paths)
    sampled.actions_[ActionKey.FIND_IN_PAIR].trigger()
    wait_for_preview(sampled, qtbot)
    sampled.masks.section.finding.accept_button.click()
    assert sampled.inspection.view().banner is None
    assert len(sampled.inspection.view().masks.rows[0].name) == 200
