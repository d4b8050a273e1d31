"""The model chooser says what is named before anything is loaded."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import named, open_dialog
from ui.panels.model_chooser import ModelChooser
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def chooser_of(window: MainWindow) -> ModelChooser:
    window.actions_[ActionKey.OPEN_MODEL].trigger()
    return open_dialog(window, ModelChooser)


def field_of(chooser: ModelChooser) -> QLineEdit:
    return named(chooser, QLineEdit, "Folder or hub id")


def open_button(chooser: ModelChooser) -> QPushButton:
    return named(chooser, QPushButton, "Open")


def test_what_is_named_is_recognised_before_it_is_loaded(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    before = window.inspection.view().setup.model_name
    chooser = chooser_of(window)
    source, opens = field_of(chooser), open_button(chooser)
    found = named(chooser, QLabel, "What was recognised")
    source.setText("/no/such/place")
    qtbot.waitUntil(lambda: found.text() != "", timeout=LONG_MS)
    assert found.text().startswith("The model /no/such/place does not exist")
    assert not opens.isEnabled()
    assert named(chooser, QListWidget, "Recent models").selectedItems() == []

    source.setText(str(tiny_pipeline))
    qtbot.waitUntil(opens.isEnabled, timeout=LONG_MS)
    assert "Kind: StableDiffusionPipeline" in found.text()
    assert window.inspection.view().setup.model_name == before
    chooser.reject()


def test_what_is_typed_goes_into_the_field(window: MainWindow, qtbot: QtBot) -> None:
    chooser = chooser_of(window)
    field, rows = field_of(chooser), chooser.findChild(QListWidget)
    assert chooser.focusWidget() is field
    qtbot.keyClicks(field, "own")
    assert field.text() == "own"
    assert rows is not None
    rows.setFocus()
    qtbot.keyClicks(rows, "o")
    assert field.text() == "o"
    assert chooser.focusWidget() is field
    chooser.reject()


def test_every_row_of_the_list_has_its_own_place(window: MainWindow) -> None:
    chooser = chooser_of(window)
    rows = chooser.findChild(QListWidget)
    assert rows is not None and rows.count() >= 2
    places = [rows.visualItemRect(rows.item(row)) for row in range(rows.count())]
    for one, other in pairwise(places):
        assert one.bottom() < other.top()
    assert places[1].bottom() <= rows.viewport().height()
    chooser.reject()


def test_a_hub_id_that_is_not_here_opens_only_with_the_tick(
    window: MainWindow, qtbot: QtBot
) -> None:
    chooser = chooser_of(window)
    field_of(chooser).setText("nobody/nothing")
    found = next(
        label
        for label in chooser.findChildren(QLabel)
        if label.accessibleName() == "What was recognised"
    )
    qtbot.waitUntil(lambda: found.text() != "", timeout=LONG_MS)
    assert not open_button(chooser).isEnabled()
    tick = chooser.findChild(QCheckBox)
    assert tick is not None
    tick.click()
    assert open_button(chooser).isEnabled()
    tick.click()
    assert not open_button(chooser).isEnabled()
    chooser.reject()


def test_a_hub_id_on_the_command_line_is_looked_up(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.start(Path("nobody/nothing"), Path("missing"))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None
    assert "does not exist" not in banner.sentence
    assert banner.way_on is not None and banner.way_on[1] == "Download it"
