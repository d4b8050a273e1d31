"""The curves of agreement: their numbers, what is read from them, what is saved of them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from memlens.evaluation.agreement import agreement_of_values
from tests.support.drawn_views import grabbed
from ui.plots.curves import AgreementCurves, CurvePlot, Kind, thinned
from ui.view.view_state import AgreementRow

Bot = Any
# Ten values, four of them in the mask; each a threshold of its own.
VALUES = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], np.float32)
MASK = np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0], np.bool_)


def counted() -> AgreementRow:
    """Return the row of VALUES, every number counted one by one."""
    thresholds, recall, precision, ious = [], [], [], []
    for place in range(len(VALUES) + 1):
        found = np.arange(len(VALUES)) < place
        hits = int((found & MASK).sum())
        thresholds.append(VALUES[0] if place == 0 else VALUES[place - 1] - 0.01)
        recall.append(hits / 4)
        precision.append(hits / place if place else 1.0)
        ious.append(hits / int((found | MASK).sum()))
    columns = (np.array(c, np.float32) for c in (recall, precision, ious, thresholds))
    recall_, precision_, ious_, thresholds_ = columns
    best = int(np.argmax(ious_))
    return AgreementRow(
        content="cov",
        symbol="Δh_∅",
        label="",
        mean=0.5,
        iou=float(ious_[best]),
        threshold=float(thresholds_[best]) * 2,
        auroc=0.0,
        average_precision=0.0,
        network_calls=1,
        seconds=0.0,
        precision_at_chosen=float(precision_[best]),
        recall_at_chosen=float(recall_[best]),
        recall=recall_,
        precision=precision_,
        ious=ious_,
        thresholds=thresholds_,
        scale=2.0,
    )


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[AgreementCurves]:
    made = AgreementCurves()
    qtbot.addWidget(made)
    made.resize(320, 220)
    made.plot.show_rows((counted(),), chosen=False)
    made.show()
    made.grab()
    yield made
    made.hide()


def test_false_positives_are_those_that_are_counted(shown: AgreementCurves) -> None:
    shown.plot.choose(Kind.ROC)
    (_, false), (_, true) = shown.plot.columns()
    outside = [int((~MASK[:place]).sum()) / 6 for place in range(len(VALUES) + 1)]
    np.testing.assert_allclose(false, outside, atol=1e-6)
    np.testing.assert_allclose(true, [MASK[:place].sum() / 4 for place in range(11)], atol=1e-6)
    order = np.argsort(false, kind="stable")
    area = np.trapezoid(true[order], false[order])
    assert area == pytest.approx(agreement_of_values(VALUES[None], MASK[None]).auroc, abs=1e-6)


def test_iou_lies_over_the_thresholds_that_are_shown(shown: AgreementCurves, qtbot: Bot) -> None:
    qtbot.mouseClick(shown.kind.buttons[Kind.IOU], Qt.MouseButton.LeftButton)
    (name, thresholds), (_, ious) = shown.plot.columns()
    assert name == "Δh∅ threshold"
    assert thresholds[0] == pytest.approx(1.9)
    best = int(np.argmax(ious))
    row = counted()
    at = shown.plot.plane(shown.plot.point_of(row))
    assert (at.x(), at.y()) == pytest.approx((thresholds[best], row.iou), abs=1e-3)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_draws_its_curve_and_reads_it(
    shown: AgreementCurves, qtbot: Bot, kind: Kind
) -> None:
    plot = shown.plot
    plot.choose(kind)
    empty = grabbed(plot)
    plot.show_rows((), chosen=False)
    assert grabbed(plot) != empty
    plot.show_rows((counted(),), chosen=False)
    plot.grab()
    assert "Δh∅" in plot.reading(0.5)
    middle = QPointF(plot.rect().center())
    hover(plot, middle)
    assert "Δh∅" in plot.accessibleDescription()
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.accessibleDescription() == ""


def test_keys_read_zoom_and_fit(shown: AgreementCurves, qtbot: Bot) -> None:
    plot = shown.plot
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    first = plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert first and plot.accessibleDescription() != first
    wide = plot.item.vb.viewRect().width()
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.item.vb.viewRect().width() == pytest.approx(wide * 0.8)
    assert plot.menu().actions()[-1].isEnabled()
    qtbot.keyClick(plot, Qt.Key.Key_0)
    assert plot.item.vb.viewRect().width() == pytest.approx(wide)
    assert not plot.menu().actions()[-1].isEnabled()


def test_a_plot_is_saved_as_numbers_picture_and_drawing(
    shown: AgreementCurves, tmp_path: Path
) -> None:
    plot, row = shown.plot, counted()
    for suffix in ("csv", "png", "svg"):
        plot.save(tmp_path / f"plot.{suffix}")
    with (tmp_path / "plot.csv").open(encoding="utf-8") as file:
        head, *lines = csv.reader(file)
    assert head == ["Δh∅ recall", "Δh∅ precision"]
    assert row.recall is not None and row.precision is not None
    expected = np.stack([row.recall, row.precision], axis=1)
    np.testing.assert_allclose(np.array(lines, float), expected, rtol=1e-6)
    assert QImage(str(tmp_path / "plot.png")).width() == 1600
    assert "<svg" in (tmp_path / "plot.svg").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_said_and_the_old_one_stays(
    shown: AgreementCurves, tmp_path: Path
) -> None:
    with pytest.raises(OSError):
        shown.plot.save(tmp_path / "missing" / "plot.csv")


def test_the_dot_of_a_chosen_threshold_lies_on_every_curve(shown: AgreementCurves) -> None:
    row = counted()
    for kind in Kind:
        shown.plot.choose(kind)
        shown.plot.show_rows((row,), chosen=True)
        at = shown.plot.plane(shown.plot.point_of(row))
        across, up = (numbers for _, numbers in shown.plot.columns())
        if kind is Kind.IOU:
            continue
        distance = min(math.hypot(x - at.x(), y - at.y()) for x, y in zip(across, up, strict=True))
        assert distance < 1e-3


def test_a_curve_keeps_its_ends_and_leaves_no_point_out_of_sight() -> None:
    thresholds = np.linspace(0, 1, 400)
    recall, precision = 1 - thresholds**2, 0.4 + 0.6 * thresholds
    kept = np.stack(thinned(recall, precision, (0.01, 0.02)), axis=1)
    every = np.stack((recall, precision), axis=1)
    np.testing.assert_allclose(kept[[0, -1]], every[[0, -1]])
    distances = np.abs((every[:, None] - kept[None]) / (0.01, 0.02))
    assert distances.max(axis=2).min(axis=1).max() <= 1
    assert len(kept) < 200


def test_a_curve_leaves_out_what_is_no_number() -> None:
    across, up = thinned(np.array([1.0, 0.5, 0.0]), np.array([0.4, np.nan, np.nan]), (0.1, 0.1))
    assert (across.tolist(), up.tolist()) == ([1.0], [0.4])


def hover(plot: CurvePlot, at: QPointF) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        plot.mapToGlobal(at),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(plot, event)
