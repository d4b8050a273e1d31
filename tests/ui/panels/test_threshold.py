from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.support.drawn_views import canvas, grabbed
from ui.canvas import method_colours
from ui.panels.inspect import InspectPanel
from ui.view.view_state import AgreementRow, InspectView
from ui.vocabulary.display_choice import FillPredicted, Threshold

RECALL = np.array([0, 0.5, 1], np.float32)
PRECISION = np.array([1, 0.9, 0.4], np.float32)


def row(content: str, **others: object) -> AgreementRow:
    made = AgreementRow(
        content=content,
        symbol="Δh_∅",
        label=content,
        mean=0.1,
        iou=0.5,
        threshold=0.25,
        auroc=0.9,
        average_precision=0.8,
        network_calls=1,
        seconds=1.0,
        precision_at_chosen=0.9,
        recall_at_chosen=0.5,
        recall=RECALL,
        precision=PRECISION,
    )
    return replace(made, **others)  # type: ignore[arg-type]


VIEW = InspectView(mask_name="ground truth", rows=(row("cov"), row("attention")))


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[InspectPanel]:
    made = InspectPanel()
    qtbot.addWidget(made)
    made.resize(344, 1200)
    made.show_view(VIEW, canvas(2))
    made.show()
    yield made
    made.hide()


def test_turning_it_on_begins_at_the_best_threshold(shown: InspectPanel, qtbot: QtBot) -> None:
    choice = shown.agreement.threshold
    assert not choice.slider.isEnabled() and not choice.fill.isEnabled()
    with qtbot.waitSignal(shown.display_chosen) as asked:
        choice.shown.click()
    assert asked.args == [Threshold(0.25)]
    without_mask = replace(VIEW, rows=(row("cov", threshold=math.nan),))
    shown.show_view(without_mask, canvas(2))
    assert not choice.shown.isChecked() and not choice.best.isEnabled()
    with qtbot.waitSignal(shown.display_chosen) as asked:
        choice.shown.click()
    assert asked.args == [Threshold(0.5)]


def test_the_slider_runs_over_the_values_of_the_map(shown: InspectPanel, qtbot: QtBot) -> None:
    choice = shown.agreement.threshold
    asked: list[object] = []
    shown.display_chosen.connect(asked.append)
    shown.show_view(replace(VIEW, threshold=0.3), canvas(2))
    assert choice.slider.value() == 300 and asked == []
    assert choice.value.text() == "> 0.300"
    choice.slider.setValue(750)
    assert asked == [Threshold(pytest.approx(0.75))]  # type: ignore[arg-type]
    shown.show_view(replace(VIEW, threshold=0.1), canvas(2, log_scale=True))
    assert choice.slider.value() == round(1000 * math.log(11) / math.log(101))


def test_it_can_be_turned_off_filled_and_set_to_the_best(shown: InspectPanel, qtbot: QtBot) -> None:
    choice = shown.agreement.threshold
    shown.show_view(replace(VIEW, threshold=0.6), canvas(2))
    with qtbot.waitSignal(shown.display_chosen) as asked:
        choice.fill.click()
    assert asked.args == [FillPredicted(True)]
    with qtbot.waitSignal(shown.display_chosen) as asked:
        choice.best.click()
    assert asked.args == [Threshold(0.25)]
    with qtbot.waitSignal(shown.display_chosen) as asked:
        choice.shown.click()
    assert asked.args == [Threshold(None)]


def test_the_curves_of_the_shown_methods_are_drawn_with_their_point(shown: InspectPanel) -> None:
    plot = shown.agreement.curves
    assert plot.curves == ("cov",)
    shown.show_view(replace(VIEW, threshold=0.3), canvas(2))
    colour = method_colours.colour("cov", plot.palette())
    centre = plot.point_of(VIEW.rows[0]).toPoint()
    assert grabbed(plot).pixelColor(centre) == QColor(colour)
    away = (row("cov", recall_at_chosen=0.1, precision_at_chosen=0.2),)
    shown.show_view(replace(VIEW, threshold=0.9, rows=away), canvas(2))
    assert grabbed(plot).pixelColor(centre + QPoint(0, 3)) != QColor(colour)
    assert "recall 0.10" in plot.accessibleName()


def test_no_mask_means_no_curves(shown: InspectPanel) -> None:
    shown.show_view(replace(VIEW, rows=(row("cov", recall=None, precision=None),)), canvas(2))
    assert not shown.agreement.curves.isVisible()
    nothing = np.full(3, np.nan, np.float32)
    shown.show_view(replace(VIEW, rows=(row("cov", recall=nothing),)), canvas(2))
    assert not shown.agreement.curves.isVisible()


def test_every_control_has_a_name_and_a_tooltip(shown: InspectPanel) -> None:
    choice = shown.agreement.threshold
    for control in (choice.shown, choice.fill, choice.best, choice.slider, shown.agreement.curves):
        assert control.accessibleName() and control.toolTip()


def test_left_and_right_belong_to_the_histogram(shown: InspectPanel, qtbot: QtBot) -> None:
    shown.show_view(replace(VIEW, threshold=0.1), canvas(2, log_scale=True))
    with qtbot.waitSignal(shown.display_chosen) as asked:
        qtbot.keyClick(shown.display.histogram, Qt.Key.Key_Right)
    assert 0.1 < asked.args[0].value < 0.11
