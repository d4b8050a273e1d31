"""At 1280 × 800 nothing is cut off, and what the work needs is where the work comes to it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QToolBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.support.hand import drag
from tests.support.real_window import LONG_MS
from ui.panels.inspect import FOLDED_AT_FIRST
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow


def cut_off(widget: QWidget) -> bool:
    """Whether the words of a label, a button or a choice do not fit."""
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = widget.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            widget,
        )
        icon = 0 if option.currentIcon.isNull() else option.iconSize.width() + 4
        return widget.fontMetrics().horizontalAdvance(option.currentText) > field.width() - icon
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height()
    return widget.sizeHint().width() > widget.width()


def words_of(window: MainWindow) -> list[QWidget]:
    kinds = (QLabel, QPushButton, QCheckBox)
    found: list[QWidget] = [w for kind in kinds for w in window.findChildren(kind)]
    found += [w for w in window.findChildren(QComboBox) if type(w) is QComboBox]
    return [widget for widget in found if widget.isVisible()]


def test_no_words_are_cut_off_with_every_section_open(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspect.fold_sections([])
    QApplication.processEvents()
    assert len(words_of(sampled)) > 50

    def all_are_whole() -> None:
        cut = [widget for widget in words_of(sampled) if cut_off(widget)]
        assert not [w.currentText() if isinstance(w, QComboBox) else w.text() for w in cut]  # type: ignore[attr-defined]

    # The memory in use may just have changed, its place not yet laid out.
    qtbot.waitUntil(all_are_whole)


def test_the_toolbar_needs_no_further_menu(sampled: MainWindow) -> None:
    bar = sampled.findChild(QToolBar)
    assert bar is not None
    further = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert further is not None and not further.isVisible()
    for action in bar.actions():
        button = bar.widgetForAction(action)
        if isinstance(button, QAbstractButton):
            assert bar.rect().contains(button.geometry())


def test_the_smallest_window_cuts_off_no_control(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.resize(sampled.minimumSize())
    sampled.inspect.fold_sections([])
    bar = sampled.findChild(QToolBar)
    assert bar is not None
    further = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    assert further is not None
    qtbot.waitUntil(lambda: not further.isVisible() and sampled.inspect.width() >= 344)
    for column in (sampled.setup, sampled.inspect):
        areas: list[Any] = list(column.findChildren(QScrollArea))
        for area in areas or [column]:
            inside = area.widget()  # type: ignore[attr-defined]
            assert inside.width() <= area.viewport().width()  # type: ignore[attr-defined]
    sampled.resize(1280, 800)
    undo = bar.widgetForAction(sampled.actions_[ActionKey.UNDO])
    assert isinstance(undo, QToolButton)
    worded = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    qtbot.waitUntil(lambda: undo.toolButtonStyle() is worded)


def test_the_column_follows_the_work_and_folds_what_a_newcomer_does_not_need(
    sampled: MainWindow,
) -> None:
    keys = [section.key for section in sampled.inspect.sections]
    assert keys == ["display", "scale", "masks", "agreement", "readings"]
    assert sampled.inspect.folded_sections() == list(FOLDED_AT_FIRST)
    assert in_sight(sampled.masks.section.list, sampled)


def test_tab_goes_down_the_column(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspect.fold_sections([])
    heads = [section.head for section in sampled.inspect.sections]
    heads[0].setFocus(Qt.FocusReason.TabFocusReason)
    met: list[QWidget] = [heads[0]]
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now in heads:
            met.append(now)  # type: ignore[arg-type]
        if now is heads[-1]:
            break
    assert met == heads


def test_the_numbers_that_measure_agreement_need_no_scrolling(
    sampled: MainWindow, qtbot: QtBot
) -> None:
    table = sampled.inspect.agreement.table
    heads = {column.head: n for n, column in enumerate(sampled.inspect.agreement.model.columns, 1)}
    assert table.isColumnHidden(heads["IoU"]) and not table.isColumnHidden(heads["mean"])
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.inspection.masks.tools.choose(Tool.RECTANGLE)
    drag(sampled.canvas.panels[0].picture, (0.2, 0.2), (0.6, 0.6))
    qtbot.waitUntil(lambda: not table.isColumnHidden(heads["IoU"]), timeout=LONG_MS)
    assert table.isColumnHidden(heads["IoU >"])
    for name in ("IoU", "at", "P", "R", "AUROC", "AP"):
        right = table.columnViewportPosition(heads[name]) + table.columnWidth(heads[name])
        assert right <= table.viewport().width(), name
    sampled.inspection.looks.activate_panel(1)
    sampled.inspection.looks.choose_threshold(0.5)
    assert not table.isColumnHidden(heads["IoU >"])


def test_what_is_begun_is_scrolled_into_sight(sampled: MainWindow, qtbot: QtBot) -> None:
    sampled.inspect.fold_sections(["masks"])
    for _ in range(2):
        sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.actions_[ActionKey.COMPARE_MASKS].trigger()
    box = sampled.masks.section.comparison
    qtbot.waitUntil(lambda: in_sight(box, sampled), timeout=LONG_MS)
    assert "masks" not in sampled.inspect.folded_sections()
    sampled.inspection.masks.rename(box.a.currentData(), "Δhθ̃ above threshold")
    assert box.a.currentText() == "Δhθ̃ above threshold"
    assert not cut_off(box.a)


@pytest.mark.parametrize("with_picture", [True, False])
def test_the_strip_shows_whole_pictures_with_their_seeds(
    sampled: MainWindow, qtbot: QtBot, with_picture: bool
) -> None:
    strip = sampled.run_strip
    sampled.inspection.set_steps(2)
    sampled.inspection.runs.choose_seeds("1-2")
    sampled.inspection.run()
    if with_picture:
        qtbot.waitUntil(lambda: sampled.idle and strip.count() == 3, timeout=LONG_MS)
    else:
        qtbot.waitUntil(lambda: strip.count() >= 2, timeout=LONG_MS)
    least = strip.iconSize().height() + strip.fontMetrics().lineSpacing()
    for row in range(strip.count()):
        place = strip.visualItemRect(strip.item(row))
        assert place.height() >= least
        assert place.bottom() <= strip.viewport().height()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)


def in_sight(widget: QWidget, window: MainWindow) -> bool:
    """Whether all of a part of the right column lies in what is scrolled into sight."""
    seen = window.inspect.viewport()
    place = QRect(widget.mapTo(seen, QPoint(0, 0)), widget.size())
    return widget.isVisible() and seen.rect().contains(place)
