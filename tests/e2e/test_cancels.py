from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS
from ui.main_window import MainWindow


def test_escape_stops_the_run_and_keeps_what_came(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_steps(200)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.inspection.view().timeline.reached >= 3, timeout=LONG_MS)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.idle, timeout=2000)
    view = window.inspection.view()
    assert 3 <= view.timeline.reached < 200
    assert view.canvas.panels[2].values is not None
    assert view.status.activity == ""
    assert view.banner is None


def test_it_runs_again_after_a_cancel(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().timeline.reached == 8
