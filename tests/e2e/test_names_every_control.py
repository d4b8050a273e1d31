"""Every control has a name for screen readers and a tooltip, and the keyboard reaches it."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.support.drawn_masks import draw
from tests.support.file_dialogs import open_every_file_dialog, places
from tests.support.widgets import open_dialog
from tests.support.window_controls import controls
from ui.panels.export_dialog import ExportDialog
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.export_choice import ExportKind
from ui.vocabulary.panel_content import Compare
from ui.window.main_window import MainWindow


def called(widget: QWidget) -> str:
    text, around = widget.property("text"), type(widget.parentWidget()).__name__
    return f"{type(widget).__name__} {text or ''!r} in {around}"


def nameless(top: QWidget) -> list[str]:
    """Return the controls without accessible name; a button's words are one."""
    return sorted(
        called(widget)
        for widget in controls(top)
        if not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text().strip())
    )


def silent(top: QWidget) -> list[str]:
    """Return the controls without tooltip; those of Qt's own boxes say all in their words."""
    return sorted(
        called(widget)
        for widget in controls(top)
        if not widget.toolTip() and not isinstance(widget.parentWidget(), QDialogButtonBox)
    )


def comes_to(widget: QWidget) -> bool:
    """Whether Tab comes to a widget, or to the one from which the arrows go on to it."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    some = [widget] if group is None or not group.exclusive() else group.buttons()
    return any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in some)


def out_of_reach(top: QWidget) -> list[str]:
    """Return what neither Tab nor, within a choice, the arrows come to."""
    return sorted(
        called(widget)
        for widget in controls(top)
        if widget.isVisible() and widget.isEnabled() and not comes_to(widget)
    )


def test_in_the_window(sampled: MainWindow) -> None:
    assert len(controls(sampled)) > 60
    assert nameless(sampled) == []
    assert silent(sampled) == []


def test_arrows_go_through_a_choice_and_leave_the_step(sampled: MainWindow, qtbot: QtBot) -> None:
    step = sampled.inspection.view().timeline.step
    buttons = sampled.canvas.compare_bar.buttons
    buttons[Compare.SIDE_BY_SIDE].setFocus()
    qtbot.keyClick(buttons[Compare.SIDE_BY_SIDE], Qt.Key.Key_Right)
    assert sampled.inspection.view().canvas.compare is Compare.WIPE
    qtbot.keyClick(buttons[Compare.WIPE], Qt.Key.Key_Left)
    assert sampled.inspection.view().canvas.compare is Compare.SIDE_BY_SIDE
    levels = sampled.inspect.display.levels.buttons
    levels[False].setFocus()
    qtbot.keyClick(levels[False], Qt.Key.Key_Right)
    assert sampled.inspection.intent.stretched
    assert sampled.inspection.view().timeline.step == step


def test_tab_reaches_what_can_be_used(sampled: MainWindow) -> None:
    assert out_of_reach(sampled) == []


@pytest.mark.parametrize(
    "key", [ActionKey.OPEN_MODEL, ActionKey.EXPORT, ActionKey.SHORTCUTS, ActionKey.ABOUT]
)
def test_in_every_dialog(sampled: MainWindow, qtbot: QtBot, key: ActionKey) -> None:
    sampled.actions_[key].trigger()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    qtbot.waitUntil(lambda: sampled.idle)
    missing: list[list[str]] = []
    for kind in ExportKind if isinstance(dialog, ExportDialog) else (None,):
        if isinstance(dialog, ExportDialog) and kind is not None:
            dialog.choose_kind(kind)
        missing += [nameless(dialog), silent(dialog), out_of_reach(dialog)]
    dialog.close()
    assert [found for found in missing if found] == []


def test_in_the_save_question(sampled: MainWindow) -> None:
    draw(sampled)
    assert not sampled.close()
    box = open_dialog(sampled, QMessageBox)
    missing = nameless(box) + silent(box) + out_of_reach(box)
    named = (box.accessibleName(), box.text())
    count = len(controls(box))
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert missing == []
    assert count == 3
    assert all(named)


def test_every_file_dialog_has_a_title_and_says_which_files_it_takes(
    sampled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = open_every_file_dialog(sampled, qtbot, monkeypatch)
    assert {one.place for one in asked} == places()
    for one in asked:
        assert one.texts[0][:1].isupper(), one
        if one.kind != "getExistingDirectory":
            assert re.search(r"\(\*\.\w+", one.texts[2]), one
