from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS, MakeWindow
from ui.demo_session import demo_session_path
from ui.main_window import MainWindow
from ui.view_state import AgreementRow


@pytest.fixture
def demo(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    """The demo session, measured against its mask."""
    window = make_window()
    window.start(None, demo_session_path())

    def measured() -> bool:
        rows = window.inspection.view().inspect.rows
        return bool(rows) and all(row.recall is not None for row in rows)

    qtbot.waitUntil(measured, timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return window


def row(window: MainWindow, content: str) -> AgreementRow:
    return next(r for r in window.inspection.view().inspect.rows if r.content == content)


def test_the_threshold_moves_contour_and_numbers_at_once(demo: MainWindow, qtbot: QtBot) -> None:
    choice = demo.inspect.agreement.threshold
    panel = next(p for p in demo.canvas.panels if p.view and p.view.content == "cov_bad")
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
    assert lines[0][:4] == ["method", "label", "mean", "IoU"]
    rows = demo.inspection.view().inspect.rows
    assert len(lines) == len(rows) + 1
    found = {line[0]: float(line[3]) for line in lines[1:]}
    for each in rows:
        assert found[each.symbol] == pytest.approx(each.iou, rel=1e-5)


def test_the_curves_are_those_of_the_shown_methods(demo: MainWindow) -> None:
    shown = {p.content for p in demo.inspection.view().canvas.panels} - {"picture", "mask"}
    assert set(demo.inspect.agreement.curves.curves) == shown
    demo.inspection.looks.choose_preset("One")
    assert demo.inspect.agreement.curves.curves == ("cov_bad",)
