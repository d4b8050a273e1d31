"""What is computed for a step gives way to the step that the person rests on next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from memlens.models.stable_diffusion import UNetDenoiser
from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from tests.support.widgets import named
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


class Gate:
    """Holds every network call until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open, self.reached, self.calls = threading.Event(), threading.Event(), 0
        passed = UNetDenoiser.predict

        def predict(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            self.reached.set()
            assert self.open.wait(LONG_MS / 1000)
            return passed(*arguments, **named)

        monkeypatch.setattr(UNetDenoiser, "predict", predict)


@pytest.fixture
def gate(sampled: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open.set()


def computing(window: MainWindow) -> set[int]:
    return {key.step for key in state_of(window.inspection).activity.computing}


def test_the_step_that_is_left_yields_to_the_new_one(
    sampled: MainWindow, qtbot: QtBot, gate: Gate
) -> None:
    assert sampled.inspection.view().timeline.cached == {7}
    sampled.inspection.steps.choose_step(3)
    qtbot.waitUntil(gate.reached.is_set, timeout=LONG_MS)
    assert computing(sampled) == {3}
    sampled.inspection.steps.choose_step(5)
    qtbot.waitUntil(lambda: computing(sampled) == {5}, timeout=LONG_MS)
    gate.open.set()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    view = sampled.inspection.view()
    assert view.canvas.panels[1].status is PanelStatus.READY
    assert view.timeline.cached == {5, 7}
    assert view.banner is None


def test_a_step_that_is_computed_is_not_computed_again(
    sampled: MainWindow, qtbot: QtBot, gate: Gate
) -> None:
    gate.open.set()
    sampled.inspection.steps.choose_step(3)
    qtbot.waitUntil(
        lambda: 3 in sampled.inspection.view().timeline.cached and sampled.idle, timeout=LONG_MS
    )
    made = gate.calls
    sampled.inspection.steps.last_step()
    sampled.inspection.steps.choose_step(3)
    assert sampled.inspection.view().canvas.panels[1].status is PanelStatus.READY
    qtbot.waitUntil(
        lambda: not named(sampled, QTimer, "rest").isActive() and sampled.idle, timeout=LONG_MS
    )
    assert gate.calls == made > 0
