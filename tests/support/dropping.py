"""Files dragged over the window and let go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.real_window import LONG_MS
from ui.window.main_window import MainWindow

COPY = Qt.DropAction.CopyAction
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(window: MainWindow, qtbot: QtBot, *paths: Path) -> bool:
    """Drag paths over the window and let go; whether they were taken."""
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    entered = QDragEnterEvent(window.rect().center(), COPY, dragged, LEFT, NO_KEYS)
    entered.ignore()
    QApplication.sendEvent(window, entered)
    if not entered.isAccepted():
        return False
    middle = QPointF(window.rect().center())
    QApplication.sendEvent(window, QDropEvent(middle, COPY, dragged, LEFT, NO_KEYS))
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    return True
