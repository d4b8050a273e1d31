"""A fresh start: the README's first minute works before anything was clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from ui.control.demo_session import demo_session_path


def test_arrows_step_and_space_bares_the_picture_at_once(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window()
    window.activateWindow()
    window.start(None, demo_session_path())
    qtbot.waitUntil(lambda: window.inspection.view().timeline.reached > 0, timeout=LONG_MS)
    step = window.inspection.view().timeline.step
    focused = QApplication.focusWidget() or window.focusWidget()
    assert focused is window.canvas.panels[1].picture
    qtbot.keyClick(focused, Qt.Key.Key_Left)
    assert window.inspection.view().timeline.step == step - 1
    qtbot.keyClick(focused, Qt.Key.Key_Right)
    assert window.inspection.view().timeline.step == step
    qtbot.keyPress(focused, Qt.Key.Key_Space)
    assert window.inspection.view().canvas.bare_picture
    qtbot.keyRelease(focused, Qt.Key.Key_Space)
    assert not window.inspection.view().canvas.bare_picture
