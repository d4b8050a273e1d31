"""A run keeps its panels when another model is opened, and says whose it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.support.drawn_masks import banner_button
from tests.support.real_window import LONG_MS
from tests.support.tiny_pipeline import save_tiny_pipeline
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


@pytest.fixture(scope="session")
def other_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another model, which brings no less-trained checkpoint."""
    folder = save_tiny_pipeline(tmp_path_factory.mktemp("models") / "other", seed=5)
    for path in sorted((folder / "unet-early").iterdir()):
        path.unlink()
    (folder / "unet-early").rmdir()
    return folder


def contents(window: MainWindow) -> list[str]:
    return [panel.content for panel in window.inspection.view().canvas.panels]


def open_model(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    window.inspection.open_model(str(folder))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def test_a_run_keeps_its_panels_and_says_whose_it_is(
    sampled: MainWindow, qtbot: QtBot, tiny_pipeline: Path, other_pipeline: Path
) -> None:
    control = sampled.inspection
    before = control.view().canvas.panels
    assert "cov_bad" in contents(sampled)
    open_model(sampled, qtbot, other_pipeline)
    view = control.view()
    assert view.setup.model_name == "other"
    for old, new in zip(before, view.canvas.panels, strict=True):
        assert (new.content, new.status) == (old.content, PanelStatus.READY)
        if old.values is not None:
            np.testing.assert_array_equal(new.values, old.values)
    assert view.banner is not None
    assert "This run is of tiny; other is open" in view.banner.sentence
    control.steps.choose_step(2)
    hint = next(p for p in control.view().canvas.panels if p.content == "cov_bad").hint
    assert "tiny" in hint

    control.set_seed(4)
    control.run()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert control.view().banner is None
    assert "cov_bad" not in contents(sampled), "the other model has no less-trained baseline"
    control.runs.previous_run()
    assert contents(sampled) == [panel.content for panel in before]
    assert "Of another model: tiny" in sampled.run_strip.item(0).toolTip()

    banner_button(sampled, "Reopen tiny")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    view = control.view()
    assert (view.setup.model_name, view.banner) == ("tiny", None)
    assert contents(sampled) == [panel.content for panel in before]
    control.steps.choose_step(2)
    control.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    panel = next(p for p in control.view().canvas.panels if p.content == "cov_bad")
    assert panel.status is PanelStatus.READY


def test_the_note_goes_when_it_is_dismissed(
    sampled: MainWindow, qtbot: QtBot, other_pipeline: Path
) -> None:
    open_model(sampled, qtbot, other_pipeline)
    assert sampled.inspection.view().banner is not None
    sampled.banner.dismissed.emit()
    assert sampled.inspection.view().banner is None
    assert sampled.actions_["reopen-model"].isEnabled()  # type: ignore[index]


def test_only_the_demo_offers_its_prompts(window: MainWindow, qtbot: QtBot) -> None:
    def chips() -> list[str]:
        buttons = window.setup.findChildren(QPushButton)
        return [b.text() for b in buttons if b.property("role") == "chip" and b.isVisible()]

    assert chips() == []
    window.inspection.open_model("demo")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert chips() == ["Template", "Verbatim", "Free"]
