"""Methods × numbers as a table model: sortable, NaN last, copyable."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from ui.canvas import symbol
from ui.language.translation import tr
from ui.view import numbers
from ui.view.numbers import ABSENT
from ui.view.same_object import identical
from ui.view.view_state import AgreementRow, InspectView

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its head where it is copied, its explanation, its number."""

    head: str
    copied: str
    tip: str
    number: Callable[[AgreementRow], float]
    written: Callable[[float], str]


def _share(value: float) -> str:
    return ABSENT if math.isnan(value) else f"{value:.2f}"


def _count(value: float) -> str:
    return ABSENT if math.isnan(value) else f"{value:.0f}"


def _seconds(value: float) -> str:
    return ABSENT if math.isnan(value) else f"{value:.1f}"


def columns() -> tuple[Column, ...]:
    """Return the columns after the method's own."""
    return (
        Column(
            tr("mean"),
            tr("mean ({units})"),
            tr("The map's mean: high where much is pinned beyond the baseline."),
            lambda row: row.mean,
            numbers.brief,
        ),
        Column(
            tr("IoU"),
            tr("best IoU"),
            tr(
                "Intersection over union of mask and predicted mask, at the threshold that is "
                "best for this map: it was chosen with the mask in hand, so it flatters. Compare "
                "it with the IoU of the whole picture in the last row."
            ),
            lambda row: row.iou,
            _share,
        ),
        Column(
            tr("at"),
            tr("threshold of the best IoU ({units})"),
            tr("The threshold of that IoU, in the units shown."),
            lambda row: row.threshold,
            numbers.brief,
        ),
        Column(
            tr("IoU >"),
            tr("IoU at the chosen threshold"),
            tr("Intersection over union at the threshold chosen below."),
            lambda row: row.iou_at_chosen,
            _share,
        ),
        Column(
            tr("P"),
            tr("precision at {where}"),
            tr(
                "Precision: the share of the predicted mask that is right, at the threshold "
                "chosen below, or at the best one while none is chosen."
            ),
            lambda row: row.precision_at_chosen,
            _share,
        ),
        Column(
            tr("R"),
            tr("recall at {where}"),
            tr(
                "Recall: the share of the mask that is found, at the threshold chosen below, or "
                "at the best one while none is chosen."
            ),
            lambda row: row.recall_at_chosen,
            _share,
        ),
        Column(
            tr("AUROC"),
            tr("AUROC (of pixels)"),
            tr(
                "How often a pixel inside the mask has a higher value than one outside: "
                "1 always, .5 by chance. Needs no threshold."
            ),
            lambda row: row.auroc,
            _share,
        ),
        Column(
            tr("AP"),
            tr("average precision"),
            tr("Average precision: the area under the precision–recall curve."),
            lambda row: row.average_precision,
            _share,
        ),
        Column(
            tr("calls"),
            tr("network calls beyond sampling"),
            tr("Network calls that the map took beyond sampling."),
            lambda row: float(row.network_calls),
            _count,
        ),
        Column(
            tr("s"),
            tr("time (s)"),
            tr("Seconds that the map took."),
            lambda row: row.seconds,
            _seconds,
        ),
    )


class AgreementTable(QAbstractTableModel):
    """The rows of an `InspectView`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AgreementRow, ...] = ()
        self._written: dict[tuple[int, int], str] = {}
        self.columns = columns()

    def show_rows(self, rows: tuple[AgreementRow, ...]) -> None:
        """Show `rows`, their selection kept where the methods are the same."""
        if identical(rows, self._rows):
            return
        self._written = {}
        if [row.content for row in rows] == [row.content for row in self._rows]:
            self._rows = rows
            last = self.index(len(rows) - 1, len(self.columns))
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> AgreementRow:
        """Return the method of a row."""
        return self._rows[number]

    def words(self, row: int, column: int) -> str:
        """Return what the cell of a number, columns counted from 1, shows."""
        written = self._written.get((row, column))
        if written is None:
            shown = self.columns[column - 1]
            written = self._written[row, column] = shown.written(shown.number(self._rows[row]))
        return written

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per method."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One for the method and one per number."""
        return 0 if parent.isValid() else len(self.columns) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, sorts by or says."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if index.column() == 0:
            if role in (Qt.ItemDataRole.DisplayRole, SORT):
                return symbol.plain(row.symbol)
            if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                return row.label
            return None
        column = self.columns[index.column() - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == SORT:
            return column.number(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's head or its explanation."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if section == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return ""
            if role == Qt.ItemDataRole.ToolTipRole:
                return tr("The method; press to sort by it.")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            return None
        column = self.columns[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.head
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class NumbersLast(QSortFilterProxyModel):
    """Sorts by number; what is no number comes last either way."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare two cells."""
        first, second = left.data(SORT), right.data(SORT)
        if isinstance(first, float) and isinstance(second, float):
            missing = math.isnan(first), math.isnan(second)
            if any(missing):
                falling = self.sortOrder() is Qt.SortOrder.DescendingOrder
                # Of two missing ones neither is less: a sort that is told otherwise crashes.
                return missing == ((True, False) if falling else (False, True))
            return bool(first < second)
        return str(first) < str(second)


def as_tsv(rows: list[AgreementRow], view: InspectView) -> str:
    """Return rows of `view` as tab-separated text for a spreadsheet, numbers in full.

    The heads say what is measured, at which threshold and in which units.
    """
    made = columns()
    units = tr("paper's units") if view.units == "paper" else tr("canonical units")
    where = tr("the best threshold")
    if view.threshold is not None:
        where = tr("the chosen threshold")
    heads = [column.copied.format(units=units, where=where) for column in made]
    about = (tr("symbol"), tr("method"), tr("measured at"), tr("mask"))
    lines = ["\t".join((*about, *heads))]
    for row in rows:
        values = (column.number(row) for column in made)
        cells = ("" if math.isnan(value) else f"{value:.6g}" for value in values)
        lines.append("\t".join((row.symbol, row.label, view.measured_at, view.mask_name, *cells)))
    return "\n".join(lines) + "\n"
