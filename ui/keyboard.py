"""Who gets a key: the widget that has the focus, or the window's shortcut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
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
_MOVED = (QAbstractSlider, QComboBox, QAbstractItemView, QAbstractSpinBox, QTabBar)


def belongs_to_widget(event: QKeyEvent, focused: QWidget | None) -> bool:
    """Whether the key moves a slider, list or number that has the focus, and is no shortcut."""
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return plain and event.key() in _MOVES and isinstance(focused, _MOVED)
