"""All runs of the window are one project: saved, asked about, kept from a kill, restored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from memlens.files.data_folder import data_folder
from memlens.files.sessions import load_project
from memlens.masks.journal_places import find_left_behind
from tests.support.controller_state import state_of
from tests.support.drawn_masks import (
    banner_button,
    document_of,
    draw,
    is_drawn,
    journal_written,
    leave_behind,
    save,
)
from tests.support.killed_window import CHECKOUT
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import answer, open_dialog
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

MISSING = Path("missing")

_SAMPLES_AND_DIES = """
    import os, signal
    from PySide6.QtCore import QTimer
    from tests.support.controller_state import state_of
    from ui.app import run

    def shown(window):
        control = window.inspection
        timer = QTimer(window)

        def look():
            if control.view().setup.model_loading or not window.idle:
                return
            if state_of(control).results.model is None:
                return
            if not state_of(control).history or len(state_of(control).history) < {runs}:
                if not state_of(control).activity.sampling:
                    control.set_steps(4)
                    control.runs.choose_prefetch(False)
                    control.runs.choose_seeds({seeds!r})
                    control.set_prompt("red apple")
                    control.run()
                return
            os.kill(os.getpid(), signal.SIGKILL)

        timer.timeout.connect(look)
        timer.start(10)

    run([{path!r}], when_shown=shown)
