from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from ui.plots.precision_recall import curve_points

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


def test_a_curve_keeps_its_ends_and_leaves_no_point_out_of_sight() -> None:
    thresholds = np.linspace(0, 1, 400)
    recall = (1 - thresholds**2).astype(np.float32)
    precision = (0.4 + 0.6 * thresholds).astype(np.float32)
    plot = QRectF(10, 20, 200, 100)
    drawn = curve_points(replace(row(0.5), recall=recall, precision=precision), plot)
    kept = np.array([(point.x(), point.y()) for point in drawn])
    every = np.stack((10 + recall * 200, 120 - precision * 100), axis=1)
    np.testing.assert_allclose(kept[[0, -1]], every[[0, -1]], atol=1e-4)
    distances = np.linalg.norm(every[:, None] - kept[None], axis=2).min(axis=1)
    assert distances.max() <= np.hypot(2, 2)
    assert len(kept) < 200


def test_a_curve_leaves_out_what_is_no_number() -> None:
    recall = np.array([1.0, 0.5, 0.0], np.float32)
    precision = np.array([0.4, np.nan, np.nan], np.float32)
    made = curve_points(replace(row(0.5), recall=recall, precision=precision), QRectF(0, 0, 9, 9))
    assert len(made) == 1
