from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.support.drawn_views import canvas
from ui.panels.inspect import InspectPanel
from ui.view.view_state import InspectView


@pytest.fixture
def column(qtbot: QtBot) -> Iterator[InspectPanel]:
    made = InspectPanel()
    qtbot.addWidget(made)
    made.resize(344, 900)
    made.show_view(InspectView(), canvas(2))
    made.show()
    yield made
    made.hide()


def test_a_title_folds_its_section_away(column: InspectPanel, qtbot: QtBot) -> None:
    display = column.sections[0]
    assert display.content.isVisible()
    qtbot.mouseClick(display.head, Qt.MouseButton.LeftButton)
    assert not display.content.isVisible() and column.agreement.isVisible()
    assert column.folded_sections() == ["display"]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(display.head, key)
    assert column.folded_sections() == ["display"]
    qtbot.keyClick(display.head, Qt.Key.Key_Return)
    assert display.content.isVisible() and column.folded_sections() == []


def test_sections_go_where_they_are_put(column: InspectPanel) -> None:
    column.insert_section("Masks", QLabel("masks"))
    column.insert_section("Readings", QLabel("readings"), key="readings", before="")
    column.insert_section("Notes", QLabel("notes"), key="notes", before="display")
    keys = ["notes", "display", "scale", "Masks", "agreement", "readings"]
    assert [section.key for section in column.sections] == keys
    QApplication.processEvents()
    tops = [section.y() for section in column.sections]
    assert tops == sorted(set(tops))


def test_folded_sections_are_restored_by_key(column: InspectPanel) -> None:
    column.fold_sections(["agreement", "gone"])
    assert column.folded_sections() == ["agreement"]
    column.fold_sections([])
    assert column.folded_sections() == []


def test_the_title_says_what_pressing_it_does(column: InspectPanel) -> None:
    head = column.sections[0].head
    assert head.accessibleName() == "Display"
    assert head.toolTip() == "Fold Display away."
    column.sections[0].fold(True)
    assert head.toolTip() == "Show Display."
