from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.hand import LEFT, at, click, drag, drawn, move
from tests.support.real_window import LONG_MS
from ui.canvas.picture_view import PictureView
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import Compare
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def picture(sampled: MainWindow) -> PictureView:
    """The first panel's picture, with an empty mask to draw on."""
    sampled.canvas.setFocus()
    QTest.keyClick(sampled, Key.Key_N, CONTROL | SHIFT)
    sampled.inspection.masks.tools.choose_radius(4)
    return sampled.canvas.panels[0].picture


def share_inside(mask: np.ndarray, rows: slice, columns: slice) -> float:
    return float(mask[rows, columns].mean())


def test_the_brush_paints_where_the_hand_goes_and_the_eraser_takes_it_away(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    side = sampled.inspection.masks.size[0]  # type: ignore[index]
    qtbot.keyClick(sampled, Key.Key_B)
    drag(picture, (0.2, 0.5), (0.5, 0.5), (0.8, 0.5))
    painted = drawn(sampled)
    assert painted[side // 2, int(0.25 * side) : int(0.75 * side)].all()
    assert not painted[: side // 2 - 6].any()
    qtbot.keyClick(sampled, Key.Key_E)
    drag(picture, (0.5, 0.5), (0.9, 0.5))
    erased = drawn(sampled)
    assert not erased[:, int(0.55 * side) :].any()
    assert erased[side // 2, int(0.25 * side) : int(0.4 * side)].all()


def test_shift_draws_straight_from_the_last_point(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_B)
    click(picture, (0.2, 0.2))
    click(picture, (0.8, 0.8), SHIFT)
    mask = drawn(sampled)
    side = mask.shape[0]
    middle = side // 2
    assert mask[middle, middle]
    assert not mask[int(0.2 * side), int(0.8 * side)]


def test_rectangle_and_ellipse_obey_shift_and_alt(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_R)
    drag(picture, (0.25, 0.25), (0.5, 0.75))
    side = drawn(sampled).shape[0]
    assert drawn(sampled).mean() == pytest.approx(0.125, abs=0.03)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    drag(picture, (0.25, 0.25), (0.5, 0.4), modifiers=SHIFT)
    rows, columns = np.nonzero(drawn(sampled))
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=1)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    qtbot.keyClick(sampled, Key.Key_O)
    drag(picture, (0.5, 0.5), (0.75, 0.75), modifiers=ALT)
    mask = drawn(sampled)
    rows, columns = np.nonzero(mask)
    assert rows.mean() == pytest.approx(side / 2 - 0.5, abs=1)
    assert mask.mean() == pytest.approx(np.pi / 16, abs=0.03)
    assert not mask[rows.min(), columns.min()]


def test_a_polygon_can_be_changed_until_it_is_accepted(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_G)
    for place in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.5)):
        click(picture, place)
    assert sampled.inspection.view().masks.shape_open
    drag(picture, (0.8, 0.5), (0.8, 0.8))
    click(picture, (0.5, 0.8))
    qtbot.keyClick(sampled, Key.Key_Backspace)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    click(picture, (0.8, 0.8))
    QTest.mouseDClick(picture, LEFT, pos=at(picture, (0.2, 0.8)))
    click(picture, (0.2, 0.8))
    drag(picture, (0.2, 0.5), (0.1, 0.5))
    assert not drawn(sampled).any()
    qtbot.keyClick(sampled, Key.Key_Return)
    mask = drawn(sampled)
    side = mask.shape[0]
    assert mask[side // 2, side // 2]
    assert not sampled.inspection.view().masks.shape_open
    assert sampled.inspection.view().masks.undo_text == "Polygon"


def test_esc_abandons_a_shape_and_only_then_cancels(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_G)
    click(picture, (0.2, 0.2))
    sampled.inspection.set_seed(9)
    sampled.inspection.set_steps(100)
    sampled.inspection.run()
    qtbot.waitUntil(
        lambda: ActionKey.CANCEL not in sampled.inspection.view().disabled, timeout=LONG_MS
    )
    qtbot.keyClick(sampled, Key.Key_Escape)
    assert not sampled.inspection.view().masks.shape_open
    assert ActionKey.CANCEL not in sampled.inspection.view().disabled
    qtbot.keyClick(sampled, Key.Key_Escape)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert ActionKey.CANCEL in sampled.inspection.view().disabled


def test_esc_takes_a_stroke_back_that_is_under_way(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mousePress(picture, LEFT, pos=at(picture, (0.2, 0.2)))
    move(picture, (0.6, 0.6))
    assert drawn(sampled).any()
    qtbot.keyClick(sampled, Key.Key_Escape)
    assert not drawn(sampled).any()
    move(picture, (0.7, 0.7))
    QTest.mouseRelease(picture, LEFT, pos=at(picture, (0.7, 0.7)))
    assert not drawn(sampled).any()


def test_lasso_and_fill(sampled: MainWindow, picture: PictureView, qtbot: QtBot) -> None:
    qtbot.keyClick(sampled, Key.Key_Q)
    drag(picture, (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    inside = drawn(sampled)
    assert inside.mean() == pytest.approx(0.36, abs=0.05)
    qtbot.keyClick(sampled, Key.Key_F)
    click(picture, (0.05, 0.05))
    assert drawn(sampled).all()
    qtbot.keyClick(sampled, Key.Key_X)
    click(picture, (0.05, 0.05))
    assert not drawn(sampled).any()


def test_undo_and_redo_by_keys_menu_and_toolbar_over_changes_of_step_and_panel(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_R)
    drag(picture, (0.1, 0.1), (0.4, 0.4))
    first = drawn(sampled)
    qtbot.keyClick(sampled, Key.Key_I, CONTROL)
    second = drawn(sampled)
    assert np.array_equal(second, ~first)
    qtbot.keyClick(sampled, Key.Key_Home)
    qtbot.keyClick(sampled, Key.Key_3)
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert np.array_equal(drawn(sampled), first)
    sampled.actions_[ActionKey.UNDO].trigger()
    assert not drawn(sampled).any()
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL | SHIFT)
    sampled.actions_[ActionKey.REDO].trigger()
    assert np.array_equal(drawn(sampled), second)
    assert not sampled.actions_[ActionKey.REDO].isEnabled()


def test_other_buttons_and_ctrl_pan_and_the_wheel_sizes_with_alt(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_B)
    picture.zoom_by(4.0, picture.target().center())
    before = picture.linked.centre
    drag(picture, (0.5, 0.5), (0.55, 0.55), button=Qt.MouseButton.RightButton)
    panned = picture.linked.centre
    assert panned != before
    drag(picture, (0.5, 0.5), (0.45, 0.45), modifiers=CONTROL)
    assert picture.linked.centre != panned
    assert not drawn(sampled).any()
    radius = sampled.inspection.masks.radius
    qtbot.keyClick(sampled, "]")
    assert sampled.inspection.masks.radius > radius
    qtbot.keyClick(sampled, "[")
    qtbot.keyClick(sampled, "[")
    assert sampled.inspection.masks.radius < radius
    sampled.canvas.brush_size_turned.emit(4.0)
    assert sampled.inspection.masks.radius > radius
    qtbot.keyClick(sampled, Key.Key_H)
    assert sampled.inspection.view().masks.tool is Tool.PAN


@pytest.mark.parametrize("compare", [Compare.WIPE, Compare.DIFFERENCE, Compare.BLINK])
def test_drawing_works_in_every_way_to_compare(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot, compare: Compare
) -> None:
    sampled.inspection.looks.choose_compare(compare.value)
    qtbot.waitUntil(sampled.canvas.pair.isVisible)
    qtbot.keyClick(sampled, Key.Key_B)
    drag(sampled.canvas.pair.picture, (0.3, 0.2), (0.7, 0.2))
    assert drawn(sampled).any()


def test_drawing_goes_on_while_a_run_is_sampled_and_the_timeline_plays(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    sampled.inspection.steps.toggle_play()
    qtbot.keyClick(sampled, Key.Key_B)
    QTest.mousePress(picture, LEFT, pos=at(picture, (0.1, 0.5)))
    for place in range(2, 9):
        move(picture, (place / 10, 0.5))
        qtbot.wait(30)
    QTest.mouseRelease(picture, LEFT, pos=at(picture, (0.8, 0.5)))
    assert sampled.inspection.view().timeline.playing
    sampled.inspection.steps.toggle_play()
    side = drawn(sampled).shape[0]
    assert drawn(sampled)[side // 2, int(0.15 * side) : int(0.75 * side)].all()
    sampled.inspection.set_seed(5)
    sampled.inspection.set_steps(100)
    before = sampled.inspection.view().runs.shown
    sampled.inspection.run()
    run = sampled.inspection.runs
    qtbot.waitUntil(
        lambda: (
            sampled.inspection.view().runs.shown != before
            and sampled.inspection.masks.size is not None
        ),
        timeout=LONG_MS,
    )
    assert ActionKey.CANCEL not in sampled.inspection.view().disabled
    drag(picture, (0.2, 0.2), (0.6, 0.2))
    assert drawn(sampled).any()
    assert sampled.inspection.view().masks.rows[0].name == "Mask 1"
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert drawn(sampled).any()
    run.previous_run()
    assert drawn(sampled)[side // 2, side // 2]


def test_agreement_is_measured_anew_when_the_hand_rests(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    def row() -> tuple[float, str]:
        view = sampled.inspection.view().inspect
        return view.rows[0].iou, view.mask_name

    qtbot.keyClick(sampled, Key.Key_R)
    drag(picture, (0.0, 0.0), (0.5, 1.0))
    qtbot.waitUntil(lambda: row()[0] > 0, timeout=LONG_MS)
    before = row()[0]
    assert row()[1].startswith("Mask")
    drag(picture, (0.6, 0.6), (0.9, 0.9))
    qtbot.waitUntil(lambda: row()[0] not in (before, 0.0), timeout=LONG_MS)


def test_the_outline_follows_the_brush_in_every_panel(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_B)
    before = [panel.picture.grab().toImage() for panel in sampled.canvas.panels[:4]]
    drag(picture, (0.3, 0.3), (0.6, 0.3))
    for panel, old in zip(sampled.canvas.panels[:4], before, strict=True):
        assert panel.picture.grab().toImage() != old


def test_another_tool_accepts_a_closed_polygon(
    sampled: MainWindow, picture: PictureView, qtbot: QtBot
) -> None:
    qtbot.keyClick(sampled, Key.Key_G)
    for place in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)):
        click(picture, place)
    qtbot.keyClick(sampled, Key.Key_B)
    assert drawn(sampled).mean() == pytest.approx(0.36, abs=0.05)
    assert not sampled.inspection.view().masks.shape_open
    assert sampled.inspection.view().masks.tool is Tool.BRUSH
    assert "Polygon" in sampled.actions_[ActionKey.UNDO].text()
    sampled.actions_[ActionKey.UNDO].trigger()
    assert "Polygon" in sampled.actions_[ActionKey.REDO].text()
    assert sampled.actions_[ActionKey.UNDO].iconText() == "Undo"
