"""A shape that is under way is never lost: it stays open, or it is accepted where it was begun."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from memlens.files.sessions import load_session
from memlens.masks.journal import read_journal
from tests.support.drawn_masks import journal_written, save
from tests.support.hand import LEFT, at, click, drag, drawn, move
from tests.support.real_window import LONG_MS
from tests.support.widgets import open_dialog
from ui.canvas.picture_view import PictureView
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import Compare
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))


@pytest.fixture
def picture(sampled: MainWindow) -> PictureView:
    """The first panel's picture, with an empty mask."""
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.inspection.masks.tools.choose_radius(4)
    return sampled.canvas.panels[0].picture


@pytest.fixture
def half_drawn(sampled: MainWindow, picture: PictureView, qtbot: QtBot) -> PictureView:
    """Four corners of a polygon, not closed."""
    qtbot.keyClick(sampled, Key.Key_G)
    for place in SQUARE:
        click(picture, place)
    assert is_open(sampled)
    return picture


def is_open(window: MainWindow) -> bool:
    return window.inspection.view().masks.shape_open


def is_square(mask: np.ndarray) -> bool:
    side = mask.shape[0]
    inside = mask[int(0.25 * side) : int(0.75 * side), int(0.25 * side) : int(0.75 * side)]
    return bool(inside.all()) and abs(mask.mean() - 0.36) < 0.05


def active(window: MainWindow) -> int:
    document = window.inspection.masks.document
    assert document is not None and document.active is not None
    return document.active


def pixels_of(window: MainWindow, mask: int) -> np.ndarray:
    document = window.inspection.masks.document
    assert document is not None
    return document.pixels(mask).copy()


def test_another_step_panel_way_to_compare_or_layout_leaves_it_open(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_Home)
    qtbot.keyClick(sampled, Key.Key_3)
    sampled.inspection.steps.toggle_play()
    qtbot.wait(60)
    sampled.inspection.steps.toggle_play()
    sampled.inspection.looks.choose_compare(Compare.WIPE.value)
    qtbot.waitUntil(sampled.canvas.pair.isVisible)
    sampled.inspection.looks.choose_compare(Compare.SIDE_BY_SIDE.value)
    assert is_open(sampled) and not drawn(sampled).any()
    qtbot.keyClick(sampled, Key.Key_Return)
    assert is_square(drawn(sampled))


def test_panning_leaves_it_open_and_in_sight(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot
) -> None:
    half_drawn.zoom_by(2.0, half_drawn.target().center())
    qtbot.keyClick(sampled, Key.Key_H)
    assert sampled.inspection.view().masks.tool is Tool.PAN
    with_shape = half_drawn.grab().toImage()
    before = half_drawn.linked.centre
    drag(half_drawn, (0.5, 0.5), (0.55, 0.55))
    assert half_drawn.linked.centre != before
    assert is_open(sampled)
    qtbot.keyClick(sampled, Key.Key_G)
    qtbot.keyClick(sampled, Key.Key_H)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    qtbot.keyClick(sampled, Key.Key_Return)
    mask = drawn(sampled)
    assert 0.1 < mask.mean() < 0.25
    drag(half_drawn, (0.55, 0.55), (0.5, 0.5))
    assert half_drawn.grab().toImage() != with_shape


@pytest.mark.parametrize("key", [Key.Key_B, Key.Key_E, Key.Key_R, Key.Key_Q, Key.Key_F])
def test_another_tool_accepts_it_as_one_undo_step(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot, key: Qt.Key
) -> None:
    qtbot.keyClick(sampled, key)
    assert is_square(drawn(sampled))
    assert not is_open(sampled)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert not drawn(sampled).any()


def test_two_corners_wait_until_the_tool_comes_back(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_G)
    click(picture, (0.2, 0.2))
    click(picture, (0.8, 0.2))
    qtbot.keyClick(sampled, Key.Key_B)
    assert not is_open(sampled)
    qtbot.keyClick(sampled, Key.Key_G)
    assert is_open(sampled)
    click(picture, (0.8, 0.8))
    qtbot.keyClick(sampled, Key.Key_Return)
    assert drawn(sampled).mean() == pytest.approx(0.18, abs=0.03)


def test_another_active_mask_leaves_it_on_the_one_it_was_begun_on(
    sampled: MainWindow, half_drawn: PictureView
) -> None:
    begun_on = active(sampled)
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    assert active(sampled) != begun_on
    assert is_square(pixels_of(sampled, begun_on))
    assert not drawn(sampled).any()
    for place in SQUARE[:3]:
        click(half_drawn, place)
    second = active(sampled)
    sampled.inspection.masks.choose_active(begun_on)
    assert pixels_of(sampled, second).mean() == pytest.approx(0.18, abs=0.03)


def test_deleting_its_mask_and_undoing_that_brings_it_back(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot
) -> None:
    sampled.actions_[ActionKey.DELETE_MASK].trigger()
    assert sampled.inspection.view().masks.rows == ()
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert is_square(drawn(sampled))


