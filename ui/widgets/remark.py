"""A remark under a field, which stays while the person goes on to the next one."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

_LASTS_MS = 10_000
_GAP = 2
_EDGE = 4
# The padding of the theme, and a pixel of rounding on either side.
_AROUND = 18


class Remark:
    """Says something about a field, over what lies below it, until it is read.

    Not a tooltip: that goes with the focus, and a number is taken when the focus leaves.

    Parameters
    ----------
    field
        What it speaks of; the remark lies in its parent and scrolls along.
    """

    def __init__(self, field: QWidget) -> None:
        self._field = field
        self._label: QLabel | None = None
        self._timer = QTimer(field)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LASTS_MS)
        self._timer.timeout.connect(self.clear)

    @property
    def words(self) -> str:
        """What is being said, "" for nothing."""
        label = self._label
        return "" if label is None or label.isHidden() else label.text()

    def say(self, words: str) -> None:
        """Say something, in place of what was said before."""
        around = self._field.parentWidget() or self._field
        if self._label is None or self._label.parentWidget() is not around:
            self._label = QLabel(around)
            self._label.setProperty("role", "remark")
            self._label.setWordWrap(True)
            self._label.setIndent(0)
        label = self._label
        label.setText(words)
        label.setAccessibleName(words)
        self._field.setAccessibleDescription(words)
        label.ensurePolished()
        room = max(1, around.width() - 2 * _EDGE)
        wide = min(room, label.fontMetrics().horizontalAdvance(words) + _AROUND)
        high = label.heightForWidth(wide)
        place = self._field.geometry()
        left = max(_EDGE, min(place.left(), around.width() - _EDGE - wide))
        top = place.bottom() + _GAP
        seen = around.visibleRegion().boundingRect()
        if top + high > seen.bottom() + 1:
            top = max(0, place.top() - _GAP - high)
        label.setGeometry(left, top, wide, high)
        label.show()
        label.raise_()
        self._timer.start()

    def clear(self) -> None:
        """Take it away."""
        self._timer.stop()
        self._field.setAccessibleDescription("")
        if self._label is not None:
            self._label.hide()
