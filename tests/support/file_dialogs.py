"""Every file dialog of the window, opened once and closed without an answer."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.export_dialog import dialog_of, export_button
from tests.support.real_window import LONG_MS
from tests.support.widgets import named, open_dialog
from ui.panels.baseline_chooser import BaselineChooser
from ui.panels.model_chooser import ModelChooser
from ui.view.setup import OTHER, OTHER_FILE
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.export_choice import ExportKind
from ui.window.main_window import MainWindow

UI = Path(__file__).resolve().parents[2] / "ui"
KINDS = ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory")
ACTIONS = (
    ActionKey.OPEN_FOLDER,
    ActionKey.OPEN_PICTURE,
    ActionKey.OPEN_SESSION,
    ActionKey.ADD_SESSION,
    ActionKey.SAVE_SESSION_AS,
    ActionKey.FIND_IN_TRAINING,
    ActionKey.FIND_IN_PAIR,
    ActionKey.FIND_IN_SEEDS,
    ActionKey.IMPORT_MASK,
    ActionKey.EXPORT_MASK,
    ActionKey.EXPORT_ALL_PNG,
    ActionKey.EXPORT_ALL_COCO,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one dialog said, and the place in the code that opened it."""

    kind: str
    texts: tuple[str, ...]
    place: tuple[Path, int]


def places() -> set[tuple[Path, int]]:
    """Return every line of the window's code that opens a file dialog."""
    return {
        (path, node.lineno)
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in KINDS
    }


def open_every_file_dialog(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> list[Asked]:
    """Return what the dialogs said; the window needs a run, and no training picture."""
    asked: list[Asked] = []
    for kind in KINDS:
        monkeypatch.setattr(QFileDialog, kind, _noting(kind, asked))
    window.actions_[ActionKey.ADD_MASK].trigger()
    for key in ACTIONS:
        window.actions_[key].trigger()
    for other in (OTHER, OTHER_FILE):
        window.setup.baseline_requested.emit(other)
    window.setup.noise.file_requested.emit()
    window.actions_[ActionKey.OPEN_MODEL].trigger()
    models = open_dialog(window, ModelChooser)
    named(models, QPushButton, models.tr("Browse …")).click()
    models.reject()
    window.actions_[ActionKey.OPEN_BASELINE].trigger()
    baselines = open_dialog(window, BaselineChooser)
    for words in ("Folder …", "File …"):
        named(baselines, QPushButton, baselines.tr(words)).click()
    baselines.reject()
    for export in (ExportKind.FIGURE, ExportKind.MAPS):
        dialog = dialog_of(window)
        dialog.choose_kind(export)
        export_button(dialog).click()
    window.timeline.track.plot.ask_where("csv")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return asked


def _noting(kind: str, asked: list[Asked]) -> Callable[..., object]:
    def ask(_: object, *texts: str) -> object:
        frame = sys._getframe(1)
        asked.append(Asked(kind, texts, (Path(frame.f_code.co_filename), frame.f_lineno)))
        return {"getExistingDirectory": "", "getOpenFileNames": ([], "")}.get(kind, ("", ""))

    return ask
