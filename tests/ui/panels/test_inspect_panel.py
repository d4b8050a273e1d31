from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from tests.support.drawn_views import Watch, canvas, grabbed, panel
from ui.panels.agreement_table import ROW
from ui.panels.inspect import InspectPanel
from ui.view.view_state import AgreementRow, InspectView
from ui.vocabulary.display_choice import (
    Colormap,
    DisplayChoice,
    Layout,
    Levels,
    LogScale,
    Nearest,
    Opacity,
    Outline,
    Preset,
    Smoothing,
    Stretch,
    Threshold,
    Units,
)

Bot = Any


def row(content: str, iou: float, **others: float) -> AgreementRow:
    made = AgreementRow(
        content=content,
        symbol={"cov": "Δh_∅", "score_diff": "Δs_∅", "attention": "BE"}[content],
        label=content,
        mean=-0.0312,
        iou=iou,
        threshold=0.31,
        iou_at_chosen=0.44,
        precision_at_chosen=0.6,
        recall_at_chosen=0.7,
        auroc=0.96,
        average_precision=1.0,
        network_calls=32,
        seconds=2.14,
    )
    return replace(made, **others)  # type: ignore[arg-type]


VIEW = InspectView(
    mask_name="ground truth",
    measured_at="step 7",
    rows=(row("cov", 0.5), row("score_diff", math.nan), row("attention", 0.8)),
    threshold=0.4,
)


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[InspectPanel]:
    made = InspectPanel()
    qtbot.addWidget(made)
    made.resize(344, 800)
    made.show_view(VIEW, canvas(4))
    made.show()
    yield made
    made.hide()


def ious(shown: InspectPanel) -> list[str]:
    model = shown.agreement.sorted
    return [model.index(place, 2).data() for place in range(model.rowCount())]


def test_numbers_are_short_and_missing_ones_a_dash(shown: InspectPanel) -> None:
    model = shown.agreement.sorted
    cells = [str(model.index(0, column).data()) for column in range(11)]
    numbers = ["0.50", "0.31", "0.44", "0.60", "0.70", "0.96", "1.00", "32", "2.1"]
    assert cells == ["Δh∅", "−0.031", *numbers]
    assert ious(shown) == ["0.50", "–", "0.80"]


def test_sorting_puts_missing_numbers_last(shown: InspectPanel) -> None:
    table = shown.agreement.table
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert ious(shown) == ["0.80", "0.50", "–"]
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert ious(shown) == ["0.50", "0.80", "–"]


def test_ctrl_c_copies_what_is_seen_as_tsv(shown: InspectPanel, qtbot: Bot) -> None:
    table = shown.agreement.table
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table.setFocus()
    shown.agreement.copying.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    heads = lines[0].split("\t")
    assert heads[:2] == ["symbol", "method"]
    said = {
        "mask": "ground truth",
        "measured at": "step 7",
        "mean (canonical units)": "-0.0312",
        "best IoU": "0.8",
        "threshold of the best IoU (canonical units)": "0.31",
        "recall at the chosen threshold": "0.7",
        "network calls beyond sampling": "32",
        "time (s)": "2.14",
    }
    cells = dict(zip(heads, lines[1].split("\t"), strict=True))
    assert {head: cells[head] for head in said} == said
    assert [line.split("\t")[0] for line in lines[1:]] == ["BE", "Δh_∅", "Δs_∅"]
    chosen = ["0.44", "0.6", "0.7"]
    expected = ["-0.0312", "0.8", "0.31", *chosen, "0.96", "1", "32", "2.14"]
    assert lines[1].split("\t")[4:] == expected
    assert lines[3].split("\t")[heads.index("best IoU")] == ""
    table.selectRow(1)
    shown.agreement.copy()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2


def test_copied_heads_say_which_units_and_which_threshold(shown: InspectPanel) -> None:
    shown.show_view(replace(VIEW, units="paper", threshold=None), canvas(4))
    shown.agreement.copy()
    heads = QGuiApplication.clipboard().text().splitlines()[0].split("\t")
    assert "mean (paper's units)" in heads
    assert "precision at the best threshold" in heads


def test_every_column_explains_itself(shown: InspectPanel) -> None:
    model = shown.agreement.model
    for section in range(11):
        across = Qt.Orientation.Horizontal
        assert model.headerData(section, across, Qt.ItemDataRole.ToolTipRole)


def test_one_sentence_when_there_is_no_mask(shown: InspectPanel) -> None:
    shown.show_view(InspectView(), canvas(4))
    assert shown.agreement.sentence.text().startswith("No mask:")
    assert not shown.agreement.table.isVisible()
    shown.show_view(VIEW, canvas(4))
    assert shown.agreement.sentence.text().startswith("Against ground truth, step 7. IoU at each")
    assert shown.agreement.table.isVisible()


def test_new_numbers_keep_the_order_and_the_selection(shown: InspectPanel) -> None:
    table = shown.agreement.table
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table.selectRow(0)
    rows = (row("cov", 0.9), *VIEW.rows[1:])
    shown.show_view(replace(VIEW, rows=rows), canvas(4))
    assert ious(shown) == ["0.90", "0.80", "–"]
    chosen = table.selectionModel().selectedRows()
    assert [index.data(ROW).content for index in chosen] == ["attention"]


