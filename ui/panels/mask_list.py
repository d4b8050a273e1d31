"""The list of masks: outlined or not, name, kind; the chosen row is the active mask."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.look import tones
from ui.look.icons import icon
from ui.view.masks import MaskRow

_ID = Qt.ItemDataRole.UserRole
_SWATCH = 14
_MOST_ROWS = 5
_ROW = 26


class MaskList(QTableWidget):
    """Shows the rows that it was given; all else is asked for.

    Signals
    -------
    active_chosen(int), renamed(int, str), visibility_chosen(int, bool)
        Ids of masks, and what is wanted of them.
    """

    active_chosen = Signal(int)
    renamed = Signal(int, str)
    visibility_chosen = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self._rows: tuple[MaskRow, ...] | None = None
        self.setAccessibleName(self.tr("Masks"))
        self.setToolTip(
            self.tr("The chosen mask is drawn. The mark shows its outline; F2 renames it.")
        )
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setShowGrid(False)
        self.setIconSize(QSize(_SWATCH, _SWATCH))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.currentCellChanged.connect(self._row_chosen)
        self.itemChanged.connect(self._item_changed)
        self._fit(0)

    def show_rows(self, rows: tuple[MaskRow, ...]) -> None:
        """Show the masks; the same rows as before cost nothing."""
        if rows == self._rows:
            return
        self._rows = rows
        blocked = self.blockSignals(True)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            self._show_row(place, row)
            if row.active:
                self.setCurrentCell(place, 0)
        if not any(row.active for row in rows):
            self.clearSelection()
        self.blockSignals(blocked)
        self._fit(len(rows))

    def _show_row(self, place: int, row: MaskRow) -> None:
        name = QTableWidgetItem(row.name)
        name.setData(_ID, row.id)
        name.setToolTip(row.name)
        name.setIcon(_swatch(QColor(row.colour), self.devicePixelRatioF()))
        name.setCheckState(Qt.CheckState.Checked if row.visible else Qt.CheckState.Unchecked)
        kind = QTableWidgetItem(self.tr(row.kind))
        kind.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        kind.setForeground(tones.quiet_text(self.palette()))
        if row.pinned:
            font = kind.font()
            font.setBold(True)
            kind.setFont(font)
            kind.setIcon(icon("pin", self.palette()))
            kind.setToolTip(self.tr("Pinned: maps are compared with this mask."))
            kind.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                self.tr("{0}, pinned").format(self.tr(row.kind)),
            )
        self.setItem(place, 0, name)
        self.setItem(place, 1, kind)

    def _row_chosen(self, row: int, column: int, before: int, column_before: int) -> None:
        item = self.item(row, 0)
        if item is not None and row != before:
            self.active_chosen.emit(int(item.data(_ID)))

    def _item_changed(self, item: QTableWidgetItem) -> None:
        row = self._rows[item.row()] if self._rows is not None else None
        if row is None or item.column() != 0:
            return
        visible = item.checkState() is Qt.CheckState.Checked
        if visible != row.visible:
            self.visibility_chosen.emit(row.id, visible)
        elif item.text().strip() and item.text() != row.name:
            self.renamed.emit(row.id, item.text())
        elif item.text() != row.name:
            blocked = self.blockSignals(True)
            item.setText(row.name)
            self.blockSignals(blocked)

    def _fit(self, count: int) -> None:
        self.setFixedHeight(min(max(count, 2), _MOST_ROWS) * _ROW + 2 * self.frameWidth() + 2)


def _swatch(colour: QColor, ratio: float) -> QIcon:
    side = round(_SWATCH * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
    painter.setBrush(colour)
    painter.drawRoundedRect(1, 1, _SWATCH - 2, _SWATCH - 2, 3, 3)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    swatch = QIcon(pixmap)
    swatch.addPixmap(pixmap, QIcon.Mode.Selected)
    return swatch
