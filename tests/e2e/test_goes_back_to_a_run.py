from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


def run_seeds(window: MainWindow, qtbot: QtBot, seeds: str) -> None:
    field = next(
        box for box in window.setup.findChildren(QLineEdit) if box.accessibleName() == "Seeds"
    )
    field.selectAll()
    qtbot.keyClicks(field, seeds)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def test_several_seeds_become_runs_in_a_strip(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.run_strip.isVisible()
    run_seeds(window, qtbot, "3-5")
    view = window.inspection.view()
    assert view.banner is None
    assert window.run_strip.isVisible()
    labels = [window.run_strip.item(i).text() for i in range(window.run_strip.count())]
    assert labels == ["seed 3", "seed 4", "seed 5"]
    assert not window.run_strip.item(0).icon().isNull()
    pictures = [thumb.picture for thumb in view.runs.runs]
    assert pictures[0] is not None and pictures[1] is not None
    assert not np.array_equal(pictures[0], pictures[1])
    assert view.canvas.panels[1].status is PanelStatus.READY


def test_a_click_on_a_thumbnail_shows_that_run(window: MainWindow, qtbot: QtBot) -> None:
    run_seeds(window, qtbot, "3, 9")
    strip = window.run_strip
    where = strip.visualItemRect(strip.item(0)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=where)
    view = window.inspection.view()
    assert view.runs.shown == view.runs.runs[0].number
    assert view.canvas.panels[0].picture is view.runs.runs[0].picture


def test_alt_left_goes_back_and_the_older_run_can_be_localized(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    window = sampled
    before = window.inspection.view().canvas.panels[1].values
    window.inspection.set_prompt("blue apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    after = window.inspection.view().canvas.panels[1].values
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    view = window.inspection.view()
    assert view.setup.prompt == "red apple"
    np.testing.assert_array_equal(view.canvas.panels[1].values, before)
    window.inspection.steps.choose_step(2)
    window.inspection.compute()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.canvas.panels[1].status is PanelStatus.READY
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    window.inspection.steps.last_step()
    np.testing.assert_array_equal(window.inspection.view().canvas.panels[1].values, after)


def test_when_memory_is_short_older_runs_are_read_from_the_disk_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    state_of(window.inspection).history.cap = 1
    run_seeds(window, qtbot, "0-2")
    first, second, third = state_of(window.inspection).history
    assert first.stowed is not None and second.stowed is not None and third.stowed is None
    assert first.nbytes < third.nbytes / 4
    assert "GiB" in window.run_strip.toolTip()
    picture = first.picture_at(7)
    window.inspection.runs.choose_run(first.number)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert first.stowed is None
    assert third.stowed is not None
    assert np.array_equal(first.picture_at(7), picture)
    window.inspection.steps.choose_step(2)
    window.inspection.compute()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.canvas.panels[1].status is PanelStatus.READY
