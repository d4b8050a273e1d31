"""What a window or dialog says: every text, tooltip and accessible name of its widgets."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QMenu,
    QWidget,
)

_PROPERTIES = ("text", "toolTip", "accessibleName", "placeholderText", "title", "windowTitle")
_SPIN_BOX = ("prefix", "suffix", "specialValueText")


def shown_texts(top: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (whose, text) of `top` and of every widget inside, hidden ones too."""
    for widget in (top, *top.findChildren(QWidget)):
        if widget.objectName().startswith("qt_"):
            continue
        whose = type(widget).__name__
        names: tuple[str, ...] = _PROPERTIES
        if isinstance(widget, QAbstractSpinBox):
            names += _SPIN_BOX
        for name in names:
            if name == "windowTitle" and not isinstance(widget, QDialog):
                continue
            text = widget.property(name)
            if isinstance(text, str) and text:
                yield f"{whose}.{name}", text
        if isinstance(widget, QComboBox):
            for index in range(widget.count()):
                yield f"{whose}.item", widget.itemText(index)
                yield f"{whose}.item", widget.itemData(index, Qt.ItemDataRole.ToolTipRole) or ""
        elif isinstance(widget, QAbstractItemView):
            yield from _of_model(widget)
        in_menu = widget.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
        if in_menu or isinstance(widget, QMenu):
            for action in widget.actions():
                yield "QMenu.action", action.text()


def _of_model(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model = view.model()
    if model is None:
        return
    whose = type(view).__name__
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    for role in roles:
        for column in range(_columns(model)):
            for row in range(model.rowCount()):
                text = model.data(model.index(row, column), role)
                if isinstance(text, str):
                    yield f"{whose}.cell", text
            head = model.headerData(column, Qt.Orientation.Horizontal, role)
            if isinstance(head, str):
                yield f"{whose}.head", head


def _columns(model: QAbstractItemModel) -> int:
    # A list has one column, and PySide hides how to ask it.
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount()
