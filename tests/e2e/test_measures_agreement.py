from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS, MakeWindow
from ui.control.demo_session import demo_session_path
from ui.panels.agreement_table import ROW
from ui.view.agreement import ALL_ONES
from ui.view.view_state import AgreementRow
from ui.window.main_window import MainWindow

NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def demo(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    """The demo session, measured against its mask."""
    window = make_window()
    window.start(None, demo_session_path())

    def measured() -> bool:
        rows = window.inspection.view().inspect.rows
        maps = [row for row in rows if row.content != ALL_ONES]
        return bool(maps) and all(row.recall is not None for row in maps)

    qtbot.waitUntil(measured, timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


def row(window: MainWindow, content: str) -> AgreementRow:
    return next(r for r in window.inspection.view().inspect.rows if r.content == content)


def test_the_threshold_moves_contour_and_numbers_at_once(demo: MainWindow, qtbot: QtBot) -> None:
    choice = demo.inspect.agreement.threshold
    panel = next(p for p in demo.canvas.panels if p.view and p.view.content == "cov_bad")
    # A panel with the focus is drawn with a frame.
    choice.shown.setFocus()
    without = panel.picture.grab().toImage()
    qtbot.mouseClick(choice.shown, Qt.MouseButton.LeftButton)
    best = row(demo, "cov_bad")
    assert best.iou_at_chosen == pytest.approx(best.iou, abs=0.005)
    outlined = panel.picture.grab().toImage()
    assert outlined != without
    choice.slider.setValue(choice.slider.value() + 150)
    assert row(demo, "cov_bad").iou_at_chosen < best.iou - 0.05
    assert row(demo, "cov_bad").recall_at_chosen < best.recall_at_chosen
    assert panel.picture.grab().toImage() != outlined
    qtbot.mouseClick(choice.best, Qt.MouseButton.LeftButton)
    assert row(demo, "cov_bad").iou_at_chosen == best.iou_at_chosen
    qtbot.mouseClick(choice.fill, Qt.MouseButton.LeftButton)
    assert panel.picture.grab().toImage() != outlined
    qtbot.mouseClick(choice.shown, Qt.MouseButton.LeftButton)
    assert panel.picture.grab().toImage() == without


def test_ctrl_c_copies_the_table(demo: MainWindow, qtbot: QtBot) -> None:
    table = demo.inspect.agreement.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:5] == ["symbol", "method", "measured at", "mask", "mean (canonical units)"]
    assert set(lines[1][2:4]) == {demo.inspection.view().inspect.measured_at, "ground truth"}
    iou = lines[0].index("best IoU")
    rows = demo.inspection.view().inspect.rows
    assert len(lines) == len(rows) + 1
    found = {line[0]: float(line[iou]) for line in lines[1:]}
    for each in rows:
        assert found[each.symbol] == pytest.approx(each.iou, rel=1e-5)


def heads(window: MainWindow) -> list[str]:
    """The heads that are seen, from left to right."""
    table = window.inspect.agreement.table
    head, sorted_ = table.horizontalHeader(), window.inspect.agreement.sorted
    places = map(head.logicalIndex, range(head.count()))
    return [
        sorted_.headerData(place, Qt.Orientation.Horizontal)
        for place in places
        if not table.isColumnHidden(place)
    ]


def press_head(window: MainWindow, qtbot: QtBot, words: str) -> None:
    head = window.inspect.agreement.table.horizontalHeader()
    model = window.inspect.agreement.sorted
    across = Qt.Orientation.Horizontal
    place = next(n for n in range(head.count()) if model.headerData(n, across) == words)
    at = QPoint(head.sectionViewportPosition(place) + 5, head.height() // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)


def listed(window: MainWindow) -> list[str]:
    """The methods from top to bottom."""
    model = window.inspect.agreement.sorted
    return [model.index(n, 0).data(ROW).content for n in range(model.rowCount())]


def test_every_number_of_every_method_is_in_the_table(demo: MainWindow, qtbot: QtBot) -> None:
    assert heads(demo) == ["", "IoU", "at", "P", "R", "AUROC", "AP", "mean", "calls", "s"]
    qtbot.mouseClick(demo.inspect.agreement.threshold.shown, Qt.MouseButton.LeftButton)
    assert heads(demo)[:4] == ["", "IoU", "at", "IoU >"]
    rows = demo.inspection.view().inspect.rows
    assert {"cov_bad", "score_diff_bad"} <= {each.content for each in rows}
    whole = rows[-1]
    assert (whole.content, whole.symbol) == (ALL_ONES, "1")
    assert whole.iou == whole.iou_at_chosen == whole.precision_at_chosen
    for each in rows[:-1]:
        numbers = (each.mean, each.iou, each.iou_at_chosen, each.auroc, each.average_precision)
        assert not any(math.isnan(number) for number in (*numbers, each.seconds))
        assert each.network_calls >= 0


def cell(window: MainWindow, content: str, head: str) -> str:
    """What the table shows."""
    model = window.inspect.agreement.sorted
    across = Qt.Orientation.Horizontal
    column = next(n for n in range(model.columnCount()) if model.headerData(n, across) == head)
    place = next(
        n for n in range(model.rowCount()) if model.index(n, 0).data(ROW).content == content
    )
    return str(model.index(place, column).data())


def test_small_thresholds_and_means_read_as_they_do_under_the_panels(demo: MainWindow) -> None:
    demo.inspection.looks.choose_layout(6)
    panels = [p for p in demo.inspection.view().canvas.panels if "best IoU" in p.headline]
    smallest = min(abs(row(demo, panel.content).threshold) for panel in panels)
    assert smallest < 0.01, "a small one is among them"
    for panel in panels:
        iou, rest = panel.headline.removeprefix("best IoU ").split(" at ")
        at = rest.split(" with ground truth")[0]
        mean = panel.headline.split("mean ")[1].split(" · ")[0]
        shown = [cell(demo, panel.content, head) for head in ("IoU", "at", "mean")]
        assert shown == [iou, at, mean]
        assert all(number.strip("−0.") for number in (at, mean)), "no number is all noughts"


def test_the_last_row_and_the_sentence_say_what_a_best_iou_is_worth(demo: MainWindow) -> None:
    whole = row(demo, ALL_ONES)
    mask = demo.inspection.masks.document
    assert mask is not None
    pixels = mask.pixels(mask.entries[0].id)
    assert whole.iou == pytest.approx(pixels.mean())
    attention = row(demo, "attention")
    assert attention.iou == pytest.approx(whole.iou, abs=0.01), "no better than that"
    assert "chosen with this mask in hand" in demo.inspect.agreement.sentence.text()


def ious(window: MainWindow) -> list[float]:
    return [row(window, content).iou for content in listed(window)]


def test_a_head_sorts_both_ways_and_gives_the_order_back(demo: MainWindow, qtbot: QtBot) -> None:
    before = listed(demo)
    by_iou = sorted(row(demo, content).iou for content in before)
    assert by_iou != ious(demo)
    press_head(demo, qtbot, "IoU")
    assert ious(demo) == by_iou
    press_head(demo, qtbot, "IoU")
    assert ious(demo) == by_iou[::-1]
    press_head(demo, qtbot, "IoU")
    assert listed(demo) == before


def test_the_menu_of_the_table_sorts_without_a_mouse(demo: MainWindow) -> None:
    section = demo.inspect.agreement
    before = listed(demo)
    assert section.sorting.menuAction() in section.table.actions()
    section.sorting.aboutToShow.emit()
    offered = {action.text(): action for action in section.sorting.actions()}
    assert "IoU >" not in offered, "hidden while no threshold is chosen"
    offered["AUROC"].trigger()
    by_auroc = sorted(before, key=lambda content: -row(demo, content).auroc)
    assert listed(demo) == by_auroc
    offered["AUROC"].trigger()
    assert listed(demo) == by_auroc[::-1]
    offered["As listed"].trigger()
    assert listed(demo) == before


def test_chosen_rows_are_copied_in_the_order_that_is_seen(demo: MainWindow, qtbot: QtBot) -> None:
    section = demo.inspect.agreement
    press_head(demo, qtbot, "IoU")
    for place in (2, 0):
        at = section.table.visualRect(section.sorted.index(place, 0)).center()
        control = Qt.KeyboardModifier.ControlModifier if place == 0 else NO_KEYS
        qtbot.mouseClick(section.table.viewport(), Qt.MouseButton.LeftButton, control, at)
    qtbot.keyClick(section.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    chosen = [row(demo, listed(demo)[place]).label for place in (0, 2)]
    assert [line.split("\t")[1] for line in lines[1:]] == chosen


def test_the_curves_are_those_of_the_shown_methods(demo: MainWindow) -> None:
    shown = {p.content for p in demo.inspection.view().canvas.panels} - {"picture", "mask"}
    assert set(demo.inspect.agreement.curves.curves) == shown
    demo.inspection.looks.choose_preset("One")
    assert demo.inspect.agreement.curves.curves == ("cov_bad",)
