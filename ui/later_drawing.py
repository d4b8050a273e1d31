"""Drawing that waits a moment: what the hand moves is drawn first, numbers about it after."""

from __future__ import annotations

from PySide6.QtCore import QTimer
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
        self._timer = QTimer(widget)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(widget.update)

    @property
    def waiting(self) -> bool:
        """Whether the widget is still to be drawn."""
        return self._timer.isActive()

    def ask(self) -> None:
        """Have the widget drawn; asking again does not put it off."""
        if not self._timer.isActive():
            self._timer.start()
