"""Buttons of the timeline."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QToolButton, QWidget

from ui.look import icons


class Sign(StrEnum):
    """What a button shows: the name of its icon."""

    FIRST = "first-step"
    BACK = "previous-step"
    PLAY = "play"
    PAUSE = "pause"
    FORWARD = "next-step"
    LAST = "last-step"


class TransportButton(QToolButton):
    """A flat square button with one sign."""

    def __init__(self, sign: Sign, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self.setAutoRaise(True)
        self.setFixedSize(QSize(28, 28))
        self.setIconSize(QSize(18, 18))
        self.set_sign(sign, words)

    def set_sign(self, sign: Sign, words: str) -> None:
        """Show another sign."""
        self._sign, self._words = sign, words
        self.setIcon(icons.icon(sign.value, self.palette()))
        self.setAccessibleName(words)
        self._explain()

    def disable(self, reason: str) -> None:
        """Say why it cannot be pressed now, "" where it can."""
        if reason != self._reason:
            self._reason = reason
            self.setEnabled(not reason)
            self._explain()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self.setIcon(icons.icon(self._sign.value, self.palette()))

    def _explain(self) -> None:
        self.setToolTip(f"{self._words}\n{self._reason}" if self._reason else self._words)
