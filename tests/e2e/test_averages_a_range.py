from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from memlens.maps.averaging import average
from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.view.view_state import PanelStatus
from ui.window.main_window import MainWindow


def drag_range(window: MainWindow, qtbot: QtBot, first: int, last: int) -> None:
    track = window.timeline.track
    shift = Qt.KeyboardModifier.ShiftModifier
    start, end = (QPoint(round(track.x_of(step)), 20) for step in (first, last))
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, shift, start)
    qtbot.mouseMove(track, end)
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, shift, end)


def test_dragging_a_range_and_averaging_it_computes_what_is_missing(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    sampled.inspection.looks.choose_preset("Two methods")
    sampled.inspection.looks.choose_content(0, "cov")
    timeline = sampled.timeline
    assert not timeline.average.isVisible()
    drag_range(sampled, qtbot, 5, 7)
    assert sampled.inspection.view().timeline.window == (5, 7)
    assert timeline.average.isVisible() and timeline.average.text() == "Average 5–7"
    qtbot.mouseClick(timeline.average, Qt.MouseButton.LeftButton)

    def averaged() -> bool:
        panel = sampled.inspection.view().canvas.panels[0]
        return panel.status is PanelStatus.READY and panel.headline.startswith("steps 5–7")

    qtbot.waitUntil(averaged, timeout=LONG_MS)
    shown = sampled.inspection.view().canvas.panels[1].values
    results = state_of(sampled.inspection).results
    maps = [results.maps.get(results.key("score_diff", step, "", 0)) for step in (5, 6, 7)]
    expected = average([found for found in maps if found is not None])
    assert expected.provenance.steps_averaged == 3 and shown is not None
    np.testing.assert_array_equal(shown, expected.values)
    qtbot.mouseClick(timeline.clear, Qt.MouseButton.LeftButton)
    view = sampled.inspection.view()
    assert view.timeline.window is None
    assert not view.canvas.panels[1].headline.startswith("steps")
