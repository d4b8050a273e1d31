"""The prompt's field: as high as its text, always whole lines."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_LEAST_LINES = 3
_MOST_LINES = 6
# Below the last line of a text that goes on: less than would show the tops of the next one.
_SLIT = 1.0


class PromptBox(QPlainTextEdit):
    """Grows with its text from three lines to six, and scrolls a longer one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text broken into other lines."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the column may become."""
        return QSize(80, self.minimumHeight())

    def _fit(self) -> None:
        # A plain text's layout measures its height in lines.
        lines = round(self.document().size().height())
        shown = min(max(lines, _LEAST_LINES), _MOST_LINES)
        longer = lines > _MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if not longer:
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy is not self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
        layout = self.document().firstBlock().layout()
        line = layout.lineAt(0).height() if layout.lineCount() else 0.0
        margin = self.document().documentMargin()
        edges = self.height() - self.viewport().height()
        height = round(shown * (line or self.fontMetrics().lineSpacing()) + margin) + edges
        height += round(_SLIT if longer else margin)
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)
