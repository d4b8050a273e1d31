"""The baseline chooser: a folder, a file of weights or a hub id, judged before loading."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from ui.language.translation import tr
from ui.panels.source_chooser import SourceChooser


class BaselineChooser(SourceChooser):
    """Asks for a less-trained checkpoint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        about = QLabel(
            tr("A less-trained checkpoint of the same architecture, subtracted in Δh_θ̃ and Δs_θ̃")
        )
        about.setWordWrap(True)
        folder, file = QPushButton(tr("Folder …")), QPushButton(tr("File …"))
        folder.setToolTip(tr("Choose a checkpoint's folder"))
        file.setToolTip(tr("Choose a file of weights"))
        super().__init__(tr("Open baseline"), about, (folder, file), parent)
        folder.clicked.connect(self._browse_folders)
        file.clicked.connect(self._browse_files)
        self._source.setPlaceholderText(
            self.tr("A folder, a .safetensors file, or a hub id such as owner/name")
        )
        self._source.setAccessibleName(self.tr("Folder, file or hub id"))
        self._source.setToolTip(self.tr("A UNet's folder or file of weights, or a hub id"))

    def _browse_folders(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Checkpoint's folder"))
        if folder:
            self._source.setText(folder)

    def _browse_files(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("File of weights"), "", self.tr("Weights (*.safetensors)")
        )
        if path:
            self._source.setText(path)
