"""A run that is being sampled, and those that wait, do not vanish without a question."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from memlens.files.sessions import load_project
from memlens.masks.journal_places import find_left_behind
from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from tests.support.widgets import open_dialog
from ui.window.main_window import MainWindow

Answer = QMessageBox.StandardButton


@pytest.fixture
def sampling(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A long run under way, and one that waits."""
    control = window.inspection
    control.set_steps(400)
    control.set_prompt("red apple")
    control.run()
    control.set_seed(1)
    control.run()
    # With a picture there is something to keep.
    qtbot.waitUntil(lambda: bool(state_of(control).history), timeout=LONG_MS)
    (run,) = state_of(control).history
    qtbot.waitUntil(lambda: run.reached > 2 and bool(run.pictures), timeout=LONG_MS)
    return window


def asked(window: MainWindow) -> QMessageBox:
    return open_dialog(window, QMessageBox)


def test_cancel_goes_on_sampling(sampling: MainWindow, qtbot: QtBot) -> None:
    sampling.close()
    box = asked(sampling)
    assert "1 run" in box.text()
    assert "being sampled" in box.informativeText()
    assert "dropped: 1" in box.informativeText()
    box.button(Answer.Cancel).click()
    view = sampling.inspection.view()
    assert sampling.isVisible() and len(view.runs.queued) == 1
    reached = view.timeline.reached
    qtbot.waitUntil(lambda: sampling.inspection.view().timeline.reached > reached, timeout=LONG_MS)


def test_save_keeps_it_as_far_as_it_has_come(
    sampling: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cut.memlens"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    sampling.close()
    asked(sampling).button(Answer.Save).click()
    qtbot.waitUntil(lambda: not sampling.isVisible(), timeout=LONG_MS)
    (kept,) = load_project(path).runs
    assert 2 < (kept.trajectory.provenance.steps_reached or 0) < 400
    assert find_left_behind() == ()


def test_discard_closes_at_once_and_leaves_nothing(sampling: MainWindow) -> None:
    sampling.close()
    asked(sampling).button(Answer.Discard).click()
    assert not sampling.isVisible()
    assert find_left_behind() == ()


def test_another_session_is_not_opened_over_it_unasked(
    sampling: MainWindow, tmp_path: Path
) -> None:
    sampling.inspection.open_session(tmp_path / "other.memlens")
    box = asked(sampling)
    assert "being sampled" in box.informativeText()
    box.button(Answer.Cancel).click()
    assert state_of(sampling.inspection).activity.sampling
