"""Where the model runs and in which precision."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from ui.view.view_state import SetupView
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.disabling import disable


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
        self._about = (
            self.tr("Where the model runs; another one loads it again"),
            self.tr("Of weights and curvature; another one loads the model again"),
        )
        self.device = ChoiceBox(self.tr("Device"), self._about[0])
        self.dtype = ChoiceBox(self.tr("Precision"), self._about[1])
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
        self.device.show_choices(view.devices, view.device)
        self.dtype.show_choices(view.dtypes, view.dtype)
        reason = self.tr("The model is being opened.") if view.model_loading else ""
        for box, about in zip((self.device, self.dtype), self._about, strict=True):
            disable(box, about, reason)
