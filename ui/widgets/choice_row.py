"""A row of a choice's list: its words, and under them why it cannot be chosen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.look import tones

REASON = Qt.ItemDataRole.UserRole + 1
_LEAST_WIDTH = 320
_SIDE = 8
_AIR = 5
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

_Index = QModelIndex | QPersistentModelIndex


class ChoiceRow(QStyledItemDelegate):
    """Draws the rows of one combo box, the reasons small and broken into lines."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._box = box

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """High enough for the words and all of the reason."""
        metrics = QFontMetrics(self._box.font())
        height = metrics.height() + 2 * _AIR
        if index.data(REASON):
            height += self._reason_area(str(index.data(REASON)), self.width()).height()
        return QSize(metrics.horizontalAdvance(str(index.data())) + 2 * _SIDE, height)

    def width(self) -> int:
        """Return how wide the list is at least."""
        return max(_LEAST_WIDTH, self._box.width()) if self._has_reasons() else self._box.width()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        palette, state = option.palette, option.state
        area = QRect(option.rect)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        chosen = enabled and bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(area, tones.accent(palette))
        ink = tones.on_accent(palette) if chosen else tones.text(palette)
        painter.setPen(ink if enabled else tones.faint_text(palette))
        painter.setFont(self._box.font())
        height = painter.fontMetrics().height()
        line = QRect(area.left() + _SIDE, area.top() + _AIR, area.width() - 2 * _SIDE, height)
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideMiddle, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        reason = str(index.data(REASON) or "")
        if reason:
            painter.setFont(self._small())
            # The box's own colours: the row's are those of what is disabled, hard to read.
            painter.setPen(tones.quiet_text(self._box.palette()))
            under = self._reason_area(reason, area.width())
            painter.drawText(under.translated(line.left(), line.bottom() + 1), _WRAP, reason)
        painter.restore()

    def _reason_area(self, reason: str, width: int) -> QRect:
        room = QRect(0, 0, width - 2 * _SIDE, 1000)
        needed = QFontMetrics(self._small()).boundingRect(room, _WRAP, reason)
        return QRect(0, 0, room.width(), needed.height())

    def _has_reasons(self) -> bool:
        return any(self._box.itemData(row, REASON) for row in range(self._box.count()))

    def _small(self) -> QFont:
        font = QFont(self._box.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        return font
