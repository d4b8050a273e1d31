from __future__ import annotations

import platform
from pathlib import Path

import PySide6
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

import memlens
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import named
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def entry(window: MainWindow, text: str) -> QAction:
    menu = named(window, QMenu, "Open recent")
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.text() == text)


def test_sessions_and_models_are_opened_again_from_the_menu(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.close()
    again = make_window()
    entry(again, "mine.memlens").trigger()
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    view = again.inspection.view()
    assert view.banner is None
    assert view.setup.prompt == "red apple"
    assert entry(again, "tiny").isEnabled()


def test_what_is_gone_is_disabled_and_says_so(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    path.unlink()
    gone = entry(sampled, "mine.memlens")
    assert not gone.isEnabled()
    assert "not there any more" in gone.toolTip()


def test_about_names_every_version(window: MainWindow) -> None:
    window.actions_[ActionKey.ABOUT].trigger()
    box = window.findChild(QMessageBox)
    assert box is not None
    shown = box.text() + box.informativeText()
    for expected in (memlens.__version__, PySide6.__version__, platform.python_version()):
        assert expected in shown
    for expected in ("PyTorch", "diffusers", "cpu · float32", "Twemoji", "2605.26756"):
        assert expected in shown
    box.close()
