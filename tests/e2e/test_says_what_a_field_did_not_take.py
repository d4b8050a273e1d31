"""A number beyond a field's ends is taken to them, and the person can read that it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def field_of(window: MainWindow, name: str) -> QAbstractSpinBox:
    boxes = window.setup.findChildren(QAbstractSpinBox)
    return next(box for box in boxes if box.accessibleName() == name)


def remarks(window: MainWindow) -> list[str]:
    labels = window.setup.findChildren(QLabel)
    return [
        label.text()
        for label in labels
        if label.property("role") == "remark"
        and label.isVisible()
        and label.visibleRegion().boundingRect() == label.rect()
    ]


def type_in(window: MainWindow, qtbot: QtBot, name: str, text: str) -> QAbstractSpinBox:
    field = field_of(window, name)
    window.activateWindow()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


def leave(window: MainWindow, qtbot: QtBot, field: QAbstractSpinBox, by: str) -> None:
    if by == "click":
        prompt = window.setup.findChild(QPlainTextEdit)
        assert prompt is not None
        qtbot.mouseClick(prompt.viewport(), LEFT)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Tab if by == "tab" else Qt.Key.Key_Return)


@pytest.mark.parametrize("by", ["tab", "return", "click"])
@pytest.mark.parametrize(
    ("name", "typed", "shown", "told"),
    [
        ("Guidance scale", "100", "50.00", "50 is the most: 100 was not taken."),
        ("Probes", "10000", "4096", "4096 is the most: 10000 was not taken."),
        ("Steps", "0", "1", "1 is the least: 0 was not taken."),
    ],
)
def test_it_is_still_said_when_the_person_has_gone_on(
    window: MainWindow, qtbot: QtBot, by: str, name: str, typed: str, shown: str, told: str
) -> None:
    field = type_in(window, qtbot, name, typed)
    leave(window, qtbot, field, by)
    assert field.text() == shown
    qtbot.wait(50)
    assert remarks(window) == [told]
    assert field.accessibleDescription() == told
    type_in(window, qtbot, name, "2")
    assert remarks(window) == []


def test_it_is_said_when_run_is_pressed_at_once(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_prompt("red apple")
    type_in(window, qtbot, "Guidance scale", "100")
    qtbot.mouseClick(named(window.setup, QPushButton, "Run"), LEFT)
    assert remarks(window) == ["50 is the most: 100 was not taken."]
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    run = state_of(window.inspection).results.run
    assert run is not None and run.trajectory is not None
    assert run.trajectory.provenance.guidance_scale == 50.0
