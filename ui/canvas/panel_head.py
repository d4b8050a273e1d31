"""A panel's head: its number, the method chooser, the badge; dragging it swaps panels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from ui.canvas.method_chooser import MethodChooser
from ui.look import tones
from ui.view.view_state import PanelView

HEIGHT = 26
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
        self._named: tuple[str, bool] | None = None
        self.number = NumberChip(self)
        self.chooser = MethodChooser(self)
        self.badge = Badge(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(4)
        row.addWidget(self.number)
        row.addWidget(self.chooser, 1)
        row.addWidget(self.badge)
        self.setFixedHeight(HEIGHT)
        self.chooser.content_chosen.connect(self.content_chosen)

    def show_view(self, view: PanelView, name: str, swappable: bool) -> None:
        """Show the head of `view`; `name` is the panel's number, or A or B."""
        self._named = (name, view.active)
        self.number.show_name(name, view.active)
        self.number.setVisible(bool(name))
        self.chooser.show_view(view)
        self.badge.setVisible(view.stretched)
        if view.stretched:
            self.badge.fit(self.width(), self.palette())
        if self._dressed != (name, swappable):
            self._dressed = (name, swappable)
            self._dress(name, swappable)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._named is not None:
            self.number.show_name(*self._named)
            self.badge.fit(self.width(), self.palette())

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


class Chip(QLabel):
    """A word on a ground of its own, small and rounded."""

    def show_look(
        self, words: str, ground: QColor, text: QColor, edge: QColor | None = None
    ) -> None:
        """Show `words` in these colours."""
        line = "0" if edge is None else " ".join(("1px", "solid", edge.name()))
        tone = f"rgba({ground.red()}, {ground.green()}, {ground.blue()}, {ground.alpha()})"
        looks = (
            f"background: {tone}; color: {text.name()}; border: {line}; border-radius: 4px;"
            f"font-size: {max(7.0, self.font().pointSizeF() - 1):g}pt; padding: 0 4px;"
        )
        self.setText(words)
        if looks != self.styleSheet():
            self.setStyleSheet(looks)


class NumberChip(Chip):
    """The number whose key makes the panel active."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(18, 18)

    def show_name(self, name: str, active: bool) -> None:
        """Show `name`, on the accent if the panel is active."""
        palette = self._view_palette()
        if active:
            self.show_look(name, tones.accent(palette), tones.on_accent(palette))
        else:
            self.show_look(name, tones.hairline(palette), tones.quiet_text(palette))

    def _view_palette(self) -> QPalette:
        # Its own is that of its colours.
        holder = self.parentWidget()
        return self.palette() if holder is None else holder.palette()


class Badge(Chip):
    """Says that this map's colours are its own: "stretched to this map"."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("stretched to this map"))
        self.setToolTip(
            self.tr(
                "Stretched to this map: the colours run from its least value to its 99th "
                "percentile, so they cannot be compared with another panel or step."
            )
        )
        self.setVisible(False)

    def fit(self, room: int, palette: QPalette) -> None:
        """Say it in a sentence, or in one word where the method needs the room."""
        tone = QColor("#f5b942") if tones.is_dark(palette) else QColor("#8a5a00")
        wash = QColor(tone)
        wash.setAlpha(36)
        words = self.tr("stretched to this map") if room >= _ROOMY else self.tr("stretched")
        self.show_look(words, wash, tone, tone)
