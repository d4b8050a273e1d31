"""The list of masks and what is done to a whole mask, by the section, the menus and the keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from memlens.masks.named_mask import NamedMask
from tests.support.hand import click, drag, drawn
from tests.support.real_window import LONG_MS
from tests.support.widgets import cell
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def rows(window: MainWindow) -> list[tuple[str, str]]:
    """Return (name, kind) as the list on the screen shows them."""
    shown = window.masks.section.list
    return [
        (cell(shown, row, 0).text(), cell(shown, row, 1).text()) for row in range(shown.rowCount())
    ]


def active_row(window: MainWindow) -> int:
    return window.masks.section.list.currentRow()


def put(window: MainWindow, name: str, *boxes: tuple[slice, slice]) -> None:
    """Add a mask that is set in boxes, and make it the active one."""
    pixels = np.zeros(window.inspection.masks.size or (0, 0), bool)
    for box in boxes:
        pixels[box] = True
    window.inspection.masks.add_mask(NamedMask(name=name, kind="ground truth", pixels=pixels))


def undo(window: MainWindow, qtbot: QtBot, times: int = 1) -> None:
    for _ in range(times):
        qtbot.keyClick(window, Key.Key_Z, CONTROL)


def test_the_list_is_edited_in_place_and_every_step_can_be_undone(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    section = sampled.masks.section
    qtbot.keyClick(sampled, Key.Key_N, CONTROL | SHIFT)
    assert rows(sampled) == [("Mask 1", "drawn")]
    cell(section.list, 0, 0).setText("the border")
    place = section.kind.findData("found")
    section.kind.setCurrentIndex(place)
    section.kind.activated.emit(place)
    assert rows(sampled) == [("the border", "found")]
    sampled.actions_[ActionKey.INVERT_MASK].trigger()
    sampled.actions_[ActionKey.DUPLICATE_MASK].trigger()
    assert rows(sampled) == [("the border", "found"), ("the border 2", "found")]
    assert active_row(sampled) == 1 and drawn(sampled).all()
    section.list.setCurrentCell(0, 0)
    sampled.actions_[ActionKey.CLEAR_MASK].trigger()
    sampled.actions_[ActionKey.DELETE_MASK].trigger()
    assert rows(sampled) == [("the border 2", "found")]
    assert drawn(sampled).all()
    undo(sampled, qtbot)
    assert [name for name, _ in rows(sampled)] == ["the border", "the border 2"]
    undo(sampled, qtbot, 2)
    assert rows(sampled) == [("the border", "found")]
    assert drawn(sampled).all()
    undo(sampled, qtbot, 3)
    assert rows(sampled) == [("Mask 1", "drawn")]
    undo(sampled, qtbot)
    assert rows(sampled) == []
    assert not sampled.actions_[ActionKey.UNDO].isEnabled()
    for _ in range(7):
        qtbot.keyClick(sampled, Key.Key_Z, CONTROL | SHIFT)
    assert rows(sampled) == [("the border 2", "found")]
    assert not sampled.actions_[ActionKey.REDO].isEnabled()


def test_a_name_that_is_none_leaves_the_old_one(sampled: MainWindow) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    shown = sampled.masks.section.list
    cell(shown, 0, 0).setText("  ")
    assert rows(sampled)[0][0] == "Mask 1"
    cell(shown, 0, 0).setText("x" * 300)
    assert sampled.inspection.view().masks.rows[0].name == "Mask 1"
    assert sampled.inspection.view().banner is not None


def test_the_mark_takes_the_outline_away(sampled: MainWindow) -> None:
    put(sampled, "one", (slice(8, 40), slice(8, 40)))
    picture = sampled.canvas.panels[0].picture
    with_outline = picture.grab().toImage()
    shown = sampled.masks.section.list
    cell(shown, 0, 0).setCheckState(Qt.CheckState.Unchecked)
    without = picture.grab().toImage()
    assert without != with_outline
    cell(shown, 0, 0).setCheckState(Qt.CheckState.Checked)
    assert picture.grab().toImage() == with_outline


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (ActionKey.CLEAR_MASK, ()),
        (ActionKey.GROW_MASK, "grown"),
        (ActionKey.SHRINK_MASK, "shrunk"),
        (ActionKey.SMOOTH_MASK, "large"),
        (ActionKey.LARGEST_REGION, "large"),
        (ActionKey.DROP_SMALL, "large"),
        (ActionKey.INVERT_MASK, "inverted"),
    ],
)
def test_the_whole_mask_is_changed_as_one_undo_step(
    sampled: MainWindow, qtbot: QtBot, action: ActionKey, expected: str
) -> None:
    put(sampled, "one", (slice(10, 30), slice(10, 40)), (slice(50, 51), slice(50, 51)))
    before = drawn(sampled)
    sampled.actions_[action].trigger()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    now = drawn(sampled)
    large = before.copy()
    large[50, 50] = False
    match expected:
        case "grown":
            assert now[9, 20] and now[20, 40] and now[50, 51] and now.sum() > before.sum()
        case "shrunk":
            assert now.sum() == 18 * 28 and not now[10, 20]
        case "large":
            assert not now[50, 50] and (now & ~large).sum() == 0 and now[12:28, 12:38].all()
        case "inverted":
            assert np.array_equal(now, ~before)
        case _:
            assert not now.any()
    undo(sampled, qtbot)
    assert np.array_equal(drawn(sampled), before)


def test_undo_goes_over_changes_of_mask_step_and_panel(sampled: MainWindow, qtbot: QtBot) -> None:
    picture = sampled.canvas.panels[0].picture
    section = sampled.masks.section
    for number in range(2):
        sampled.actions_[ActionKey.ADD_MASK].trigger()
        qtbot.keyClick(sampled, Key.Key_R)
        drag(picture, (0.1, 0.1 + 0.4 * number), (0.6, 0.3 + 0.4 * number))
        qtbot.keyClick(sampled, Key.Key_R)
    states = [sampled.inspection.masks.document.pixels(n).copy() for n in (1, 2)]  # type: ignore[union-attr]
    assert states[0].any() and states[1].any()
    section.list.setCurrentCell(0, 0)
    qtbot.keyClick(sampled, Key.Key_Home)
    qtbot.keyClick(sampled, Key.Key_4)
    undo(sampled, qtbot)
    document = sampled.inspection.masks.document
    assert document is not None
    assert not document.pixels(2).any()
    assert np.array_equal(document.pixels(1), states[0])
    assert active_row(sampled) == 0
    undo(sampled, qtbot, 2)
    assert not document.pixels(1).any()
    for _ in range(3):
        qtbot.keyClick(sampled, Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(document.pixels(2), states[1])


def test_corners_are_moved_put_in_and_taken_away_before_a_polygon_is_accepted(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    picture = sampled.canvas.panels[0].picture

    def accepted() -> np.ndarray:
        qtbot.keyClick(sampled, Key.Key_Return)
        mask = drawn(sampled)
        undo(sampled, qtbot)
        return mask

    def square() -> None:
        for place in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.25, 0.25)):
            click(picture, place)

    qtbot.keyClick(sampled, Key.Key_G)
    square()
    assert accepted().mean() == pytest.approx(0.25, abs=0.02)
    square()
    drag(picture, (0.75, 0.75), (0.95, 0.95))
    moved = accepted()
    side = moved.shape[0]
    assert moved[int(0.85 * side), int(0.85 * side)]
    square()
    drag(picture, (0.5, 0.25), (0.5, 0.6))
    dented = accepted()
    assert not dented[int(0.35 * side), side // 2] and dented[int(0.35 * side), int(0.3 * side)]
    square()
    picture.setFocus()
    drag(picture, (0.75, 0.75), (0.75, 0.75))
    qtbot.keyClick(sampled, Key.Key_Backspace)
    triangle = accepted()
    assert triangle.mean() == pytest.approx(0.125, abs=0.02)
    assert not triangle[int(0.65 * side), int(0.65 * side)]
