from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from memlens.masks.named_mask import NamedMask
from tests.e2e.conftest import LONG_MS
from ui.action_keys import ActionKey
from ui.main_window import MainWindow


@pytest.fixture
def compared(sampled: MainWindow, qtbot: QtBot) -> MainWindow:
    """The left half (B) and the middle half (A, the active one), compared in the first panel."""
    masks = sampled.inspection.masks
    height, width = masks.size or (0, 0)
    for first, last in ((0.0, 0.5), (0.25, 0.75)):
        pixels = np.zeros((height, width), bool)
        pixels[:, int(first * width) : int(last * width)] = True
        masks.add_mask(NamedMask(name=f"from {first}", kind="ground truth", pixels=pixels))
    sampled.actions_[ActionKey.PANEL_1].trigger()
    qtbot.keyClick(sampled, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(numbers(sampled)) and sampled.idle, timeout=LONG_MS)
    return sampled


def numbers(window: MainWindow) -> dict[str, str]:
    box = window.masks.section.comparison
    return {title.text(): number.text() for title, number in box._numbers if title.text()}


def test_the_numbers_follow_an_edit(compared: MainWindow, qtbot: QtBot) -> None:
    assert numbers(compared)["IoU"] == "0.333"
    assert numbers(compared)["Dice"] == "0.500"
    assert numbers(compared)["κ"] == "0.000"
    compared.actions_[ActionKey.CLEAR_MASK].trigger()
    qtbot.waitUntil(lambda: numbers(compared)["IoU"] == "0.000", timeout=LONG_MS)
    assert numbers(compared)["HD95"] == "–"


def test_a_run_that_stops_it_is_only_an_interruption(compared: MainWindow, qtbot: QtBot) -> None:
    compared.actions_[ActionKey.CLEAR_MASK].trigger()
    compared.inspection.masks.settle()
    compared.inspection.cancel()
    compared.inspection.set_seed(5)
    compared.inspection.run()
    qtbot.waitUntil(lambda: compared.idle, timeout=LONG_MS)
    compared.inspection.runs.choose_run(compared.inspection.view().runs.runs[0].number)
    qtbot.waitUntil(lambda: numbers(compared).get("IoU") == "0.000", timeout=LONG_MS)
