from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from memlens import save_session
from tests.support import synthetic
from tests.support.real_window import MakeWindow
from ui.control.demo_session import demo_session_path
from ui.view.view_state import PanelStatus
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def test_the_precomputed_session_is_shown_before_any_model_is_open(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "demo-session.memlens"
    save_session(synthetic.session(), path)
    window = make_window()
    began = time.monotonic()
    window.start(None, path)
    qtbot.waitUntil(lambda: window.inspection.view().timeline.reached > 0, timeout=2000)
    assert time.monotonic() - began < 2.0
    view = window.inspection.view()
    assert [panel.status for panel in view.canvas.panels] == [PanelStatus.READY] * 4
    assert view.timeline.step == synthetic.STEPS - 2
    qtbot.waitUntil(
        lambda: "IoU" in window.inspection.view().canvas.panels[1].headline, timeout=5000
    )
    assert window.inspection.view().banner is None


def test_there_are_three_prompts_to_try(make_window: MakeWindow) -> None:
    window = make_window()
    labels = [label for label, _ in window.inspection.view().setup.prompts]
    assert labels == ["Template", "Verbatim", "Free"]


def test_a_prompt_to_try_is_put_in_by_its_button(window: MainWindow, qtbot: QtBot) -> None:
    tried = dict(window.inspection.view().setup.prompts)
    chips = {b.text(): b for b in window.setup.findChildren(QPushButton) if b.text() in tried}
    assert list(chips) == list(tried)
    for label, chip in chips.items():
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
        view = window.inspection.view()
        assert view.setup.prompt == tried[label]
        assert ActionKey.RUN not in view.disabled


def test_the_bundled_session_opens(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.start(None, demo_session_path())
    qtbot.waitUntil(lambda: window.idle, timeout=60_000)
    view = window.inspection.view()
    assert view.banner is None
    assert view.setup.model_name == "demo"
