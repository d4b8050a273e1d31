"""The list of panels that a figure may have: ticked ones are drawn, in the order shown."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.canvas.symbol import plain

MOST = 6
_ROWS = 9


class PanelList(QWidget):
    """Asks for 1 to 6 panels; drag changes the order.

    Parameters
    ----------
    panels
        (content, symbol, label, reason it cannot be drawn or "").
    chosen
        Ticked at first, and listed first.
    """

    changed = Signal()

    def __init__(
        self,
        panels: tuple[tuple[str, str, str, str], ...],
        chosen: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Panels"))
        self.list.setToolTip(self.tr("Up to six, drawn in this order; drag to change it"))
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        by_content = {content: panel for content, *panel in panels}
        order = [content for content in chosen if content in by_content]
        order += [content for content, *_ in panels if content not in order]
        for content in order:
            symbol, label, reason = by_content[content]
            item = QListWidgetItem(f"{plain(symbol)}  {label}" if symbol else label)
            item.setData(Qt.ItemDataRole.UserRole, content)
            ticked = content in chosen and not reason
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            if reason:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
                item.setToolTip(reason)
            self.list.addItem(item)
        high = self.list.fontMetrics().lineSpacing() + 8
        for item in self._items():
            item.setSizeHint(QSize(0, high))
        self.list.setFixedHeight(min(self.list.count(), _ROWS) * high + 12)
        self.list.itemChanged.connect(self._limit)
        self.list.model().rowsMoved.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Contents of the ticked panels, in order."""
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        )

    def tick(self, content: str, ticked: bool = True) -> None:
        """Tick or untick a panel."""
        for item in self._items():
            if item.data(Qt.ItemDataRole.UserRole) == content:
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _limit(self, item: QListWidgetItem) -> None:
        if len(self.chosen) > MOST:
            item.setCheckState(Qt.CheckState.Unchecked)
            return
        self.changed.emit()
