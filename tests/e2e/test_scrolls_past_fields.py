"""The wheel over a field scrolls the column; a field with the focus takes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from ui.window.main_window import MainWindow

FIELDS = (QComboBox, QAbstractSpinBox, QAbstractSlider)


def turn(widget: QWidget, notches: int = -1) -> None:
    """Turn the wheel over the middle of a widget, as the system would say it."""
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120 * notches))
    QCoreApplication.processEvents()


def value(field: QWidget) -> object:
    if isinstance(field, QComboBox):
        return field.currentIndex()
    return field.text() if isinstance(field, QAbstractSpinBox) else field.value()  # type: ignore[attr-defined]


@pytest.mark.parametrize("column", ["setup", "inspect"])
def test_no_field_changes_that_one_only_scrolls_past(sampled: MainWindow, column: str) -> None:
    root = getattr(sampled, column)
    fields = [
        field
        for field in root.findChildren(QWidget)
        if isinstance(field, FIELDS) and not isinstance(field, QScrollBar) and field.isVisible()
    ]
    assert len(fields) >= 5
    sampled.canvas.focus_active()
    area = root if column == "inspect" else root.findChild(QScrollArea)
    for field in fields:
        for notches in (-1, 1, 1):
            area.ensureWidgetVisible(field)
            before = value(field)
            turn(field, notches)
            assert value(field) == before, field.accessibleName()


def test_the_column_scrolls_instead(sampled: MainWindow) -> None:
    sampled.resize(1024, 620)
    bar = sampled.inspect.verticalScrollBar()
    assert bar.maximum() > 0
    field = next(box for box in sampled.inspect.findChildren(QComboBox) if box.isVisible())
    sampled.canvas.focus_active()
    before = bar.value()
    turn(field)
    assert bar.value() > before


def test_a_field_with_the_focus_takes_the_wheel(sampled: MainWindow) -> None:
    box = next(
        box
        for box in sampled.setup.findChildren(QAbstractSpinBox)
        if box.accessibleName() == "Steps"
    )
    sampled.activateWindow()
    box.setFocus()
    assert box.hasFocus()
    before = sampled.inspection.view().setup.steps
    turn(box)
    assert sampled.inspection.view().setup.steps == before - 1
