"""Two masks against each other: which, what the colours mean, and the numbers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.canvas.outline import AGREE, ONLY_A, ONLY_B
from ui.view.masks import ComparisonView, MaskRow
from ui.widgets.eliding_choice import ElidingChoice

_COLUMNS = 4


class MaskComparisonBox(QFrame):
    """Shows a `ComparisonView`; choosing A or B asks for another.

    Signals
    -------
    pair_chosen(int, int)
        Ids of masks A and B.
    closed()
        Compare no more.
    """

    pair_chosen = Signal(int, int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._seen: tuple[ComparisonView, tuple[tuple[int, str], ...]] | None = None
        self.a, self.b = ElidingChoice(self), ElidingChoice(self)
        for box, name in ((self.a, self.tr("Mask A")), (self.b, self.tr("Mask B"))):
            box.setAccessibleName(name)
            box.setToolTip(self.tr("One of the two masks that are compared."))
            box.setMinimumContentsLength(6)
            box.activated.connect(self._chosen)
        self.close_button = QPushButton(self.tr("Done"), self)
        self.close_button.setToolTip(self.tr("Compare no more."))
        self.close_button.clicked.connect(lambda: self.closed.emit())
        self._numbers: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        # One below the other: side by side they would cut the masks' names off.
        row = QFormLayout()
        row.setVerticalSpacing(4)
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        row.addRow("A", self.a)
        row.addRow("B", self.b)
        legend = QHBoxLayout()
        legend.setSpacing(4)
        for colour, words in (
            (AGREE, self.tr("agree")),
            (ONLY_A, self.tr("only A")),
            (ONLY_B, self.tr("only B")),
        ):
            legend.addWidget(_swatch(colour, self))
            legend.addWidget(QLabel(words, self))
            legend.addSpacing(6)
        legend.addStretch(1)
        legend.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(self._grid)
        column.addLayout(legend)

    def show_view(self, view: ComparisonView, rows: tuple[MaskRow, ...]) -> None:
        """Show the comparison as it is now."""
        names = tuple((row.id, row.name) for row in rows)
        if self._seen is not None and self._seen[0] is view and self._seen[1] == names:
            return
        for box, chosen in ((self.a, view.a), (self.b, view.b)):
            if self._seen is None or self._seen[1] != names:
                box.clear()
                for mask, name in names:
                    box.addItem(name, mask)
            box.setCurrentIndex(box.findData(chosen))
        if self._seen is None or self._seen[0].numbers != view.numbers:
            self._show_numbers(view)
        self._seen = (view, names)

    def _show_numbers(self, view: ComparisonView) -> None:
        for place, (words, text, about) in enumerate(view.numbers):
            title, number = self._labels(place)
            title.setText(words)
            number.setText(text)
            number.setAccessibleName(f"{words} {text}")
            for label in (title, number):
                label.setToolTip(about)
        for place, labels in enumerate(self._numbers):
            for label in labels:
                label.setVisible(place < len(view.numbers))

    def _labels(self, place: int) -> tuple[QLabel, QLabel]:
        """Return the labels of the number at `place`, made when there are none yet."""
        while len(self._numbers) <= place:
            row, column = divmod(len(self._numbers), _COLUMNS)
            title, number = QLabel(self), QLabel(self)
            font = number.font()
            font.setBold(True)
            number.setFont(font)
            self._grid.addWidget(title, 2 * row, column)
            self._grid.addWidget(number, 2 * row + 1, column)
            self._numbers.append((title, number))
        return self._numbers[place]

    def _chosen(self) -> None:
        a, b = self.a.currentData(), self.b.currentData()
        if a is not None and b is not None:
            self.pair_chosen.emit(int(a), int(b))


def _swatch(colour: QColor, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setFixedSize(12, 12)
    label.setStyleSheet(f"background: {colour.name()}; border-radius: 3px;")
    return label
