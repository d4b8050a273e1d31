"""A sentence that wraps, and moves nothing while it needs as many lines as before.

Its words say what something else shows: they are drawn a moment after that.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.later_drawing import LaterDrawing

_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


class Sentence(QWidget):
    """Where a label would lay out all around it anew at every change of its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._lines = 0
        self.later = LaterDrawing(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return the words."""
        return self._words

    def setText(self, words: str) -> None:
        """Show other words."""
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(words)
        if self._height(self.width()) != self._lines:
            self.updateGeometry()
        self.later.ask()

    def hasHeightForWidth(self) -> bool:
        """Narrower means more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return self._height(width)

    def sizeHint(self) -> QSize:
        """One line, or as many as there are in the width that it has."""
        return QSize(160, self._height(max(self.width(), 160)))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(80, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Remember for which height there is room."""
        self._lines = self._height(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), _FLAGS, self._words)

    def _height(self, width: int) -> int:
        room = QRect(0, 0, max(1, width), 1 << 16)
        found = self.fontMetrics().boundingRect(room, _FLAGS, self._words or " ")
        return max(found.height(), self.fontMetrics().height())
