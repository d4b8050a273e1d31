"""Magic wand and superpixels by hand, on the picture of a run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from skimage.segmentation import flood

from tests.support.controller_state import state_of
from tests.support.hand import LEFT, at, click, drag, drawn, move
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

Key = Qt.Key


def picture_of(window: MainWindow) -> np.ndarray:
    run = state_of(window.inspection).results.run
    assert run is not None
    picture = run.final_picture()
    assert picture is not None
    return picture


def flooded(picture: np.ndarray, place: tuple[float, float], tolerance: float) -> np.ndarray:
    height, width = picture.shape[:2]
    row, column = int(place[1] * height), int(place[0] * width)
    differs = picture.astype(float) - picture[row, column]
    near = np.sqrt((differs**2).mean(axis=2)) <= tolerance
    found: np.ndarray = flood(near.astype(np.uint8), (row, column), connectivity=1)
    return found


def test_a_press_takes_what_is_like_it_and_dragging_changes_how_like(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    qtbot.keyClick(sampled, Key.Key_W)
    sampled.masks.section.tolerance.setValue(10)
    view, place = sampled.canvas.panels[0].picture, (0.503, 0.503)
    expected = flooded(picture_of(sampled), place, 10)
    click(view, place)
    assert np.array_equal(drawn(sampled), expected)
    sampled.actions_[ActionKey.UNDO].trigger()
    assert not drawn(sampled).any()
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, at(view, place))
    target = view.target()
    farther = (place[0] + 60 / target.width(), place[1])
    move(view, farther)
    assert sampled.inspection.view().masks.tolerance == 40
    found = sampled.inspection.view().canvas.panels[0].found
    assert found is not None
    expected = flooded(picture_of(sampled), place, 40)
    assert np.array_equal(found.pixels, expected)
    assert not drawn(sampled).any()
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, at(view, farther))
    assert np.array_equal(drawn(sampled), expected)
    assert sampled.inspection.view().canvas.panels[0].found is None


def test_esc_gives_a_touch_up(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    qtbot.keyClick(sampled, Key.Key_W)
    view = sampled.canvas.panels[0].picture
    point: QPoint = at(view, (0.4, 0.4))
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, point)
    qtbot.keyClick(sampled, Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert not drawn(sampled).any()
    assert sampled.inspection.view().canvas.panels[0].found is None


def test_the_tolerance_has_keys(sampled: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(sampled, Key.Key_W)
    before, radius = (
        sampled.inspection.view().masks.tolerance,
        sampled.inspection.view().masks.radius,
    )
    qtbot.keyClick(sampled, Key.Key_BracketRight)
    assert sampled.inspection.view().masks.tolerance == before + 2
    assert sampled.masks.section.tolerance.value() == round(before) + 2
    qtbot.keyClick(sampled, Key.Key_BracketLeft)
    assert sampled.inspection.view().masks.tolerance == before
    assert sampled.inspection.view().masks.radius == radius


def test_superpixels_are_clicked_into_the_mask_and_dragged_over(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    height, width = picture_of(sampled).shape[:2]
    sampled.inspection.masks.tools.choose_radius(width / 10)
    qtbot.keyClick(sampled, Key.Key_S)
    qtbot.waitUntil(
        lambda: sampled.inspection.view().canvas.panels[0].found is not None, timeout=LONG_MS
    )
    view = sampled.canvas.panels[0].picture
    click(view, (0.3, 0.3))
    one = drawn(sampled)
    assert one[int(0.3 * height), int(0.3 * width)] and 0 < one.mean() < 0.5
    click(view, (0.3, 0.3))
    assert np.array_equal(drawn(sampled), one)
    drag(view, *((0.02 + 0.04 * n, 0.6) for n in range(25)))
    assert drawn(sampled)[int(0.6 * height)].mean() > 0.9
    sampled.actions_[ActionKey.UNDO].trigger()
    assert np.array_equal(drawn(sampled), one)
    qtbot.keyClick(sampled, Key.Key_X)
    click(view, (0.3, 0.3))
    assert not drawn(sampled).any()
