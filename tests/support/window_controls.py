"""What a person can press, type into or choose from."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from ui.plots.track import Track

CONTROLS = (
    QAbstractButton,
    QAbstractSpinBox,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    Track,
)


def controls(top: QWidget) -> list[QWidget]:
    """Return what a person can press, type into or choose from, without a control's own parts."""
    found: list[QWidget] = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or isinstance(widget, QScrollBar):
            continue
        around = widget.parentWidget()
        parts = False
        while around is not None and around is not top:
            parts = parts or isinstance(around, (QComboBox, QAbstractSpinBox, QAbstractItemView))
            parts = parts or (isinstance(widget, QAbstractButton) and isinstance(around, QLineEdit))
            around = around.parentWidget()
        if not parts and not widget.objectName().startswith("qt_"):
            found.append(widget)
    return found
