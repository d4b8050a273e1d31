"""A panel's head: its number, the method chooser, the badge; dragging it swaps panels."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from ui.canvas.method_chooser import MethodChooser
from ui.look import tones
from ui.view.view_state import PanelView

HEIGHT = 32
_ROOMY = 420


class PanelHead(QWidget):
    """Drag it onto another panel to swap the two."""

    content_chosen = Signal(str)
    pressed = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grabbed: QPoint | None = None
        self._dragging = False
        self._dressed: tuple[str, bool] | None = None
        self.number = NumberChip(self)
        self.chooser = MethodChooser(self)
        self.badge = Badge(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(4)
        row.addWidget(self.number)
        row.addWidget(self.chooser, 1)
        row.addWidget(self.badge)
        self.setFixedHeight(HEIGHT)
        self.chooser.content_chosen.connect(self.content_chosen)

    def show_view(self, view: PanelView, name: str, swappable: bool) -> None:
        """Show the head of `view`; `name` is the panel's number, or A or B."""
        self.number.show_name(name, view.active)
        self.number.setVisible(bool(name))
        self.chooser.show_view(view)
        self.badge.setVisible(view.stretched)
        if self._dressed != (name, swappable):
            self._dressed = (name, swappable)
            self._dress(name, swappable)

    def _dress(self, name: str, swappable: bool) -> None:
        shape = Qt.CursorShape.OpenHandCursor if swappable else Qt.CursorShape.ArrowCursor
        self.number.setCursor(shape)
        self.number.setToolTip(
            self.tr("Panel {0}. Drag onto another panel to swap them.").format(name)
            if swappable
            else ""
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start what may become a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say where the panel is dragged over."""
        if self._grabbed is None:
            return
        moved = (event.position().toPoint() - self._grabbed).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Say where the panel was dropped."""
        if self._dragging:
            self.dropped.emit(event.globalPosition().toPoint())
        self._grabbed, self._dragging = None, False
        self.unsetCursor()


class NumberChip(QWidget):
    """The number whose key makes the panel active."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._active = False
        self.setFixedSize(18, 18)

    def show_name(self, name: str, active: bool) -> None:
        """Show `name`, on the accent if the panel is active."""
        if (name, active) != (self._name, self._active):
            self._name, self._active = name, active
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tones.accent(palette) if self._active else tones.hairline(palette))
        painter.drawRoundedRect(area, 4, 4)
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(tones.on_accent(palette) if self._active else tones.quiet_text(palette))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._name)


class Badge(QWidget):
    """Says that this map's colours are its own: "stretched to this map"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._long = self.tr("stretched to this map")
        self._brief = self.tr("stretched")
        self.setAccessibleName(self._long)
        self.setToolTip(
            self.tr(
                "Stretched to this map: the colours run from its least value to its 99th "
                "percentile, so they cannot be compared with another panel or step."
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def sizeHint(self) -> QSize:
        """As wide as the whole sentence, or as one word where the method needs the room."""
        holder = self.parentWidget()
        roomy = holder is None or holder.width() >= _ROOMY
        words = self._long if roomy else self._brief
        return QSize(round(self._metrics().horizontalAdvance(words)) + 16, 18)

    def minimumSizeHint(self) -> QSize:
        """As wide as one word."""
        return QSize(round(self._metrics().horizontalAdvance(self._brief)) + 16, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words that fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = tones.is_dark(self.palette())
        tone = QColor("#f5b942") if dark else QColor("#8a5a00")
        wash = QColor(tone)
        wash.setAlpha(36)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(tone, 1))
        painter.setBrush(wash)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(self._font())
        fits = self._metrics().horizontalAdvance(self._long) + 12 <= self.width()
        words = self._long if fits else self._brief
        metrics = self._metrics()
        x = (self.width() - metrics.horizontalAdvance(words)) / 2
        painter.drawText(QPointF(x, area.center().y() + metrics.capHeight() / 2), words)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1))
        return font

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())
