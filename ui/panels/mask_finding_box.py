"""A mask being looked for: its threshold, what of it to keep, accept or abandon."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ui.view.masks import FindingView
from ui.widgets.disabling import disable
from ui.widgets.number_box import NumberBox

_FINE = 1000


class MaskFindingBox(QFrame):
    """Shows a `FindingView`; changing a control asks for another preview."""

    threshold_chosen = Signal(float)
    largest_only_chosen = Signal(bool)
    minimum_area_chosen = Signal(int)
    accepted = Signal()
    abandoned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._view: FindingView | None = None
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.threshold = QSlider(Qt.Orientation.Horizontal, self)
        self.threshold.setRange(0, _FINE)
        self.threshold.setAccessibleName(self.tr("Threshold"))
        self.threshold.setToolTip(self.tr("How much is taken for the mask."))
        self.words = QLabel(self)
        self.words.setMinimumWidth(self.fontMetrics().horizontalAdvance("−0.0000"))
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.largest = QCheckBox(self.tr("Largest region only"), self)
        self.largest.setToolTip(self.tr("Drop all regions but the largest."))
        self.area = NumberBox(self)
        self.area.setRange(0, 10_000_000)
        self.area.setSuffix(self.tr(" px"))
        self.area.setAccessibleName(self.tr("Smallest region"))
        self.area.setToolTip(self.tr("Drop regions of fewer pixels."))
        self.found = QLabel(self)
        self.found.setWordWrap(True)
        self.accept_button = QPushButton(self.tr("Accept"), self)
        self.accept_button.setToolTip(self.tr("Add it as a mask."))
        self.abandon_button = QPushButton(self.tr("Abandon"), self)
        self.abandon_button.setToolTip(self.tr("Give the search up."))
        self._arrange()
        self.threshold.valueChanged.connect(self._moved)
        self.largest.clicked.connect(self.largest_only_chosen)
        self.area.valueChanged.connect(self.minimum_area_chosen)
        self.accept_button.clicked.connect(lambda: self.accepted.emit())
        self.abandon_button.clicked.connect(lambda: self.abandoned.emit())

    def show_view(self, view: FindingView) -> None:
        """Show the search as it is now."""
        if view is self._view:
            return
        self._view = view
        self.title.setText(view.title)
        span = view.high - view.low
        place = round(_FINE * (view.threshold - view.low) / span) if span > 0 else 0
        for control, value in ((self.threshold, place), (self.area, view.minimum_area)):
            if control.value() != value and not (
                isinstance(control, QSlider) and control.isSliderDown()
            ):
                blocked = control.blockSignals(True)
                control.setValue(value)
                control.blockSignals(blocked)
        self.words.setText(f"{view.threshold:.3f}")
        self.words.setToolTip(view.units)
        self.largest.setChecked(view.largest_only)
        self.found.setText(view.found)
        nothing = "" if view.can_accept else self.tr("There is nothing to accept yet.")
        disable(self.accept_button, self.tr("Add it as a mask."), nothing)

    def _moved(self, place: int) -> None:
        if self._view is not None:
            span = self._view.high - self._view.low
            self.threshold_chosen.emit(self._view.low + span * place / _FINE)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.threshold, 1)
        row.addWidget(self.words)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Threshold"), row)
        form.addRow(self.tr("At least"), self.area)
        form.addRow("", self.largest)
        buttons = QHBoxLayout()
        buttons.addWidget(self.found, 1)
        buttons.addWidget(self.abandon_button)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(form)
        column.addLayout(buttons)
