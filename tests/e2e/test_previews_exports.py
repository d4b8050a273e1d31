"""The export dialog shows the figure before it is written, and follows what is chosen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.support.export_dialog import dialog_of, done, export_button
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.panels.export_dialog import ExportDialog
from ui.vocabulary.export_choice import ExportKind
from ui.window.main_window import MainWindow


def settled(window: MainWindow, dialog: ExportDialog, qtbot: QtBot) -> tuple[int, int] | None:
    qtbot.waitUntil(
        lambda: (
            not named(dialog, QTimer, "preview").isActive() and window.idle and not drawing(dialog)
        ),
        timeout=LONG_MS,
    )
    return dialog.preview.picture_size


def drawing(dialog: ExportDialog) -> bool:
    return dialog.preview.words.startswith("Drawing")


def test_the_figure_is_seen_and_follows_the_panels(sampled: MainWindow, qtbot: QtBot) -> None:
    dialog = dialog_of(sampled)
    assert drawing(dialog)
    four = settled(sampled, dialog, qtbot)
    width, height = dialog.preview.within
    assert four is not None and four[0] <= width and four[1] <= height
    for content in dialog.panels.chosen[1:]:
        dialog.panels.tick(content, False)
    one = settled(sampled, dialog, qtbot)
    assert one is not None and one[0] / one[1] < four[0] / four[1]
    dialog.panels.tick(dialog.panels.chosen[0], False)
    qtbot.waitUntil(lambda: dialog.preview.picture_size is None, timeout=LONG_MS)
    assert dialog.preview.words == "Choose at least one panel."
    dialog.reject()


def test_many_changes_in_a_row_are_drawn_once(sampled: MainWindow, qtbot: QtBot) -> None:
    dialog = dialog_of(sampled)
    settled(sampled, dialog, qtbot)
    asked: list[object] = []
    dialog.preview_requested.connect(asked.append)
    for _ in range(3):
        dialog.title.toggle()
        dialog.outline.toggle()
    dialog.title.toggle()
    settled(sampled, dialog, qtbot)
    assert len(asked) == 1
    dialog.dpi.setValue(dialog.dpi.value())
    dialog.choose_kind(ExportKind.TABLES)
    assert dialog.preview.isHidden()
    dialog.reject()
    qtbot.wait(250)
    assert len(asked) == 1


def test_readings_computed_on_request_are_exported(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampled.inspection.readings.compute("jeon")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    dialog = dialog_of(sampled)
    dialog.choose_kind(ExportKind.TABLES)
    export_button(dialog).click()
    done(sampled, qtbot)
    with (tmp_path / "out" / "readings.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["reading"]: row for row in csv.DictReader(stream)}
    shown = next(r for r in sampled.inspection.view().readings if r.key == "jeon")
    assert f"{float(rows['jeon']['value']):.4g} latent⁻³" == shown.value
    assert rows["jeon"]["network_calls"] == "2"
    assert "wen" in rows
