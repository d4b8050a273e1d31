"""Fill a combo box with choices, some of which cannot be chosen and say why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox


def fill_choice(box: QComboBox, choices: tuple[tuple[str, str, str], ...], chosen: str) -> None:
    """Show (key, label, reason it cannot be chosen or "") and select the key `chosen`."""
    if box.property("choices") != choices:
        box.setProperty("choices", choices)
        model = QStandardItemModel(box)
        for key, label, reason in choices:
            item = QStandardItem(label)
            item.setData(key, Qt.ItemDataRole.UserRole)
            item.setEnabled(not reason)
            item.setToolTip(reason)
            model.appendRow(item)
        box.setModel(model)
    index = box.findData(chosen)
    if index != box.currentIndex():
        box.setCurrentIndex(index)
