"""Where the model runs and in which precision."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from ui.panels.choice import fill_choice
from ui.view_state import SetupView

_FIELD_HEIGHT = 26


class MachineChoice(QWidget):
    """Two choices; what this machine cannot do is disabled and says why.

    Signals
    -------
    device_chosen(str), dtype_chosen(str)
        A name, "auto" among them.
    """

    device_chosen = Signal(str)
    dtype_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.device = self._box(
            self.tr("Device"), self.tr("Where the model runs; another one loads it again")
        )
        self.dtype = self._box(
            self.tr("Precision"),
            self.tr("Of weights and curvature; another one loads the model again"),
        )
        form.addRow(self.tr("Device"), self.device)
        form.addRow(self.tr("Precision"), self.dtype)
        self.device.activated.connect(
            lambda index: self.device_chosen.emit(self.device.itemData(index))
        )
        self.dtype.activated.connect(
            lambda index: self.dtype_chosen.emit(self.dtype.itemData(index))
        )

    def show_view(self, view: SetupView) -> None:
        """Show what `view` says of device and precision."""
        fill_choice(self.device, view.devices, view.device)
        fill_choice(self.dtype, view.dtypes, view.dtype)
        for box in (self.device, self.dtype):
            box.setEnabled(not view.model_loading)

    def _box(self, name: str, about: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(about)
        box.setMinimumHeight(_FIELD_HEIGHT)
        return box
