from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


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


def test_what_a_cancelled_run_reached_can_be_localized_and_saved(
    window: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.inspection.set_steps(200)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.inspection.view().timeline.reached >= 3, timeout=LONG_MS)
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    reached = window.inspection.view().timeline.reached
    window.inspection.compute()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert [panel.status for panel in view.canvas.panels] == [PanelStatus.READY] * 4
    assert view.timeline.step == reached - 1
    assert all(picture is not None for picture in view.timeline.thumbnails[:reached])
    path = tmp_path / "cut.memlens"
    window.inspection.save_session(path)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    window.close()

    again = make_window()
    again.start(path, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    opened = again.inspection.view()
    assert opened.banner is None
    assert opened.timeline.reached == len(opened.timeline.log_snr) == reached
    assert opened.canvas.panels[1].values is not None
