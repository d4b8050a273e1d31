"""Drawing that waits a moment: what the hand moves is drawn first, numbers about it after."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

DELAY_MS = 20


class LaterDrawing:
    """Draws a widget anew a moment after it was asked to, once for all that was asked since.

    Parameters
    ----------
    widget
        Which; it shows nothing that a person drags.
    """

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._asked = QRegion()
        self._timer = QTimer(widget)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._draw)

    @property
    def waiting(self) -> bool:
        """Whether the widget is still to be drawn."""
        return self._timer.isActive()

    def ask(self, area: QRect | None = None) -> None:
        """Have `area` of the widget drawn, None for all; asking again does not put it off."""
        self._asked += self._widget.rect() if area is None else area
        if not self._timer.isActive():
            self._timer.start()

    def _draw(self) -> None:
        asked, self._asked = self._asked, QRegion()
        self._widget.update(asked)