@pytest.mark.parametrize(
    ("act", "choice"),
    [
        (lambda d: d.layout_choice.buttons[6].click(), Layout(6)),
        (lambda d: d.levels.buttons[True].click(), Stretch(True)),
        (lambda d: d.units.buttons["paper"].click(), Units("paper")),
        (lambda d: d.drawing.buttons[False].click(), Nearest(False)),
        (lambda d: d.outline.click(), Outline(False)),
        (lambda d: d.opacity.setValue(35), Opacity(0.35)),
        (lambda d: d.colormap.activated.emit(2), Colormap("viridis")),
        (lambda d: d.smoothing.activated.emit(2), Smoothing(5)),
        (lambda d: d.preset.activated.emit(d.preset.findText("One")), Preset("One")),
        (lambda d: d.scale.buttons[True].click(), LogScale(True)),
    ],
)
def test_controls_ask(shown: InspectPanel, qtbot: Bot, act: Any, choice: DisplayChoice) -> None:
    with qtbot.waitSignal(shown.display_chosen) as asked:
        act(shown.display)
    assert asked.args == [choice]


def test_controls_follow_the_view_in_silence(shown: InspectPanel) -> None:
    asked: list[object] = []
    shown.display_chosen.connect(asked.append)
    view = replace(VIEW, smoothing=7, stretched=True, units="paper", preset="Two methods")
    shown.show_view(view, canvas(2, opacity=0.25, outline=False, colormap="grey"))
    display = shown.display
    assert display.opacity.value() == 25 and display.opacity_words.text() == "25 %"
    assert display.smoothing.currentData() == 7
    assert display.layout_choice.buttons[2].isChecked()
    assert display.levels.buttons[True].isChecked()
    assert display.preset.currentText() == "Two methods"
    assert display.colormap.currentData() == "grey"
    assert not display.outline.isChecked()
    assert asked == []


def test_the_histogram_s_handles_ask(shown: InspectPanel, qtbot: Bot) -> None:
    histogram = shown.display.histogram
    at = QPointF(histogram.x_of(0.4), 40).toPoint()
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(shown.display_chosen) as asked:
        move(histogram, histogram.x_of(0.6))
    assert asked.args == [Threshold(pytest.approx(0.6, abs=0.01))]  # type: ignore[arg-type]
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=at)
    at = QPointF(histogram.x_of(1.0), 40).toPoint()
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(shown.display_chosen) as levels:
        move(histogram, histogram.x_of(0.5))
    assert levels.args == [Levels(0.0, pytest.approx(0.5, abs=0.01))]  # type: ignore[arg-type]
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(shown.display_chosen) as asked:
        qtbot.keyClick(histogram, Qt.Key.Key_Right)
    assert asked.args == [Threshold(pytest.approx(0.41))]  # type: ignore[arg-type]


def test_the_histogram_shows_the_active_map(shown: InspectPanel) -> None:
    histogram = shown.display.histogram
    before = grabbed(histogram)
    other = replace(canvas(1), panels=(panel("picture", active=True),))
    shown.show_view(VIEW, other)
    assert grabbed(histogram) != before


def test_sections_can_be_added_between(shown: InspectPanel) -> None:
    masks = QLabel("masks")
    shown.insert_section("Masks", masks)
    QApplication.processEvents()
    inside = shown.widget()
    assert inside is not None
    y = {
        w: w.mapTo(inside, w.rect().topLeft()).y() for w in (shown.display, masks, shown.agreement)
    }
    assert y[shown.display] < y[masks] < y[shown.agreement]


def test_every_control_has_a_name_and_a_tooltip(shown: InspectPanel) -> None:
    display = shown.display
    controls: list[QWidget] = [display.opacity, display.histogram]
    controls += display.findChildren(QComboBox)
    for control in controls:
        assert control.accessibleName() and control.toolTip()
    for choice in (display.layout_choice, display.levels, display.units, display.drawing):
        assert all(b.accessibleName() and b.toolTip() for b in choice.buttons.values())


def move(widget: Any, x: float) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(x, 40),
        widget.mapToGlobal(QPointF(x, 40)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def test_other_words_of_as_many_lines_ask_for_no_new_layout(shown: InspectPanel) -> None:
    sentence = shown.agreement.sentence
    shown.show_view(replace(VIEW, measured_at="step 8"), canvas(4))
    QApplication.processEvents()
    asked: list[QEvent.Type] = []
    watch = Watch(asked)
    shown.agreement.installEventFilter(watch)
    shown.show_view(replace(VIEW, measured_at="step 9"), canvas(4))
    QApplication.processEvents()
    assert "step 9." in sentence.text()
    assert QEvent.Type.LayoutRequest not in asked
    height = sentence.height()
    shown.show_view(replace(VIEW, measured_at="average of steps 10–19 " * 8), canvas(4))
    QApplication.processEvents()
    assert sentence.height() >= 2 * height - 2


def test_a_threshold_that_moves_draws_no_curve_and_no_bar_anew(shown: InspectPanel) -> None:
    curves, histogram = shown.agreement.curves, shown.display.histogram
    line = np.linspace(0.01, 1, 200, dtype=np.float32)
    falling = line[::-1].copy()

    def show(at: float, recall: np.ndarray) -> tuple[QImage, QImage]:
        made = replace(row("cov", 0.5, recall_at_chosen=at), recall=recall, precision=falling)
        shown.show_view(replace(VIEW, rows=(made,), threshold=at), view)
        return grabbed(curves), grabbed(histogram)

    view = canvas(4)
    before = show(0.2, line)
    drawn = curves.drawn, histogram.drawn
    for at in (0.5, 0.8):
        now = show(at, line)
        assert now[0] != before[0] and now[1] != before[1]
        before = now
    assert (curves.drawn, histogram.drawn) == drawn
    show(0.8, line.copy())
    assert (curves.drawn, histogram.drawn) == (drawn[0] + 1, drawn[1])
    view = canvas(4, colormap="grey")
    show(0.8, line)
    assert histogram.drawn == drawn[1] + 1
