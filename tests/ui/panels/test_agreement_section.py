from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from tests.support.drawn_views import canvas
from ui.panels.agreement import AgreementSection
from ui.view.view_state import AgreementRow, InspectView

Bot = Any


def row(iou: float, content: str = "cov", symbol: str = "Δh_∅") -> AgreementRow:
    return AgreementRow(
        content=content,
        symbol=symbol,
        label=content,
        mean=0.1,
        iou=iou,
        threshold=0.3,
        auroc=0.9,
        average_precision=0.8,
        network_calls=8,
        seconds=1.0,
    )


def view(*rows: AgreementRow) -> InspectView:
    return InspectView(mask_name="ground truth", measured_at="step 3", rows=rows)


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[AgreementSection]:
    made = AgreementSection()
    qtbot.addWidget(made)
    made.resize(344, 500)
    made.show_view(view(row(0.5), row(0.7, "attention", "BE")), canvas(4))
    made.show()
    yield made
    made.hide()


def cells(shown: AgreementSection) -> QImage:
    return shown.table.viewport().grab().toImage()


def test_cells_follow_their_numbers(shown: AgreementSection) -> None:
    first = cells(shown)
    shown.show_view(view(row(0.6), row(0.7, "attention", "BE")), canvas(4))
    assert cells(shown) != first
    shown.show_view(view(row(0.5), row(0.7, "attention", "BE")), canvas(4))
    assert cells(shown) == first


def test_cells_follow_the_order_of_the_rows(shown: AgreementSection) -> None:
    first = cells(shown)
    shown.table.sortByColumn(2, shown.sorted.sortOrder().DescendingOrder)
    assert cells(shown) != first


def test_cells_follow_selection_font_and_palette(shown: AgreementSection) -> None:
    first = cells(shown)
    shown.table.selectRow(0)
    assert cells(shown) != first
    shown.table.clearSelection()
    assert cells(shown) == first
    palette = shown.palette()
    palette.setColor(palette.ColorRole.WindowText, "#ff0000")
    shown.setPalette(palette)
    assert cells(shown) != first
    shown.setPalette(type(palette)())
    font = shown.font()
    font.setPointSizeF(font.pointSizeF() + 2)
    shown.setFont(font)
    assert cells(shown) != first


SMALL_AND_LARGE = (-0.01, -0.0061, -0.00012, -2.3e-6, 0.0061, 14.1, 215.4, -1234.5)


@pytest.mark.parametrize("value", SMALL_AND_LARGE)
def test_cells_do_not_touch(shown: AgreementSection, value: float) -> None:
    metrics = QFontMetricsF(shown.table.font())
    made = replace(row(0.2), mean=value, threshold=value, iou_at_chosen=0.2)
    shown.show_view(replace(view(made), threshold=0.1), canvas(4))
    for place, _ in enumerate(shown.model.columns[:8], start=1):
        words = shown.model.words(0, place)
        # Right-aligned, six points from the edge: beyond the left one lies the neighbour's.
        assert metrics.horizontalAdvance(words) + 6 <= shown.table.columnWidth(place), words


@pytest.mark.parametrize("width", [288, 310, 344, 400])
@pytest.mark.parametrize("chosen", [None, 0.1])
def test_no_column_is_seen_in_part(
    shown: AgreementSection, width: int, chosen: float | None
) -> None:
    shown.show_view(replace(view(row(0.5)), threshold=chosen), canvas(4))
    shown.resize(width, 500)
    QApplication.processEvents()
    table = shown.table
    for column in range(shown.sorted.columnCount()):
        left = table.columnViewportPosition(column)
        if not table.isColumnHidden(column) and left < table.viewport().width():
            assert left + table.columnWidth(column) <= table.viewport().width(), column
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    last = table.horizontalHeader().logicalIndex(shown.sorted.columnCount() - 1)
    right = table.columnViewportPosition(last) + table.columnWidth(last)
    assert right <= table.viewport().width(), "the last one can be scrolled to"
