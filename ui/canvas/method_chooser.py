"""The chooser in a panel's head: the method's symbol large, its words small."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from memlens.methods.registry import MAP_KINDS
from ui.canvas import method_colours, symbol
from ui.look import tones
from ui.view.view_state import PanelView

Choices = tuple[tuple[str, str, str], ...]
_CONTENT = Qt.ItemDataRole.UserRole
_ROW = 32
_SYMBOL_ROOM = 52
_ARROW_ROOM = 16.0


def symbol_of(content: str) -> str:
    """Return the symbol of a method, "" for what is not one."""
    kind = MAP_KINDS.get(content)
    return kind.symbol if kind is not None else ""


class MethodChooser(QComboBox):
    """Chooses what a panel shows; shows what the view says, not what was clicked."""

    content_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: Choices = ()
        self._content = ""
        self._symbol = ""
        self._label = ""
        self.setAccessibleName(self.tr("Method shown"))
        self.setToolTip(self.tr("Click to show another method here."))
        self.setModel(QStandardItemModel(self))
        self.setItemDelegate(_Row(self))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.activated.connect(self._activated)

    def show_view(self, view: PanelView) -> None:
        """Show the panel's method and offer its choices."""
        if view.choices != self._choices:
            self._choices = view.choices
            self._fill()
        if (view.content, view.symbol, view.label) != (self._content, self._symbol, self._label):
            self._content, self._symbol, self._label = view.content, view.symbol, view.label
            self.setAccessibleName(self.tr("Method shown: {0}").format(view.label))
            self.setToolTip(self.tr("{0}\nClick to show another method here.").format(view.label))
            self.update()
        self._select()

    def sizeHint(self) -> QSize:
        """As wide as symbol and words."""
        room = symbol.width(self._symbol, self._large()) + 12 if self._symbol else 0.0
        words = QFontMetricsF(self.font()).horizontalAdvance(self._label)
        return QSize(round(room + words) + 32, 26)

    def minimumSizeHint(self) -> QSize:
        """As wide as the symbol."""
        return QSize(56, 24)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to zooming and scrolling: a method is chosen on purpose."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw symbol, words and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            edge = tones.accent(palette) if self.hasFocus() else tones.hairline(palette)
            painter.setPen(QPen(edge, 1))
            painter.setBrush(tones.raised(palette))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        x, middle = 8.0, area.center().y()
        large = self._large()
        if self._symbol:
            baseline = middle + QFontMetricsF(large).capHeight() / 2
            tone = method_colours.colour(self._content, palette)
            x += symbol.paint(painter, QPointF(x, baseline), self._symbol, large, tone) + 8
        font = QFont(self.font())
        if self._symbol:
            # One size beside all symbols, small enough for the longest name in four panels.
            font.setPointSizeF(max(7.0, font.pointSizeF() - 1.0))
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(tones.quiet_text(palette) if self._symbol else tones.text(palette))
        room = area.right() - _ARROW_ROOM - x
        if self._symbol and metrics.horizontalAdvance(self._label) > room:
            font.setPointSizeF(max(7.0, font.pointSizeF() - 0.5))
            metrics = QFontMetricsF(font)
            painter.setFont(font)
        words = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, room)
        if self._symbol and words != self._label:
            # Part of a name says less than the symbol alone; the tooltip has all of it.
            words, x = "", x - 4
        painter.drawText(QPointF(x, middle + metrics.capHeight() / 2), words)
        x = min(x + metrics.horizontalAdvance(words) + 10, area.right() - 8)
        painter.setPen(QPen(tones.quiet_text(palette), 1.4))
        painter.drawPolyline(
            [QPointF(x - 3, middle - 1.5), QPointF(x, middle + 1.5), QPointF(x + 3, middle - 1.5)]
        )

    def _large(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + 3.5)
        return font

    def _fill(self) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        widest = 0.0
        metrics = QFontMetricsF(self.font())
        for content, label, reason in self._choices:
            # The row draws the symbol itself.
            label = label.removeprefix(symbol_of(content)).strip()
            item = QStandardItem(label)
            item.setData(content, _CONTENT)
            item.setEnabled(not reason)
            item.setToolTip(reason or label)
            item.setAccessibleText(f"{label}: {reason}" if reason else label)
            model.appendRow(item)
            widest = max(widest, metrics.horizontalAdvance(label))
        self.view().setMinimumWidth(round(widest) + _SYMBOL_ROOM + 40)

    def _select(self) -> None:
        contents = [choice[0] for choice in self._choices]
        row = contents.index(self._content) if self._content in contents else -1
        if row != self.currentIndex():
            self.setCurrentIndex(row)

    def _activated(self, row: int) -> None:
        content = self._choices[row][0]
        # What is shown follows the view, which follows if the request is granted.
        self._select()
        if content != self._content:
            self.content_chosen.emit(content)


class _Row(QStyledItemDelegate):
    """One choice: symbol, words; greyed when it cannot be chosen."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width() + _SYMBOL_ROOM, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        palette = QPalette(option.palette)
        # A row that is disabled brings faint text, of which a faint tone would be seen by nobody.
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)
        state: QStyle.StateFlag = option.state
        area = QRectF(option.rect)
        font = QFont(option.font)
        content = str(index.data(_CONTENT))
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected) and enabled
        if chosen:
            painter.fillRect(area, tones.accent(palette))
        if not enabled:
            words = tone = tones.faint_text(palette)
        elif chosen:
            words = tone = tones.on_accent(palette)
        else:
            words, tone = tones.text(palette), method_colours.colour(content, palette)
        large = QFont(font)
        large.setPointSizeF(font.pointSizeF() + 2.5)
        middle = area.center().y()
        mark = symbol_of(content)
        if mark:
            baseline = middle + QFontMetricsF(large).capHeight() / 2
            symbol.paint(painter, QPointF(area.left() + 12, baseline), mark, large, tone)
        painter.setFont(font)
        painter.setPen(words)
        baseline = middle + QFontMetricsF(font).capHeight() / 2
        painter.drawText(QPointF(area.left() + 12 + _SYMBOL_ROOM, baseline), str(index.data()))
        painter.restore()
