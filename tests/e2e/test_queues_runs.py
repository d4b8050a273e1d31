"""Run during a run queues; runs are renamed, pinned and deleted in the strip."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def labels(window: MainWindow) -> list[str]:
    strip = window.run_strip
    return [strip.item(row).text() for row in range(strip.count())]


def queue(window: MainWindow, seed: int) -> None:
    window.inspection.set_seed(seed)
    window.setup.run_requested.emit()


def begin(window: MainWindow, qtbot: QtBot) -> None:
    """Start a run that is not over before others are queued."""
    window.inspection.set_steps(60)
    window.inspection.set_prompt("red apple")
    queue(window, 1)
    qtbot.waitUntil(lambda: window.inspection.view().timeline.reached > 1, timeout=LONG_MS)


def test_run_during_a_run_waits_for_it_and_each_can_be_cancelled(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    window.inspection.set_steps(3)
    for seed in (2, 3, 4):
        queue(window, seed)
    assert labels(window) == ["seed 1", "1. seed 2", "2. seed 3", "3. seed 4"]
    assert window.inspection.view().status.message == "Queued; waiting: 3."
    strip = window.run_strip
    assert "Queued" in strip.item(2).toolTip()
    waiting = strip.context_menu(strip.item(2))
    (cancel,) = waiting.actions()
    assert "queued" in cancel.text()
    cancel.trigger()
    waiting.close()
    assert labels(window) == ["seed 1", "1. seed 2", "2. seed 4"]
    strip.setCurrentItem(strip.item(2))
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert labels(window) == ["seed 1", "1. seed 2"]
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert labels(window) == ["seed 1", "seed 2"]
    first, second = state_of(window.inspection).history
    assert (first.reached, second.reached) == (60, 3)


def test_the_last_queued_run_is_cancelled_by_its_action(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.actions_[ActionKey.CANCEL_QUEUED].isEnabled()
    begin(window, qtbot)
    queue(window, 2)
    window.actions_[ActionKey.CANCEL_QUEUED].trigger()
    assert window.inspection.view().runs.queued == ()
    assert not window.run_strip.isVisible(), "one run is no strip"
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def test_what_waits_for_a_model_that_goes_is_told(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    begin(window, qtbot)
    queue(window, 2)
    window.inspection.open_model(str(tiny_pipeline))
    view = window.inspection.view()
    assert view.runs.queued == ()
    assert view.banner is not None and "queued no more: 1" in view.banner.sentence
    assert state_of(window.inspection).activity.sampling, "the one under way goes on"
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


@pytest.fixture
def two(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.inspection.runs.choose_seeds("3, 4")
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


def test_a_run_is_renamed_and_pinned_from_its_menu_and_that_is_taken_back(
    two: MainWindow, qtbot: QtBot
) -> None:
    strip = two.run_strip
    menu = strip.context_menu(strip.item(0))
    assert two.inspection.view().runs.shown == two.inspection.view().runs.runs[0].number
    rename, pin, _ = menu.actions()
    rename.trigger()
    dialog = two.findChild(QInputDialog)
    assert dialog is not None and dialog.isVisible()
    field = dialog.findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, "the best")
    dialog.accept()
    pin.trigger()
    menu.close()
    assert labels(two) == ["★ the best", "seed 4"]
    assert two.actions_[ActionKey.PIN_RUN].isChecked()
    undo = two.actions_[ActionKey.UNDO_RUN_EDIT]
    undo.trigger()
    assert labels(two) == ["the best", "seed 4"]
    undo.trigger()
    assert labels(two) == ["seed 3", "seed 4"]
    assert not undo.isEnabled()


def test_a_deleted_run_comes_back_to_its_place_with_its_maps(two: MainWindow, qtbot: QtBot) -> None:
    two.inspection.runs.previous_run()
    two.inspection.compute()
    qtbot.waitUntil(lambda: two.idle, timeout=LONG_MS)
    before = two.inspection.view().canvas.panels[1].values
    two.actions_[ActionKey.DELETE_RUN].trigger()
    assert [run.label for run in two.inspection.view().runs.runs] == ["seed 4"]
    two.actions_[ActionKey.UNDO_RUN_EDIT].trigger()
    view = two.inspection.view()
    assert labels(two) == ["seed 3", "seed 4"]
    assert view.runs.shown == view.runs.runs[0].number
    assert view.canvas.panels[1].values is before
    two.inspection.steps.choose_step(2)
    two.inspection.compute()
    qtbot.waitUntil(lambda: two.idle, timeout=LONG_MS)
    assert two.inspection.view().banner is None


def test_a_run_that_is_being_sampled_is_not_deleted(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    delete = window.actions_[ActionKey.DELETE_RUN]
    assert not delete.isEnabled()
    assert "cancel it first" in delete.toolTip()
    window.inspection.cancel()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def test_pinned_runs_stay_in_memory(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_prompt("red apple")
    queue(window, 1)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    window.actions_[ActionKey.PIN_RUN].trigger()
    state_of(window.inspection).history.cap = 1
    for seed in (2, 3):
        queue(window, seed)
        qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    pinned, other, _ = state_of(window.inspection).history
    assert pinned.stowed is None and other.stowed is not None
