"""Small words of the window that were wrong or missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from ui.canvas.colour_bar import units_of
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def test_one_probe_is_one_probe(sampled: MainWindow, qtbot: QtBot) -> None:
    control = sampled.inspection
    control.set_estimator("hutchinson")
    control.set_probes(1)
    control.steps.choose_step(3)
    control.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    heads = [panel.headline for panel in control.view().canvas.panels]
    assert any("1 probe" in head for head in heads)
    assert not any("1 probes" in head for head in heads)


def test_an_errors_banner_goes_with_the_next_success(
    sampled: MainWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    control = sampled.inspection
    control.open_model("/no/such/model")
    qtbot.waitUntil(lambda: control.view().banner is not None, timeout=LONG_MS)
    control.open_model(str(tiny_pipeline))
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert control.view().banner is None


def test_the_tick_of_outlining_follows_what_is_drawn(sampled: MainWindow) -> None:
    action = sampled.actions_[ActionKey.TOGGLE_OUTLINE]
    assert action.isCheckable() and action.isChecked()
    action.trigger()
    assert not sampled.inspection.view().canvas.outline and not action.isChecked()
    sampled.inspection.looks.choose_outline(True)
    assert action.isChecked()


def test_a_bar_says_what_its_numbers_are_and_has_room_for_it(sampled: MainWindow) -> None:
    panels = {panel.view.content: panel for panel in sampled.canvas.panels if panel.view}
    views = {panel.view.content: panel.view for panel in panels.values() if panel.view}
    assert units_of(views["attention"]) == "share of attention"
    assert units_of(views["cov_bad"]) == "canonical units"
    for panel in panels.values():
        metrics = QFontMetricsF(panel.bar.font())
        numbers = metrics.horizontalAdvance("0.0025")
        assert panel.bar.sizeHint().width() >= numbers + metrics.height()


@pytest.mark.parametrize("left", ["reference", "mask comparison"])
def test_a_new_window_has_no_panel_that_only_the_last_one_could_fill(
    window: MainWindow, make_window: MakeWindow, left: str
) -> None:
    window.inspection.looks.choose_content(3, left)
    assert left in [panel.content for panel in window.inspection.view().canvas.panels]
    window.inspection.keeping.discard_all()
    window.close()
    again = make_window()
    contents = [panel.content for panel in again.inspection.view().canvas.panels]
    assert left not in contents and len(set(contents)) == 4
