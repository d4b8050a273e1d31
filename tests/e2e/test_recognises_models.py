"""The model chooser says what is named before anything is loaded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS
from ui.action_keys import ActionKey
from ui.main_window import MainWindow
from ui.panels.model_chooser import ModelChooser


def test_what_is_named_is_recognised_before_it_is_loaded(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path
) -> None:
    before = window.inspection.view().setup.model_name
    window.actions_[ActionKey.OPEN_MODEL].trigger()
    chooser = QApplication.activeModalWidget()
    assert isinstance(chooser, ModelChooser)
    chooser._source.setText("/no/such/place")
    qtbot.waitUntil(lambda: chooser._found.text() != "", timeout=LONG_MS)
    assert chooser._found.text().startswith("The model /no/such/place does not exist")
    assert not chooser._open.isEnabled()
    assert chooser._list.selectedItems() == []

    chooser._source.setText(str(tiny_pipeline))
    qtbot.waitUntil(chooser._open.isEnabled, timeout=LONG_MS)
    assert "Kind: StableDiffusionPipeline" in chooser._found.text()
    assert window.inspection.view().setup.model_name == before
    chooser.reject()