def test_another_run_leaves_it_on_the_run_it_was_begun_on(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot
) -> None:
    first = sampled.inspection.view().runs.shown
    sampled.inspection.set_seed(7)
    sampled.inspection.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.inspection.view().runs.shown != first
    assert not is_open(sampled)
    assert sampled.inspection.view().masks.rows == ()
    sampled.inspection.runs.choose_run(first)
    assert is_square(drawn(sampled))
    assert sampled.inspection.keeping.dirty


def test_a_stroke_that_another_run_interrupts_is_one_undo_step_of_its_own_run(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    first = sampled.inspection.view().runs.shown
    sampled.inspection.set_seed(7)
    sampled.inspection.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    second = sampled.inspection.view().runs.shown
    sampled.inspection.runs.choose_run(first)
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mousePress(picture, LEFT, pos=at(picture, (0.2, 0.5)))
    move(picture, (0.5, 0.5))
    sampled.inspection.runs.choose_run(second)
    move(picture, (0.8, 0.5))
    QTest.mouseRelease(picture, LEFT, pos=at(picture, (0.8, 0.5)))
    assert sampled.inspection.view().masks.rows == ()
    sampled.inspection.runs.choose_run(first)
    assert not sampled.inspection.masks.document.in_stroke  # type: ignore[union-attr]
    assert drawn(sampled).any()
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert not drawn(sampled).any()


def test_saving_takes_it_in_and_undo_gives_its_corners_back(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "one.memlens"
    save(sampled, qtbot, path)
    assert is_square(load_session(path).masks[-1].pixels)
    assert not sampled.inspection.keeping.dirty
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert is_open(sampled) and not drawn(sampled).any()
    drag(half_drawn, (0.8, 0.8), (0.5, 0.5))
    qtbot.keyClick(sampled, Key.Key_Return)
    side = drawn(sampled).shape[0]
    assert not drawn(sampled)[int(0.7 * side), int(0.7 * side)]
    assert drawn(sampled)[int(0.4 * side), int(0.4 * side)]
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert not is_open(sampled) and not drawn(sampled).any()


def test_saving_does_not_end_a_stroke_under_the_hand(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mousePress(picture, LEFT, pos=at(picture, (0.2, 0.5)))
    move(picture, (0.4, 0.5))
    save(sampled, qtbot, tmp_path / "one.memlens")
    move(picture, (0.8, 0.5))
    QTest.mouseRelease(picture, LEFT, pos=at(picture, (0.8, 0.5)))
    side = drawn(sampled).shape[0]
    assert drawn(sampled)[side // 2, int(0.7 * side)]
    assert sampled.inspection.keeping.dirty


def test_closing_takes_it_in_and_asks_whether_to_save(
    sampled: MainWindow, half_drawn: PictureView, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "one.memlens"
    qtbot.keyClick(sampled, Key.Key_Escape)
    save(sampled, qtbot, path)
    for place in SQUARE:
        click(half_drawn, place)
    assert not sampled.close()
    box = open_dialog(sampled, QMessageBox)
    box.button(QMessageBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: not sampled.isVisible(), timeout=LONG_MS)
    assert is_square(load_session(path).masks[-1].pixels)


@pytest.mark.parametrize(
    ("key", "places"),
    [
        (Key.Key_R, ((0.2, 0.2), (0.8, 0.8))),
        (Key.Key_Q, SQUARE),
    ],
)
def test_a_key_pressed_during_a_drag_accepts_what_was_dragged(
    sampled: MainWindow,
    picture: PictureView,
    qtbot: QtBot,
    key: Qt.Key,
    places: tuple[tuple[float, float], ...],
) -> None:
    qtbot.keyClick(sampled, key)
    QTest.mousePress(picture, LEFT, pos=at(picture, places[0]))
    for place in places[1:]:
        move(picture, place)
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mouseRelease(picture, LEFT, pos=at(picture, places[-1]))
    assert is_square(drawn(sampled))
    assert not is_open(sampled)


def test_a_stroke_under_the_hand_is_in_the_journal_move_by_move(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot, tmp_path: Path
) -> None:
    save(sampled, qtbot, tmp_path / "mine.memlens")
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mousePress(picture, LEFT, pos=at(picture, (0.1, 0.5)))
    areas = []
    for place in range(2, 50):
        move(picture, (0.1 + place / 80, 0.3 + place % 5 / 10))
        journal_written(sampled)
        shown = sampled.inspection.keeping._shown
        assert shown is not None and shown.journal is not None
        (_, kept), *_ = reversed(read_journal(shown.journal).masks)
        assert (kept.pixels == drawn(sampled)).all()
        areas.append(int(kept.pixels.sum()))
    assert areas == sorted(areas)
    assert areas[-1] > areas[0]
    QTest.mouseRelease(picture, LEFT, pos=at(picture, (0.7, 0.5)))
