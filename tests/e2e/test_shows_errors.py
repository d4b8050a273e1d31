from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import named, open_dialog
from ui.app import into_banner
from ui.panels.model_chooser import ModelChooser
from ui.window.main_window import MainWindow


def sentence(window: MainWindow) -> str:
    banner = window.inspection.view().banner
    assert banner is not None
    assert window.banner.isVisible()
    assert "Traceback" not in banner.sentence
    return banner.sentence


def still_works(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.timeline.reached == 8


@pytest.mark.parametrize("what", ["missing", "empty", "truncated", "owner/name"])
def test_a_model_that_cannot_be_opened(
    window: MainWindow, qtbot: QtBot, tiny_pipeline: Path, tmp_path: Path, what: str
) -> None:
    source = str(tmp_path / what)
    if what == "empty":
        (tmp_path / what).mkdir()
    elif what == "truncated":
        shutil.copytree(tiny_pipeline, source)
        weights = Path(source) / "unet" / "diffusion_pytorch_model.safetensors"
        weights.write_bytes(weights.read_bytes()[:1000])
    elif what == "owner/name":
        source = what
    window.inspection.open_model(source)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert what.split("/")[0] in sentence(window) or source in sentence(window)
    assert window.inspection.view().setup.model_name == tiny_pipeline.name
    still_works(window, qtbot)


def test_a_baseline_of_another_kind(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.inspection.choose_baseline(str(tmp_path))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert str(tmp_path) in sentence(window)
    assert window.inspection.view().setup.baseline == "unconditional"
    still_works(window, qtbot)


def test_a_damaged_session(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.memlens"
    damaged.write_bytes(b"PK\x03\x04 nothing good")
    window.inspection.open_session(damaged)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert "damaged.memlens" in sentence(window)
    still_works(window, qtbot)


def test_more_steps_than_the_schedule_has_cannot_be_chosen(window: MainWindow) -> None:
    # Of 1000 timesteps, one is taken by the schedule's offset.
    assert window.inspection.view().setup.max_steps == 999
    window.inspection.set_steps(1000)
    assert window.inspection.view().setup.steps == 999
    window.inspection.set_steps(-4)
    assert window.inspection.view().setup.steps == 1


def test_the_banner_unfolds_and_goes_away(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.report_problem("Something is wrong.", "all about it")
    details = next(b for b in window.banner.findChildren(QPushButton) if b.text() == "Details")
    details.click()
    assert named(window.banner, QPlainTextEdit, "Details of the problem").isVisible()
    window.banner.dismissed.emit()
    assert not window.banner.isVisible()


def test_an_exception_in_a_slot_does_not_quit(
    window: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = into_banner(window)
    try:
        raise ZeroDivisionError("oh")
    except ZeroDivisionError:
        kind, error, at = sys.exc_info()
    assert kind is not None and error is not None
    hook(kind, error, at)
    assert "ZeroDivisionError" in sentence(window)
    assert "ZeroDivisionError" in capsys.readouterr().err
    still_works(window, qtbot)


def test_the_way_on_does_what_it_says(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.inspection.open_model("/nowhere/at/all")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    named(window.banner, QPushButton, "Choose another model").click()
    chooser = open_dialog(window, ModelChooser)
    assert not window.banner.isVisible()
    chooser.reject()
