"""A part of a column under a title that folds it away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui.look import tones

_HEIGHT = 32
_SIGN = 16


class Section(QWidget):
    """A title, and below it the content, unless it is folded away.

    Parameters
    ----------
    key
        Names the section where it is remembered which ones are folded.
    title
        Words of the title.
    content
        What is folded away.
    """

    folded = Signal(bool)

    def __init__(
        self, key: str, title: str, content: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.content = content
        self.head = SectionHead(title, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(content)
        column.addSpacing(10)
        self.head.toggled.connect(self._toggle)

    @property
    def is_folded(self) -> bool:
        """Whether the content is folded away."""
        return not self.head.isChecked()

    def fold(self, folded: bool) -> None:
        """Fold the content away, or show it."""
        self.head.setChecked(not folded)

    def _toggle(self, shown: bool) -> None:
        self.content.setVisible(shown)
        self.folded.emit(not shown)


class SectionHead(QAbstractButton):
    """The title with a sign of whether its section is open; checked means open."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ruled = True
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.toggled.connect(self._say)
        self._say(True)

    def sizeHint(self) -> QSize:
        """As wide as the title."""
        wide = QFontMetricsF(self._font()).horizontalAdvance(self.text())
        return QSize(round(wide) + _SIGN + 8, _HEIGHT)

    def rule(self, ruled: bool) -> None:
        """Draw a hairline above, or none where nothing is above."""
        self._ruled = ruled
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold by Return too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign, the title and a hairline above."""
        painter = QPainter(self)
        palette = self.palette()
        if self._ruled:
            painter.fillRect(QRectF(0, 0, self.width(), 1), tones.hairline(palette))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(tones.accent(palette), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.rect()).adjusted(0.75, 4.75, -0.75, -2.75)
            painter.drawRoundedRect(frame, 5, 5)
        lively = self.underMouse() or self.hasFocus()
        middle = QPointF(7.5, self.height() / 2 + 1)
        chevron = QPolygonF([QPointF(-2.0, -4), QPointF(2.0, 0), QPointF(-2.0, 4)])
        if self.isChecked():
            chevron = QPolygonF([QPointF(-4, -2.0), QPointF(0, 2.0), QPointF(4, -2.0)])
        tone = tones.text(palette) if lively else tones.quiet_text(palette)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(tone, 1.6, Qt.PenStyle.SolidLine, cap, join))
        painter.drawPolyline(chevron.translated(middle))
        font = self._font()
        painter.setFont(font)
        painter.setPen(tones.text(palette))
        baseline = middle.y() + QFontMetricsF(font).capHeight() / 2
        painter.drawText(QPointF(_SIGN + 4, baseline), self.text())

    def _say(self, shown: bool) -> None:
        words = self.tr("Fold {0} away.") if shown else self.tr("Show {0}.")
        self.setToolTip(words.format(self.text()))

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
