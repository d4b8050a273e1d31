"""The list of masks: eight rows in sight, several selected, a menu on a right click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.support.listed_masks import (
    NONE,
    click_row,
    columns_of,
    put,
    rows,
    selected_rows,
)
from tests.support.widgets import cell
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def words(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


def test_eight_masks_are_in_sight(sampled: MainWindow) -> None:
    for number in range(9):
        put(sampled, f"m{number}", slice(number, number + 1))
    shown = sampled.masks.section.list
    shown.scrollToTop()
    bottom = shown.visualItemRect(cell(shown, 7, 0)).bottom()
    assert bottom <= shown.viewport().rect().bottom()


def test_several_are_selected_by_mouse_and_by_keys(sampled: MainWindow, qtbot: QtBot) -> None:
    for number in range(4):
        put(sampled, f"m{number}", slice(number, number + 1))
    shown, document = sampled.masks.section.list, sampled.inspection.masks.document
    assert document is not None
    assert selected_rows(sampled) == [3]
    click_row(shown, 0)
    assert selected_rows(sampled) == [0] and document.active == 1
    click_row(shown, 2, CONTROL)
    assert selected_rows(sampled) == [0, 2] and document.active == 3
    click_row(shown, 3, SHIFT)
    assert selected_rows(sampled) == [2, 3]
    shown.setFocus()
    click_row(shown, 1)
    qtbot.keyClick(shown, Key.Key_Down, SHIFT)
    assert selected_rows(sampled) == [1, 2]
    qtbot.keyClick(sampled, Key.Key_A, CONTROL)
    assert selected_rows(sampled) == [0, 1, 2, 3]
    sampled.actions_[ActionKey.DELETE_MASK].trigger()
    assert rows(sampled) == []
    qtbot.keyClick(sampled, Key.Key_Z, CONTROL)
    assert len(rows(sampled)) == 4


def test_selected_masks_are_merged_intersected_and_subtracted_by_a_key(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    for key, expected in (
        (Key.Key_U, range(0, 40)),
        (Key.Key_I, range(20, 30)),
        (Key.Key_D, range(0, 20)),
    ):
        put(sampled, "a", slice(0, 30))
        put(sampled, "b", slice(20, 40))
        last = len(rows(sampled)) - 1
        click_row(sampled.masks.section.list, last)
        click_row(sampled.masks.section.list, last - 1, CONTROL)
        qtbot.keyClick(sampled, key, SHIFT)
        assert len(rows(sampled)) == last + 2
        assert columns_of(sampled) == list(expected)
        qtbot.keyClick(sampled, Key.Key_A, CONTROL)
        sampled.actions_[ActionKey.DELETE_MASK].trigger()


def test_the_kind_of_all_selected_is_chosen_in_the_menu(sampled: MainWindow) -> None:
    put(sampled, "a", slice(0, 30))
    put(sampled, "b", slice(20, 40))
    click_row(sampled.masks.section.list, 0, CONTROL)
    sampled.actions_[ActionKey.KIND_ANNOTATOR].trigger()
    assert rows(sampled) == [("a", "annotator"), ("b", "annotator")]
    assert sampled.actions_[ActionKey.KIND_ANNOTATOR].isChecked()
    sampled.actions_[ActionKey.UNDO].trigger()
    assert rows(sampled) == [("a", "drawn"), ("b", "drawn")]


def test_a_right_click_offers_what_can_be_done(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "a", slice(0, 30))
    put(sampled, "b", slice(20, 40))
    shown = sampled.masks.section.list
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        point = shown.visualItemRect(cell(shown, 0, 0)).center()
        event = QContextMenuEvent(reason, point, shown.viewport().mapToGlobal(point), NONE)
        QApplication.sendEvent(shown.viewport(), event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        offered = words(menu)
        assert len(menu.actions()) <= 16
        for text in ("Rename mask", "Kind", "Lock", "Zoom to mask", "Solo", "Combine", "Delete"):
            assert text in offered
        duplicate = next(a for a in menu.actions() if a.text() == "&Duplicate")
        menu.close()
        duplicate.trigger()
    assert [name for name, _ in rows(sampled)].count("b 2") == 1
    assert shown.mapToGlobal(QPoint(0, 0)).y() >= 0


def test_a_name_is_typed_after_rename(sampled: MainWindow, qtbot: QtBot) -> None:
    put(sampled, "a", slice(0, 30))
    sampled.actions_[ActionKey.RENAME_MASK].trigger()
    editor = sampled.masks.section.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Ann")
    qtbot.keyClick(editor, Key.Key_Return)
    # Qt hands the name on after the key.
    qtbot.waitUntil(lambda: rows(sampled) == [("Ann", "drawn")])
