"""Colours as three numbers."""

from __future__ import annotations

from PySide6.QtGui import QColor


def rgb(colour: QColor) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return colour.red(), colour.green(), colour.blue()
