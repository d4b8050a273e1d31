"""The left column: the prompt in whole lines, the expected time, recent models."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QFontMetricsF, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QListWidget,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.panels.model_chooser import ModelChooser
from ui.panels.prompt_box import PromptBox
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

Field = TypeVar("Field", bound=QWidget)


@pytest.mark.parametrize("lines", [1, 3, 4, 6, 9])
def test_a_prompt_is_shown_in_whole_lines(window: MainWindow, lines: int) -> None:
    box = window.setup.findChild(PromptBox)
    assert box is not None
    window.inspection.set_prompt("\n".join("lion" for _ in range(lines)))
    QApplication.processEvents()
    line = QFontMetricsF(box.font()).height()
    room = box.viewport().height() - 2 * box.document().documentMargin()
    shown = max(3, min(lines, 6))
    assert room >= shown * line - (4 if lines > 6 else 0)
    assert room < (shown + 0.4) * line
    box.verticalScrollBar().setValue(box.verticalScrollBar().maximum())
    end = box.cursorRect(last_place(box))
    assert box.viewport().rect().contains(end)
    assert box.verticalScrollBar().isVisible() == (lines > 6)


def last_place(box: PromptBox) -> QTextCursor:
    cursor = box.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    return cursor


def test_a_long_line_is_broken_and_seen_to_its_end(window: MainWindow) -> None:
    box = window.setup.findChild(PromptBox)
    assert box is not None
    before = box.height()
    window.inspection.set_prompt("a lion and a rose on a yellow ground, " * 4)
    QApplication.processEvents()
    assert box.height() > before
    assert box.viewport().rect().contains(box.cursorRect(last_place(box)))
    window.inspection.set_prompt("a lion")
    assert box.height() == before


def field(window: MainWindow, kind: type[Field], name: str) -> Field:
    return next(w for w in window.setup.findChildren(kind) if w.accessibleName() == name)


def test_estimator_and_probes_change_the_expected_time(sampled: MainWindow, qtbot: QtBot) -> None:
    label = field(sampled, QLabel, "Expected time")
    probes = field(sampled, QSpinBox, "Probes")
    estimator = field(sampled, QComboBox, "Estimator")
    results = state_of(sampled.inspection).results
    assert results.sampling_call_s and results.curvature_call_s
    results.sampling_call_s, results.curvature_call_s = 0.01, 0.1
    probes.setValue(5)
    assert label.text() == "Less than a second with these settings"
    # One panel of the four needs probes.
    probes.setValue(100)
    assert label.text() == "About 10 s with these settings"
    index = estimator.findData("exact")
    estimator.setCurrentIndex(index)
    estimator.activated.emit(index)
    assert not probes.isEnabled()
    assert results.model is not None
    channels, rows, columns = results.model.latent_shape
    seconds = 0.08 + 0.1 * channels * rows * columns
    shown = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    assert label.text() == f"About {shown} with these settings"
    assert label.isVisible()


def test_the_chooser_offers_the_demo_and_recent_models(
    window: MainWindow, tiny_pipeline: Path
) -> None:
    window.actions_[ActionKey.OPEN_MODEL].trigger()
    chooser = QApplication.activeModalWidget()
    assert isinstance(chooser, ModelChooser)
    recent = named(chooser, QListWidget, "Recent models")
    rows = [recent.item(row).text() for row in range(recent.count())]
    assert rows == ["Demo: a small model that memorizes", str(tiny_pipeline)]
    recent.setCurrentRow(1)
    assert chooser.source == str(tiny_pipeline)
    chooser.reject()


def test_run_takes_what_stands_in_a_field_that_still_has_the_focus(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.inspection.set_prompt("red apple")
    box = next(
        box
        for box in window.setup.findChildren(QDoubleSpinBox)
        if box.accessibleName() == "Guidance scale"
    )
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "100")
    window.actions_[ActionKey.RUN].trigger()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    run = state_of(window.inspection).results.run
    assert run is not None and run.trajectory is not None
    assert run.trajectory.provenance.guidance_scale == box.value() == 50.0
