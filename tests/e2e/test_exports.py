"""From the open run to files: the dialog, the files, the banner."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.support.export_dialog import dialog_of, done, export_button
from tests.support.real_window import LONG_MS
from tests.support.widgets import open_dialogs
from ui.panels.export_dialog import ExportDialog
from ui.vocabulary.export_choice import ExportChoice, ExportKind
from ui.window.export_handlers import rgb_table
from ui.window.main_window import MainWindow


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where every file dialog says to write: out/ for folders, out/NAME for files."""
    out = tmp_path / "out"
    out.mkdir()

    def name(_parent: object, _title: str, proposed: str, *_: str) -> tuple[str, str]:
        return str(out / Path(proposed).name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    return out


def test_a_figure_of_the_shown_panels(sampled: MainWindow, qtbot: QtBot, chosen: Path) -> None:
    dialog = dialog_of(sampled)
    assert dialog.panels.chosen == ("picture", "cov_bad", "score_diff", "attention")
    dialog.choose_format(ExportKind.FIGURE, "png")
    dialog.panels.tick("attention", False)
    dialog.dpi.setValue(100)
    dialog.width_mm.setValue(127)
    export_button(dialog).click()
    assert "inspection.png" in done(sampled, qtbot)
    with Image.open(chosen / "inspection.png") as picture:
        assert picture.width == 500
        facts = json.loads(picture.info["Description"])
    assert [panel["content"] for panel in facts["panels"]] == ["picture", "cov_bad", "score_diff"]
    assert facts["trajectory"]["prompt"] == "red apple"
    assert sampled.inspection.settings.export_folder == str(chosen)
    assert open_dialogs(sampled, ExportDialog) == []


@pytest.mark.parametrize(("format", "begins"), [("pdf", b"%PDF-"), ("svg", b"<?xml")])
def test_a_figure_for_print(
    sampled: MainWindow, qtbot: QtBot, chosen: Path, format: str, begins: bytes
) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_format(ExportKind.FIGURE, format)
    export_button(dialog).click()
    assert f"inspection.{format}" in done(sampled, qtbot)
    written = (chosen / f"inspection.{format}").read_bytes()
    assert written.startswith(begins)
    assert format == "pdf" or b"<svg" in written


def test_an_animation_in_all_colours(sampled: MainWindow, qtbot: QtBot, chosen: Path) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_kind(ExportKind.ANIMATION)
    dialog.choose_format(ExportKind.ANIMATION, "apng")
    dialog.pixels.setValue(240)
    for content in ("cov_bad", "attention"):
        dialog.panels.tick(content, False)
    export_button(dialog).click()
    done(sampled, qtbot)
    (path,) = chosen.iterdir()
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.n_frames == 8  # type: ignore[attr-defined]


def test_the_report_opens_anywhere(sampled: MainWindow, qtbot: QtBot, chosen: Path) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_kind(ExportKind.REPORT)
    export_button(dialog).click()
    done(sampled, qtbot)
    page = (chosen / "inspection.html").read_text(encoding="utf-8")
    fetched = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')>\s]+)""", page)
    assert any(address.startswith("data:image/") for address in fetched)
    assert [a for a in fetched if not a.startswith(("data:", "#"))] == []
    assert "<script" not in page
    assert "red apple" in page


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        (
            ExportKind.TABLES,
            {f"{n}.{s}" for n in ("agreement", "readings") for s in ("csv", "json")},
        ),
        (ExportKind.ANIMATION, {"inspection.gif"}),
    ],
)
def test_tables_and_an_animation(
    sampled: MainWindow, qtbot: QtBot, chosen: Path, kind: ExportKind, files: set[str]
) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_kind(kind)
    dialog.pixels.setValue(240)
    for content in ("cov_bad", "attention"):
        dialog.panels.tick(content, False)
    export_button(dialog).click()
    assert str(chosen) in done(sampled, qtbot)
    assert {path.name for path in chosen.iterdir()} == files
    if kind is ExportKind.ANIMATION:
        with Image.open(chosen / "inspection.gif") as picture:
            assert picture.n_frames == 8  # type: ignore[attr-defined]


def test_maps_are_those_on_the_screen(sampled: MainWindow, qtbot: QtBot, chosen: Path) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_kind(ExportKind.MAPS)
    dialog.tiff.setChecked(True)
    export_button(dialog).click()
    done(sampled, qtbot)
    panel = sampled.inspection.view().canvas.panels[1]
    values = np.load(chosen / "cov_bad_step_007.npy", allow_pickle=False)
    np.testing.assert_array_equal(values, panel.values)
    with Image.open(chosen / "cov_bad_step_007.tiff") as picture:
        np.testing.assert_array_equal(np.asarray(picture), panel.values)


def test_what_cannot_be_exported_says_why(sampled: MainWindow) -> None:
    dialog = dialog_of(sampled)
    for content in dialog.panels.chosen:
        dialog.panels.tick(content, False)
    assert not export_button(dialog).isEnabled()
    assert export_button(dialog).toolTip()
    dialog.choose_kind(ExportKind.TABLES)
    assert export_button(dialog).isEnabled()
    dialog.csv.setChecked(False)
    dialog.json.setChecked(False)
    assert not export_button(dialog).isEnabled()
    dialog.reject()


def test_no_more_than_six_panels(sampled: MainWindow) -> None:
    dialog = dialog_of(sampled)
    for row in range(dialog.panels.list.count()):
        dialog.panels.tick(dialog.panels.list.item(row).data(0x0100))
    assert len(dialog.panels.chosen) <= 6
    dialog.reject()


def test_the_dialog_starts_from_the_last_choice(
    sampled: MainWindow, qtbot: QtBot, chosen: Path
) -> None:
    dialog = dialog_of(sampled)
    dialog.choose_kind(ExportKind.MAPS)
    dialog.standard_errors.setChecked(True)
    export_button(dialog).click()
    done(sampled, qtbot)
    again = dialog_of(sampled)
    assert again.choice().kind is ExportKind.MAPS
    assert again.standard_errors.isChecked()
    again.reject()


def test_a_full_disk_is_said_and_the_old_file_is_whole(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figure.pdf"
    path.write_bytes(b"the old one")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    choice = ExportChoice(kind=ExportKind.FIGURE, panels=("score_diff",))
    sampled.inspection.exports.export(choice, path, rgb_table("inferno"))
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    banner = sampled.inspection.view().banner
    assert banner is not None and banner.severity == "error"
    assert "figure.pdf was not written" in banner.sentence
    assert banner.way_on is not None and banner.way_on[0] == "export"
    assert path.read_bytes() == b"the old one"


def test_cancelled_nothing_is_written(sampled: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "long.gif"
    choice = ExportChoice(
        kind=ExportKind.ANIMATION, panels=("picture", "score_diff"), formats=("gif",)
    )
    sampled.inspection.exports.export(choice, path, rgb_table("inferno"))
    qtbot.waitUntil(lambda: bool(sampled.inspection.view().status.activity), timeout=LONG_MS)
    sampled.inspection.cancel()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert not path.exists()
    assert sampled.inspection.view().banner is None
