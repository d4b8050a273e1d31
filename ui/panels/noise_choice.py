"""Where the noise that a run starts from is drawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.view.setup import NOISE_FILE
from ui.view.view_state import SetupView
from ui.widgets.choice_box import ChoiceBox


class NoiseChoice(ChoiceBox):
    """As on a CPU, as on an NVIDIA GPU, or a file.

    Signals
    -------
    noise_chosen(str)
        "cpu", "cuda" or the file that is shown.
    file_requested()
        Another file is wanted.
    """

    noise_chosen = Signal(str)
    file_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(self.tr("Noise drawn as on"))
        self.setToolTip(
            self.tr(
                "Which generator turns the seed into noise. Seeds published with the official data "
                "sets mean an NVIDIA GPU, whose numbers are computed on any machine"
            )
        )
        self._shown = ""
        self.activated.connect(self._choose)

    def show_view(self, view: SetupView) -> None:
        """Show what `view` says of the noise."""
        self._shown = view.noise
        self.show_choices(view.noises, view.noise)

    def _choose(self, index: int) -> None:
        key = self.itemData(index)
        if key == NOISE_FILE:
            self.setCurrentIndex(self.findData(self._shown))
            self.file_requested.emit()
        else:
            self.noise_chosen.emit(key)
