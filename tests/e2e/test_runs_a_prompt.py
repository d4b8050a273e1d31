from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.view.view_state import PanelStatus, WindowView
from ui.window.main_window import MainWindow


def test_typing_a_prompt_and_pressing_run_gives_picture_and_maps(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = next(b for b in window.setup.findChildren(QPushButton) if b.accessibleName() == "Run")
    assert not run.isEnabled()
    prompt = window.setup.findChild(QPlainTextEdit)
    assert prompt is not None
    qtbot.keyClicks(prompt, "red apple")
    assert run.isEnabled()
    seen: list[WindowView] = []
    show = window.show_view

    def noted(view: WindowView) -> None:
        seen.append(view)
        show(view)

    monkeypatch.setattr(window, "show_view", noted)
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.timeline.reached == 8
    assert [panel.status for panel in view.canvas.panels] == [PanelStatus.READY] * 4
    assert all(picture is not None for picture in view.timeline.thumbnails)
    errors = {panel.content: panel.standard_error for panel in view.canvas.panels}
    assert errors["cov_bad"] is not None
    assert any(view.status.activity for view in seen), "progress was shown"
    assert view.status.activity == ""


def test_progress_counts_network_calls_and_says_how_long_it_takes(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.inspection.set_steps(400)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    bar = named(window.status, QProgressBar, "Progress")
    left = named(window.status, QLabel, "Time left")
    assert not left.text()
    qtbot.waitUntil(lambda: "left" in left.text(), timeout=LONG_MS)
    assert bar.isVisible() and 0 < bar.value() < bar.maximum()
    share, reached = bar.value() / bar.maximum(), window.inspection.view().timeline.reached
    assert share == pytest.approx(reached / 400, abs=0.02)
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert not bar.isVisible() and not left.text()


def test_resting_on_a_step_computes_its_maps(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspection.steps.choose_step(3)
    status = sampled.inspection.view().canvas.panels[1].status
    assert status is PanelStatus.STAND_IN
    qtbot.waitUntil(
        lambda: (
            sampled.inspection.view().canvas.panels[1].status is PanelStatus.READY and sampled.idle
        ),
        timeout=LONG_MS,
    )
    assert 3 in sampled.inspection.view().timeline.cached


def test_a_long_prompt_is_cut_and_that_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_prompt("red apple " * 40)
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.banner.isVisible()
    banner = window.inspection.view().banner
    assert banner is not None and banner.severity == "warning"
    assert window.inspection.view().timeline.reached == 8
