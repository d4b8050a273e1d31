"""Who gets a key: the widget that has the focus, or the window's shortcut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QTabBar,
    QWidget,
)

_MOVES = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}
_ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
_MOVED = (QAbstractSlider, QComboBox, QAbstractItemView, QAbstractSpinBox, QTabBar)


def belongs_to_widget(event: QKeyEvent, focused: QWidget | None) -> bool:
    """Whether the key moves a slider, list, number or choice with the focus, and is no shortcut."""
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not plain or event.key() not in _MOVES:
        return False
    return isinstance(focused, _MOVED) or (event.key() in _ARROWS and _one_of_several(focused))


def _one_of_several(focused: QWidget | None) -> bool:
    """Whether the arrows go from this button to another of which only one can be chosen."""
    group = focused.group() if isinstance(focused, QAbstractButton) else None
    return group is not None and group.exclusive()
