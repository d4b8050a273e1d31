"""The list of masks: outlined or not, name, kind, lock; several can be selected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.look import tones
from ui.look.icons import icon
from ui.view.masks import MaskRow

_ID = Qt.ItemDataRole.UserRole
_NAME, _KIND, _LOCK = range(3)
_SWATCH = 14
_FEWEST_ROWS, _MOST_ROWS = 2, 8
_ROW = 26
_Flag = QItemSelectionModel.SelectionFlag


class MaskList(QTableWidget):
    """Shows the rows that it was given; all else is asked for.

    Signals
    -------
    selection_chosen(object, int)
        Ids of the masks selected together, and that of the one that is to be active.
    renamed(int, str), visibility_chosen(int, bool), lock_turned(int)
        Ids of masks, and what is wanted of them.
    """

    selection_chosen = Signal(object, int)
    renamed = Signal(int, str)
    visibility_chosen = Signal(int, bool)
    lock_turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._rows: tuple[MaskRow, ...] | None = None
        self._make_menu: Callable[[], QMenu] | None = None
        self.setAccessibleName(self.tr("Masks"))
        self.setToolTip(
            self.tr(
                "The chosen mask is drawn; Ctrl or Shift select several. "
                "The mark shows its outline; F2 renames it; a right click shows all else."
            )
        )
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setShowGrid(False)
        self.setIconSize(QSize(_SWATCH, _SWATCH))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_SWATCH + 12)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_KIND, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_LOCK, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(_LOCK, _SWATCH + 12)
        self.itemSelectionChanged.connect(self._selection_changed)
        self.itemChanged.connect(self._item_changed)
        self.cellClicked.connect(self._clicked)
        self._fit(0)

    def offer(self, make_menu: Callable[[], QMenu]) -> None:
        """Show a menu on a right click, or on the menu key."""
        self._make_menu = make_menu

    def edit_name(self) -> None:
        """Let the person type another name for the chosen mask."""
        item = self.item(self.currentRow(), _NAME)
        if item is not None:
            self.setFocus()
            self.editItem(item)

    def show_rows(self, rows: tuple[MaskRow, ...]) -> None:
        """Show the masks; the same rows as before cost nothing."""
        if rows == self._rows:
            return
        self._rows = rows
        blocked = self.blockSignals(True)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            self._show_row(place, row)
        self._select(rows)
        self.blockSignals(blocked)
        self._fit(len(rows))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done to the selected masks."""
        if self._make_menu is None or not self._rows:
            return
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            cell = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(QPoint(cell.left() + _ROW, cell.bottom()))
        menu = self._make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _select(self, rows: tuple[MaskRow, ...]) -> None:
        chosen, model = self.selectionModel(), self.model()
        for place, row in enumerate(rows):
            index = model.index(place, _NAME)
            wanted = _Flag.Select if row.selected else _Flag.Deselect
            if chosen.isRowSelected(place) != row.selected:
                chosen.select(index, wanted | _Flag.Rows)
            if row.active and self.currentRow() != place:
                chosen.setCurrentIndex(index, _Flag.NoUpdate)

    def _show_row(self, place: int, row: MaskRow) -> None:
        name = QTableWidgetItem(row.name)
        name.setData(_ID, row.id)
        name.setToolTip(row.name)
        name.setIcon(_swatch(QColor(row.colour), self.devicePixelRatioF()))
        name.setCheckState(Qt.CheckState.Checked if row.visible else Qt.CheckState.Unchecked)
        if row.locked:
            name.setFlags(name.flags() & ~Qt.ItemFlag.ItemIsEditable)
        kind = self._quiet_item(self.tr(row.kind))
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
        lock = self._quiet_item("")
        lock.setIcon(icon("lock" if row.locked else "unlocked", self.palette()))
        words = self.tr("Locked: nothing changes it.") if row.locked else self.tr("Not locked.")
        lock.setToolTip(words)
        lock.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        for column, item in ((_NAME, name), (_KIND, kind), (_LOCK, lock)):
            self.setItem(place, column, item)

    def _quiet_item(self, words: str) -> QTableWidgetItem:
        item = QTableWidgetItem(words)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setForeground(tones.quiet_text(self.palette()))
        return item

    def _selection_changed(self) -> None:
        rows = sorted({index.row() for index in self.selectedIndexes()})
        if not rows:
            return
        current = self.currentRow()
        active = current if current in rows else rows[0]
        self.selection_chosen.emit(tuple(self._id_of(row) for row in rows), self._id_of(active))

    def _id_of(self, row: int) -> int:
        item = self.item(row, _NAME)
        assert item is not None
        return int(item.data(_ID))

    def _clicked(self, row: int, column: int) -> None:
        if column == _LOCK:
            self.lock_turned.emit(self._id_of(row))

    def _item_changed(self, item: QTableWidgetItem) -> None:
        row = self._rows[item.row()] if self._rows is not None else None
        if row is None or item.column() != _NAME:
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
        shown = min(max(count, _FEWEST_ROWS), _MOST_ROWS)
        self.setFixedHeight(shown * _ROW + 2 * self.frameWidth() + 2)


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
