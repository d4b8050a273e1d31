"""The columns beside the canvas: a share of the window wide, until somebody drags them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

# The least is what a column's controls need.
# Object name of the dock → share of the window's width, least and most.
_COLUMNS = {"setup": (0.13, 288, 340), "inspect": (0.18, 344, 480)}


def add_column(
    window: QMainWindow, area: Qt.DockWidgetArea, panel: QWidget, name: str, title: str
) -> None:
    """Put a panel at a side of the window, where it stays."""
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setWidget(panel)
    window.addDockWidget(area, dock)


def column_width(name: str, window_width: int) -> int:
    """Return how wide a column is in a window of this width."""
    share, least, most = _COLUMNS[name]
    return min(max(round(share * window_width), least), most)


class ColumnWidths(QObject):
    """Keeps the columns in proportion to the window; a width chosen by hand stays."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._seen = -1
        self._docks = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
        # Name of a column → the width that it was dragged to.
        self._by_hand: dict[str, int] = {}
        self._restored = False
        for watched in (window, *self._docks.values()):
            watched.installEventFilter(self)

    def note_restored(self) -> None:
        """Leave widths alone that were chosen by hand the last time."""
        # They can be read once the window is laid out.
        self._restored = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size, and notice a column that changes without it."""
        if event.type() is QEvent.Type.Resize:
            now = self._window.width()
            if watched is self._window and now != self._seen:
                # Once the window itself is laid out: it squeezes the columns first.
                QTimer.singleShot(0, self, self._follow)
            elif now == self._seen and isinstance(watched, QDockWidget):
                self._note(watched)
        return False

    def _note(self, dock: QDockWidget) -> None:
        name = dock.objectName()
        if dock.width() != column_width(name, self._window.width()):
            self._by_hand[name] = dock.width()

    def _follow(self) -> None:
        now = self._window.width()
        if self._restored:
            self._restored = False
            for dock in self._docks.values():
                self._note(dock)
        docks = [self._docks[name] for name in _COLUMNS]
        widths = [self._by_hand.get(name, column_width(name, now)) for name in _COLUMNS]
        self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)
        self._seen = now
