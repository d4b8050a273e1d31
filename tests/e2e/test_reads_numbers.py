from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import memlens
from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.view.readings import ReadingRow
from ui.window.main_window import MainWindow


def row(window: MainWindow, key: str) -> ReadingRow:
    return next(row for row in window.inspection.view().readings if row.key == key)


def test_the_free_number_is_there_and_another_is_a_button_away(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    state = state_of(sampled.inspection)
    assert state.results.run is not None and state.results.run.trajectory is not None
    expected = memlens.reading(state.results.run.trajectory, "wen").value
    assert row(sampled, "wen").value == f"{expected:.4g}"
    shown = sampled.readings.rows["jeon"]
    assert not shown.button.isHidden() and shown.value.isHidden()
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert sampled.inspection.view().banner is None
    assert row(sampled, "jeon").value.endswith("latent⁻³")
    assert shown.button.isHidden() and not shown.value.isHidden()
    assert "Jeon et al." in shown.toolTip() and "float32" in shown.toolTip()


def test_computing_curvature_gives_the_free_dimensions_too(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    assert row(sampled, "free-dimensions").can_compute
    sampled.inspection.looks.choose_content(1, "curvature")
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    found = row(sampled, "free-dimensions")
    results = state_of(sampled.inspection).results
    maps = [map_ for key, map_ in results.maps.items() if key.kind == "curvature"]
    assert results.run is not None and results.run.trajectory is not None
    expected = memlens.reading(results.run.trajectory, "free-dimensions", maps=maps)
    assert expected.network_calls == 0
    assert found.value.split(" ± ")[0] == f"{expected.value:.4g}"
    assert "4 probes" in found.about
