"""The wheel over a field scrolls what is around it, unless the field has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget

_FIELDS = (QComboBox, QAbstractSpinBox, QAbstractSlider)


class UnfocusedWheel(QObject):
    """Keeps the wheel from fields that somebody only scrolls past."""

    def guard(self, root: QWidget) -> None:
        """Guard every field within `root`."""
        for field in root.findChildren(QWidget):
            if isinstance(field, _FIELDS) and not isinstance(field, QScrollBar):
                # Otherwise turning the wheel would give it the focus first.
                if field.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on to what lies around the field."""
        if event.type() is not QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True
