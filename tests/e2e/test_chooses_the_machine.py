from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


def choose(box: QComboBox, key: str) -> None:
    """As a person does: by the list, which reports the row."""
    index = box.findData(key)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_devices_that_are_not_there_are_disabled_and_say_why(window: MainWindow) -> None:
    box = window.setup.machine.device
    model, index = box.model(), box.findData("mps")
    flags = model.flags(model.index(index, 0))
    assert not flags & Qt.ItemFlag.ItemIsEnabled
    assert "Apple" in str(box.itemData(index, Qt.ItemDataRole.ToolTipRole))


def test_another_precision_loads_the_model_again_and_keeps_the_run(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    before = sampled.inspection.view()
    choose(sampled.setup.machine.dtype, "bfloat16")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    view = sampled.inspection.view()
    assert view.banner is None
    assert view.status.device == "cpu · bfloat16"
    assert view.setup.guidance_scale == before.setup.guidance_scale
    assert view.runs.shown == before.runs.shown
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    old, new = before.canvas.panels[1], sampled.inspection.view().canvas.panels[1]
    assert new.status is PanelStatus.READY
    assert new.values is not None and old.values is not None
    assert not np.array_equal(new.values, old.values)
    maps = state_of(sampled.inspection).results.maps.items()
    assert {m.provenance.dtype for _, m in maps if m.provenance.probes} == {"bfloat16"}


def test_a_device_that_fails_leaves_the_one_before(window: MainWindow, qtbot: QtBot) -> None:
    window.inspection.opening.choose_device("mps")
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    view = window.inspection.view()
    assert view.banner is not None and "mps" in view.banner.sentence
    assert view.setup.device == "auto"
    assert view.status.device == "cpu · float32"