"""


def sample_and_be_killed(path: Path, seeds: str, runs: int) -> None:
    """Start the application, sample as soon as a model is open, and kill it without a word."""
    script = _SAMPLES_AND_DIES.format(path=str(path), seeds=seeds, runs=runs)
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


def run_seeds(window: MainWindow, qtbot: QtBot, seeds: str) -> None:
    window.inspection.runs.choose_seeds(seeds)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def opened(make_window: MakeWindow, qtbot: QtBot, path: Path) -> MainWindow:
    window = make_window()
    window.start(path, MISSING)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


def test_one_save_saves_all_runs_with_their_masks_names_and_pins(
    window: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    run_seeds(window, qtbot, "3, 4")
    control = window.inspection
    first, second = state_of(control).history
    control.run_list.rename_shown("the fourth")
    window.actions_[ActionKey.PIN_RUN].trigger()
    control.runs.choose_run(first.number)
    control.compute()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    draw(window)
    maps = control.view().canvas.panels[1].values
    path = tmp_path / "both.memlens"
    save(window, qtbot, path)
    assert window.windowTitle() == "both.memlens — memlens"
    window.close()
    assert not window.isVisible(), "there is nothing to ask"
    assert find_left_behind() == ()
    assert [file for file in data_folder().rglob("*") if file.is_file()] == []

    again = opened(make_window, qtbot, path)
    view = again.inspection.view()
    assert [run.label for run in view.runs.runs] == ["seed 3", "★ the fourth"]
    assert view.runs.shown == view.runs.runs[0].number
    assert is_drawn(again)
    np.testing.assert_array_equal(view.canvas.panels[1].values, maps)
    again.inspection.runs.next_run()
    assert not again.inspection.view().masks.rows
    assert again.windowTitle() == "both.memlens — memlens"
    assert second.trajectory is not None
    shown = state_of(again.inspection).results.run
    assert shown is not None and shown.trajectory is not None
    np.testing.assert_array_equal(shown.trajectory.x_t, second.trajectory.x_t)
    assert load_project(path).runs[1].pinned


def test_closing_asks_about_runs_that_were_never_saved(sampled: MainWindow) -> None:
    assert sampled.windowTitle() == "Unsaved run* — memlens"
    sampled.close()
    box = open_dialog(sampled, QMessageBox)
    assert "1 run" in box.text()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert sampled.isVisible()
    sampled.close()
    answer(sampled, QMessageBox.StandardButton.Discard)
    assert not sampled.isVisible()
    assert find_left_behind() == ()


def test_opening_a_session_asks_first_and_takes_the_place_of_all_runs(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "one.memlens"
    save(sampled, qtbot, path)
    run_seeds(sampled, qtbot, "7")
    assert sampled.windowTitle() == "one.memlens* — memlens"
    sampled.inspection.open_session(path)
    box = open_dialog(sampled, QMessageBox)
    assert "another session" in box.text()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert len(sampled.inspection.view().runs.runs) == 2
    sampled.inspection.open_session(path)
    answer(sampled, QMessageBox.StandardButton.Discard)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert [run.label for run in sampled.inspection.view().runs.runs] == ["seed 0"]
    assert sampled.windowTitle() == "one.memlens — memlens"
    assert list(data_folder().rglob("run.memlens")) == []
    sampled.inspection.open_session(path, add=True)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert len(sampled.inspection.view().runs.runs) == 2
    assert sampled.windowTitle() == "one.memlens* — memlens"


def test_after_a_kill_runs_that_were_never_saved_come_back(
    make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path, tmp_path: Path
) -> None:
    sample_and_be_killed(tiny_pipeline, "3, 4", 2)
    window = opened(make_window, qtbot, tiny_pipeline)
    banner = window.inspection.view().banner
    assert banner is not None and "2 runs that were never saved" in banner.sentence
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert [run.label for run in view.runs.runs] == ["seed 3", "seed 4"]
    assert window.windowTitle() == "2 unsaved runs* — memlens"
    assert all(
        run.trajectory and run.trajectory.keeps_latents
        for run in state_of(window.inspection).history
    )
    path = tmp_path / "rescued.memlens"
    save(window, qtbot, path)
    journal_written(window)
    assert len(load_project(path).runs) == 2
    assert [file for file in data_folder().rglob("*") if file.is_file()] == []


def test_after_a_kill_a_run_sampled_since_the_save_comes_back_beside_the_saved_ones(
    sampled: MainWindow,
    make_window: MakeWindow,
    qtbot: QtBot,
    tiny_pipeline: Path,
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    settings = sampled.inspection.settings
    assert str(tiny_pipeline) in settings.recent_models
    sampled.close()
    sample_and_be_killed(path, "8", 2)
    window = opened(make_window, qtbot, tiny_pipeline)
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert [run.label for run in window.inspection.view().runs.runs] == ["seed 0", "seed 8"]
    assert window.windowTitle() == "mine.memlens* — memlens"
    assert window.inspection.keeping.holds(path)


def test_what_cannot_be_restored_leaves_the_rest_to_come_back(
    window: MainWindow, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    run_seeds(window, qtbot, "3, 4")
    window.inspection.keeping.close()  # as after a kill: nothing is asked, all is left
    first, _ = sorted(data_folder().rglob("run.memlens"))
    damaged = bytearray(first.read_bytes())
    damaged[len(damaged) // 2] ^= 255
    first.write_bytes(damaged)
    again = opened(make_window, qtbot, tiny_pipeline)
    banner_button(again, "Restore")
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    view = again.inspection.view()
    assert [run.label for run in view.runs.runs] == ["seed 4"]
    assert view.banner is not None and str(first) in view.banner.sentence
    assert first.exists()
    assert again.actions_[ActionKey.RESTORE_MASKS].isEnabled(), "it can be tried again"


def test_names_and_pins_come_back_with_runs_that_were_never_saved(
    window: MainWindow, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path, tmp_path: Path
) -> None:
    run_seeds(window, qtbot, "3, 4")
    window.inspection.run_list.rename_shown("the fourth")
    window.actions_[ActionKey.PIN_RUN].trigger()
    window.inspection.runs.previous_run()
    window.inspection.run_list.rename_shown("not this one")
    window.actions_[ActionKey.UNDO_RUN_EDIT].trigger()
    window.inspection.keeping.close()  # as after a kill: nothing is asked, all is left
    again = opened(make_window, qtbot, tiny_pipeline)
    banner_button(again, "Restore")
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    labels = [run.label for run in again.inspection.view().runs.runs]
    assert labels == ["seed 3", "★ the fourth"]
    path = tmp_path / "rescued.memlens"
    save(again, qtbot, path)
    journal_written(again)
    kept = load_project(path).runs[1]
    assert (kept.name, kept.pinned) == ("the fourth", True)
    assert [file for file in data_folder().rglob("*") if file.is_file()] == []


def test_restoring_shows_each_run_once_with_its_undo(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    save(sampled, qtbot, path)
    sampled.close()
    leave_behind(path)
    window = opened(make_window, qtbot, path)
    banner_button(window, "Restore")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert len(window.inspection.view().runs.runs) == 1
    assert is_drawn(window)
    assert window.windowTitle() == "mine.memlens* — memlens"
    undo, redo = window.actions_[ActionKey.UNDO], window.actions_[ActionKey.REDO]
    assert "Invert" in undo.text()
    undo.trigger()
    undo.trigger()
    assert document_of(window).entries == ()
    assert not undo.isEnabled()
    assert window.windowTitle() == "mine.memlens — memlens", "all is as it was saved"
    redo.trigger()
    redo.trigger()
    assert is_drawn(window)


def test_a_run_that_was_never_saved_comes_back_once_with_its_undo(
    window: MainWindow, make_window: MakeWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    run_seeds(window, qtbot, "3")
    draw(window)
    journal_written(window)
    window.inspection.keeping.close()  # as after a kill: nothing is asked, all is left
    again = opened(make_window, qtbot, tiny_pipeline)
    banner_button(again, "Restore")
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    assert [run.label for run in again.inspection.view().runs.runs] == ["seed 3"]
    assert again.inspection.view().banner is None
    assert is_drawn(again)
    undo = again.actions_[ActionKey.UNDO]
    undo.trigger()
    undo.trigger()
    assert document_of(again).entries == () and not undo.isEnabled()
    assert again.windowTitle() == "Unsaved run* — memlens", "the run itself is in no file"


def test_edits_that_were_all_undone_are_not_asked_about(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    save(sampled, qtbot, tmp_path / "mine.memlens")
    draw(sampled)
    assert sampled.windowTitle() == "mine.memlens* — memlens"
    sampled.actions_[ActionKey.UNDO].trigger()
    sampled.actions_[ActionKey.UNDO].trigger()
    assert sampled.windowTitle() == "mine.memlens — memlens"
    sampled.close()
    assert not sampled.isVisible()
    assert find_left_behind() == ()


def test_over_the_limit_of_kept_runs_it_is_said(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memlens.files.unsaved_runs.MAX_UNSAVED_BYTES", 1000)
    run_seeds(window, qtbot, "3")
    banner = window.inspection.view().banner
    assert banner is not None and "not kept safe" in banner.sentence
    assert banner.way_on is not None and banner.way_on[0] == "save-session-as"


def test_a_deleted_run_is_not_offered_after_all(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_seeds(window, qtbot, "3, 4")
    window.actions_[ActionKey.DELETE_RUN].trigger()
    assert [run.label for run in window.inspection.view().runs.runs] == ["seed 3"]
    banner_button(window, "Undo")
    assert [run.label for run in window.inspection.view().runs.runs] == ["seed 3", "seed 4"]
    window.actions_[ActionKey.DELETE_RUN].trigger()
    path = tmp_path / "one.memlens"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    window.close()
    answer(window, QMessageBox.StandardButton.Save)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG_MS)
    assert [run.title for run in load_project(path).runs] == ["red apple, seed 3"]
    assert find_left_behind() == ()
