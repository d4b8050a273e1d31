"""Dragging a level: the axis stays under the hand, and there is a way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.support.drawn_views import canvas
from ui.plots.histogram import Histogram

Bot = Any
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[Histogram]:
    """A histogram whose levels follow what it asks for, as in the window."""
    made = Histogram()
    qtbot.addWidget(made)
    made.resize(300, 96)
    panel = next(p for p in canvas(4).panels if p.active)
    values = np.linspace(0.0, 0.01, 64, dtype=np.float32).reshape(8, 8)
    view = replace(panel, values=values, levels=(0.0, 1.0))
    made.show_view(view, "inferno", None)

    def follow(low: float, high: float) -> None:
        made.show_view(replace(view, levels=(low, high)), "inferno", None)

    made.levels_chosen.connect(follow)
    made.show()
    made.grab()
    yield made
    made.hide()


def test_a_drag_ends_where_the_hand_is(shown: Histogram, qtbot: Bot) -> None:
    y = shown.height() // 2
    start = round(shown.x_of(1.0))
    aim = shown.value_at(start - 140)
    qtbot.mousePress(shown, LEFT, NONE, QPoint(start, y))
    for x in range(start, start - 141, -10):
        qtbot.mouseMove(shown, QPoint(x, y))
        shown.grab()
    assert shown._view is not None
    assert shown._view.levels[1] == pytest.approx(aim, abs=0.02)
    assert shown.x_of(shown._view.levels[1]) == pytest.approx(start - 140, abs=2)
    qtbot.mouseRelease(shown, LEFT, NONE, QPoint(start - 140, y))
    # Let go, the axis fits the levels again.
    assert shown.x_of(shown._view.levels[1]) == pytest.approx(start, abs=2)


def test_a_double_click_asks_for_the_way_back(shown: Histogram, qtbot: Bot) -> None:
    with qtbot.waitSignal(shown.levels_reset, timeout=1000):
        qtbot.mouseDClick(shown, LEFT, NONE, QPoint(150, 40))
