"""Where memory runs out the window says so, offers smaller batches, and then works."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from memlens.models.stable_diffusion import UNetDenoiser
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.jobs.job import Request
from ui.jobs.localize import Localize
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


class Memory:
    """Runs out in every network call until it is given back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scarce = True
        passed = UNetDenoiser.predict

        def predict(*arguments: Any, **named: Any) -> Any:
            if self.scarce:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
            return passed(*arguments, **named)

        monkeypatch.setattr(UNetDenoiser, "predict", predict)


def test_smaller_batches_are_offered_and_then_work(
    sampled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Localize] = []
    submit = sampled._runner.submit

    def noted(request: Request) -> int:
        if isinstance(request, Localize):
            asked.append(request)
        return submit(request)

    monkeypatch.setattr(sampled._runner, "submit", noted)
    memory = Memory(monkeypatch)
    sampled.inspection.steps.choose_step(3)
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)

    view = sampled.inspection.view()
    assert view.banner is not None and view.banner.severity == "error"
    assert "too little memory" in view.banner.sentence
    assert "Traceback" not in view.banner.sentence
    assert view.canvas.panels[1].status is PanelStatus.STAND_IN
    assert asked[-1].probes_per_batch != 1

    memory.scarce = False
    way_on = named(sampled.banner, QPushButton, "Try again, one probe at a time")
    assert way_on.isVisible()
    qtbot.mouseClick(way_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)

    view = sampled.inspection.view()
    assert view.banner is None
    assert asked[-1].probes_per_batch == 1
    assert view.canvas.panels[1].status is PanelStatus.READY
    assert 3 in view.timeline.cached


def test_a_run_that_does_not_fit_is_said_and_can_be_run_again(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(monkeypatch)
    window.inspection.set_prompt("red apple")
    window.inspection.run()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None and "too little memory" in banner.sentence
    memory.scarce = False
    qtbot.mouseClick(named(window.banner, QPushButton, "Run again"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    assert window.inspection.view().banner is None
    assert window.inspection.view().timeline.reached == 8


def test_a_reading_that_does_not_fit_is_computed_at_the_second_try(
    sampled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(monkeypatch)
    shown = sampled.readings.rows["flipd"]
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    banner = sampled.inspection.view().banner
    assert banner is not None and "too little memory" in banner.sentence
    assert shown.button.isVisibleTo(sampled.readings) and shown.button.isEnabled()

    memory.scarce = False
    way_on = named(sampled.banner, QPushButton, "Try again, one probe at a time")
    assert way_on.isVisible()
    qtbot.mouseClick(way_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.inspection.view().banner is None
    assert shown.value.text() not in ("", "–") and shown.button.isHidden()
