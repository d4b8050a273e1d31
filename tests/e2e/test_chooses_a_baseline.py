from __future__ import annotations

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS, MakeWindow
from ui.main_window import MainWindow


def test_the_chooser_lists_what_fits_and_why_the_rest_does_not(window: MainWindow) -> None:
    choices = {key: reason for key, _, reason in window.inspection.view().setup.baselines}
    assert choices["unconditional"] == choices["early"] == ""
    assert "does not fit tiny" in choices["demo"]
    assert window.inspection.intent.model in choices
    assert "target itself" in choices[window.inspection.intent.model]


def test_another_checkpoint_is_taken_and_offered_again(
    window: MainWindow,
    make_window: MakeWindow,
    qtbot: QtBot,
    tiny_pipeline: Path,
    tiny_early: Path,
    tmp_path: Path,
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(tiny_early, mine)
    window.inspection.choose_baseline(str(mine))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is None
    assert view.setup.baseline == str(mine)
    window.close()

    again = make_window()
    again.start(tiny_pipeline, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    offered = {key: reason for key, _, reason in again.inspection.view().setup.baselines}
    assert offered[str(mine)] == ""


def test_a_single_file_of_weights_is_a_baseline(
    window: MainWindow, qtbot: QtBot, tiny_early: Path
) -> None:
    file = next(tiny_early.glob("*.safetensors"))
    window.inspection.choose_baseline(str(file))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    assert window.inspection.view().setup.baseline == str(file)
