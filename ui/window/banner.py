"""The banner: what went wrong in one sentence, details folded, and a way on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.look.icons import icon
from ui.view.view_state import BannerView

_DETAILS_HEIGHT = 128


class Banner(QFrame):
    """Shows a `BannerView`; hidden without one."""

    dismissed = Signal()
    way_on_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName(self.tr("Notice"))
        self._view: BannerView | None = None
        self._symbol = QLabel()
        self._symbol.setFixedSize(20, 20)
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        # It names files and prompts, which may look like markup.
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._unfold = QPushButton(self.tr("Details"))
        self._unfold.setProperty("role", "link")
        self._unfold.setCheckable(True)
        self._unfold.setToolTip(self.tr("Show what happened in full"))
        self._unfold.toggled.connect(self._fold)
        self._way_on = QPushButton()
        self._way_on.clicked.connect(self._choose_way_on)
        self._also = QPushButton()
        self._also.clicked.connect(self._choose_also)
        for way in (self._way_on, self._also):
            way.setAccessibleName(self.tr("Way on"))
            way.setToolTip(self.tr("What can be done about it"))
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.setToolTip(self.tr("Dismiss this notice"))
        self._close.clicked.connect(self.dismissed)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Details of the problem"))
        self._details.setToolTip(self.tr("To be copied into a report"))
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._details.setFixedHeight(_DETAILS_HEIGHT)
        self._details.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._symbol)
        row.addWidget(self._sentence, 1)
        for button in (self._unfold, self._way_on, self._also, self._close):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.addLayout(row)
        column.addWidget(self._details)
        self.hide()

    def show_view(self, view: BannerView | None) -> None:
        """Show `view`, or nothing."""
        if view == self._view:
            return
        self._view = view
        if view is None:
            self.hide()
            return
        self._sentence.setText(view.sentence)
        self.setAccessibleDescription(view.sentence)
        self._details.setPlainText(view.details)
        self._unfold.setVisible(bool(view.details))
        self._unfold.setChecked(False)
        self._way_on.setVisible(view.way_on is not None)
        if view.way_on is not None:
            self._way_on.setText(view.way_on[1])
            self._way_on.setAccessibleName(view.way_on[1])
            self._way_on.setToolTip(view.way_on[1])
        self._also.setVisible(view.also is not None)
        if view.also is not None:
            self._also.setText(view.also[1])
            self._also.setAccessibleName(view.also[1])
            self._also.setToolTip(view.also[1])
        self.setProperty("severity", view.severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self.tint()
        self.show()

    def tint(self) -> None:
        """Draw the icons in the palette's colours."""
        severity = self._view.severity if self._view is not None else "notice"
        pixmap = icon(severity, self.palette()).pixmap(QSize(20, 20), self.devicePixelRatioF())
        self._symbol.setPixmap(pixmap)
        self._close.setIcon(icon("close", self.palette()))

    def _fold(self, unfolded: bool) -> None:
        self._details.setVisible(unfolded)

    def _choose_way_on(self) -> None:
        self._choose(self._view.way_on if self._view is not None else None)

    def _choose_also(self) -> None:
        self._choose(self._view.also if self._view is not None else None)

    def _choose(self, button: tuple[str, str] | None) -> None:
        if button is not None:
            self.dismissed.emit()
            self.way_on_chosen.emit(button[0])
