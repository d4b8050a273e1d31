"""A locked mask is changed by nothing until it is unlocked; the bundled truth comes locked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.hand import drag, drawn
from tests.support.listed_masks import put
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import cell
from ui.control.demo_session import demo_session_path
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_neither_hand_nor_menu_changes_a_locked_mask(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "mine", slice(0, 30))
    qtbot.keyClick(sampled, Qt.Key.Key_L, SHIFT)
    assert sampled.actions_[ActionKey.LOCK_MASK].isChecked()
    before = drawn(sampled)
    for key in (ActionKey.INVERT_MASK, ActionKey.DELETE_MASK, ActionKey.KIND_FOUND):
        assert not sampled.actions_[key].isEnabled()
        assert "locked" in sampled.actions_[key].toolTip()
    assert not sampled.masks.section.kind.isEnabled()
    picture = sampled.canvas.panels[0].picture
    for tool in (ActionKey.TOOL_BRUSH, ActionKey.TOOL_RECTANGLE, ActionKey.TOOL_WAND):
        sampled.inspection.dismiss_banner()
        sampled.actions_[tool].trigger()
        drag(picture, (0.6, 0.2), (0.9, 0.8))
        assert np.array_equal(drawn(sampled), before)
        banner = sampled.inspection.view().banner
        assert banner is not None and "“mine” is locked" in banner.sentence
    sampled.actions_.trigger("lock-mask")
    sampled.actions_[ActionKey.TOOL_RECTANGLE].trigger()
    drag(picture, (0.6, 0.2), (0.9, 0.8))
    assert drawn(sampled).sum() > before.sum()


def test_the_mark_in_the_list_locks_and_undo_unlocks(sampled: MainWindow) -> None:
    put(sampled, "mine", slice(0, 30))
    shown = sampled.masks.section.list
    place = shown.visualItemRect(cell(shown, 0, 2)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert sampled.inspection.view().masks.rows[0].locked
    sampled.actions_[ActionKey.UNDO].trigger()
    assert not sampled.inspection.view().masks.rows[0].locked


def test_a_lock_is_saved(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    put(sampled, "mine", slice(0, 30), kind="annotator")
    sampled.actions_[ActionKey.LOCK_MASK].trigger()
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.close()
    again = make_window()
    again.start(path, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    (row,) = again.inspection.view().masks.rows
    assert (row.name, row.kind, row.locked) == ("mine", "annotator", True)


def test_the_bundled_truth_is_locked_and_no_annotator(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window()
    window.start(demo_session_path(), Path("missing"))
    qtbot.waitUntil(
        lambda: window.idle and window.inspection.view().masks.rows != (), timeout=LONG_MS
    )
    (row,) = window.inspection.view().masks.rows
    assert (row.kind, row.locked) == ("ground truth", True)
    put(window, "mine", slice(0, 30))
    window.actions_[ActionKey.CONSENSUS].trigger()
    assert window.inspection.view().masks.consensus is None
    banner = window.inspection.view().banner
    assert banner is not None and "a ground truth" in banner.sentence
