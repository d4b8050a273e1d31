"""A row of buttons of which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from ui.look import tones


class Segmented(QWidget):
    """Shows the choice that it was given, and asks for another by `chosen`.

    Parameters
    ----------
    name
        For assistive technology.
    choices
        (value, words, tooltip).
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        choices: tuple[tuple[object, str, str], ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.buttons: dict[object, Segment] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (value, words, tip) in enumerate(choices):
            button = Segment(words, place == 0, place == len(choices) - 1, self)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {words}")
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self._group.addButton(button)
            self.buttons[value] = button
            row.addWidget(button)

    def show_choice(self, value: object) -> None:
        """Show `value` as chosen; an unknown one leaves none chosen."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)
            return
        self._group.setExclusive(False)
        for button in self.buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)


class Segment(QAbstractButton):
    """One button of the row."""

    def __init__(self, words: str, first: bool, last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._ends = (first, last)
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(26)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(words) + 14)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Space, Return and, within the row, arrows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the segment, its outer corners round."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        whole = area.adjusted(0 if self._ends[0] else -8, 0, 0 if self._ends[1] else 8, 0)
        painter.setClipRect(self.rect())
        chosen = self.isChecked()
        painter.setPen(QPen(tones.hairline(palette), 1))
        if chosen:
            painter.setBrush(tones.mixed(tones.raised(palette), tones.accent(palette), 0.22))
        else:
            painter.setBrush(tones.raised(palette))
        painter.drawRoundedRect(whole, 5, 5)
        if not self._ends[0]:
            painter.drawLine(area.topLeft(), area.bottomLeft())
        if self.hasFocus():
            painter.setPen(QPen(tones.accent(palette), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3)
        if not self.isEnabled():
            painter.setPen(tones.faint_text(palette))
        else:
            lively = chosen or self.underMouse()
            painter.setPen(tones.text(palette) if lively else tones.quiet_text(palette))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
