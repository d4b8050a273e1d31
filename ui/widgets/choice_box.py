"""A combo box with choices, some of which cannot be chosen and say why in the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from ui.widgets.choice_row import REASON, ChoiceRow

_FIELD_HEIGHT = 26


class ChoiceBox(QComboBox):
    """Shows what the view says.

    Parameters
    ----------
    name, about
        For assistive technology, and the tooltip.
    """

    def __init__(self, name: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[tuple[str, str, str], ...] = ()
        self._row = ChoiceRow(self)
        self.setItemDelegate(self._row)
        self.setAccessibleName(name)
        self.setToolTip(about)
        self.setMinimumHeight(_FIELD_HEIGHT)

    def show_choices(self, choices: tuple[tuple[str, str, str], ...], chosen: str) -> None:
        """Show (key, label, reason it cannot be chosen or "") and select the key `chosen`."""
        if choices != self._choices:
            self._choices = choices
            model = QStandardItemModel(self)
            for key, label, reason in choices:
                item = QStandardItem(label)
                item.setData(key, Qt.ItemDataRole.UserRole)
                item.setData(reason, REASON)
                item.setEnabled(not reason)
                item.setToolTip(reason)
                item.setAccessibleText(f"{label}: {reason}" if reason else label)
                model.appendRow(item)
            self.setModel(model)
        index = self.findData(chosen)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def showPopup(self) -> None:
        """Open the list, wide enough to read why a choice cannot be made."""
        self.view().setMinimumWidth(self._row.width())
        super().showPopup()
