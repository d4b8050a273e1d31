"""Ctrl+B takes a folder, a file of weights or a hub id; nothing is downloaded unasked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.panels.baseline_chooser import BaselineChooser
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Chooser:
    """The dialog with a hand on it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self._window, self._qtbot = window, qtbot
        action = window.actions_[ActionKey.OPEN_BASELINE]
        assert action.shortcut().toString() == "Ctrl+B"
        action.trigger()
        dialog = window.findChild(BaselineChooser)
        assert dialog is not None and dialog.isVisible()
        self.dialog = dialog
        self.source = self._one(QLineEdit)
        self.download = self._one(QCheckBox)
        self.open = self._one(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)

    def _one(self, kind: type[Any]) -> Any:
        found = self.dialog.findChild(kind)
        assert found is not None
        return found

    def type(self, text: str) -> str:
        """Name a checkpoint; return what was recognised."""
        self.source.setText(text)
        assert not self.open.isEnabled() or self.download.isChecked()
        found = named(self.dialog, QLabel, "What was recognised")
        self._qtbot.waitUntil(lambda: bool(found.text()), timeout=LONG_MS)
        return str(found.text())

    def take(self) -> None:
        self._qtbot.mouseClick(self.open, Qt.MouseButton.LeftButton)
        self._qtbot.waitUntil(lambda: self._window.idle, timeout=LONG_MS)


@pytest.fixture
def hub(tmp_path: Path, tiny_early: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A hub that has someone/early; return whether each look-up was allowed to download."""
    place, asked = tmp_path / "hub", []
    place.mkdir()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(place))
    offline = huggingface_hub.snapshot_download

    def snapshot_download(hub_id: str, **options: Any) -> str:
        asked.append(not options["local_files_only"])
        if asked[-1]:
            repository = place / f"models--{hub_id.replace('/', '--')}"
            shutil.copytree(tiny_early, repository / "snapshots" / COMMIT)
            (repository / "refs").mkdir()
            (repository / "refs" / "main").write_text(COMMIT)
        return offline(hub_id, **{**options, "local_files_only": True})

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    return asked


def chosen(window: MainWindow) -> str:
    view = window.inspection.view()
    assert view.banner is None, view.banner
    return view.setup.baseline


def test_a_hub_id_is_downloaded_only_when_ticked(
    window: MainWindow, qtbot: QtBot, hub: list[bool]
) -> None:
    chooser = Chooser(window, qtbot)
    assert not chooser.download.isEnabled()
    assert "allow the download" in chooser.type("someone/early")
    assert not chooser.open.isEnabled() and not any(hub)
    chooser.download.setChecked(True)
    chooser.take()
    assert chosen(window) == "someone/early"
    assert any(hub)
    assert state_of(window.inspection).results.baseline.split("@")[0] == "someone/early"
    # Now that it is in the cache, it needs no tick.
    window.inspection.choose_baseline("unconditional")
    again = Chooser(window, qtbot)
    assert "It fits" in again.type("someone/early")
    assert again.open.isEnabled() and not again.download.isChecked()
    again.dialog.reject()


def test_a_folder_and_a_file_by_their_dialogs(
    window: MainWindow, qtbot: QtBot, tiny_early: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next(tiny_early.glob("*.safetensors"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tiny_early))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    for browse, path in (("_browse_folders", tiny_early), ("_browse_files", file)):
        chooser = Chooser(window, qtbot)
        getattr(chooser.dialog, browse)()
        qtbot.waitUntil(chooser.open.isEnabled, timeout=LONG_MS)
        chooser.take()
        assert chosen(window) == str(path)


def test_what_does_not_fit_says_why_and_cannot_be_opened(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    chooser = Chooser(window, qtbot)
    assert "holds no UNet" in chooser.type(str(tmp_path))
    assert not chooser.open.isEnabled()
    assert "holds no UNet" in chooser.open.toolTip()
    chooser.dialog.accept()
    assert chooser.dialog.isVisible()
    chooser.dialog.reject()
