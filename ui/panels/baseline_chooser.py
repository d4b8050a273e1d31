"""The baseline chooser: a folder, a file of weights or a hub id, judged before loading."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memlens.models.sources import is_hub_id
from ui.requests import Recognised

_TYPING_MS = 200


class BaselineChooser(QDialog):
    """Asks for a less-trained checkpoint.

    Signals
    -------
    chosen(str, bool)
        What was named and whether it may be downloaded.
    recognition_requested(str)
        Whether what is named fits is to be told to `show_recognised`.
    """

    chosen = Signal(str, bool)
    recognition_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Open baseline"))
        self.setMinimumWidth(520)
        self._problem: str | None = None
        about = QLabel(
            self.tr(
                "A less-trained checkpoint of the same architecture, subtracted in Δh_θ̃ and Δs_θ̃"
            )
        )
        about.setWordWrap(True)
        self._source = QLineEdit()
        self._source.setPlaceholderText(
            self.tr("A folder, a .safetensors file, or a hub id such as owner/name")
        )
        self._source.setAccessibleName(self.tr("Folder, file or hub id"))
        self._source.setToolTip(self.tr("A UNet's folder or file of weights, or a hub id"))
        self._source.setClearButtonEnabled(True)
        self._source.textChanged.connect(self._typed)
        folder = QPushButton(self.tr("Folder …"))
        folder.setToolTip(self.tr("Choose a checkpoint's folder"))
        folder.clicked.connect(self._browse_folders)
        file = QPushButton(self.tr("File …"))
        file.setToolTip(self.tr("Choose a file of weights"))
        file.clicked.connect(self._browse_files)
        self._download = QCheckBox(self.tr("Download it when it is not on this machine"))
        self._download.toggled.connect(self._judge)
        self._found = QLabel()
        self._found.setWordWrap(True)
        self._found.setProperty("role", "quiet")
        self._found.setAccessibleName(self.tr("What was recognised"))
        self._found.setMinimumHeight(3 * self._found.fontMetrics().lineSpacing())
        self._found.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._open = buttons.button(QDialogButtonBox.StandardButton.Open)
        self._open.setProperty("role", "primary")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self._ask)
        row = QHBoxLayout()
        row.addWidget(self._source, 1)
        row.addWidget(folder)
        row.addWidget(file)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        for part in (about, row, self._download, self._found, buttons):
            if isinstance(part, QHBoxLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
        self._judge()
        self._source.setFocus()

    @property
    def source(self) -> str:
        """What is named now."""
        return self._source.text().strip()

    def show_recognised(self, found: Recognised | None) -> None:
        """Say whether it fits, if it is what is named now."""
        if found is None or found.source != self.source:
            return
        self._problem = found.problem
        self._found.setText(found.problem or "\n".join(value for _, value in found.lines))
        self._judge()

    def accept(self) -> None:
        """Close, and ask for the checkpoint that is named, where it can be opened."""
        if not self._open.isEnabled():
            return
        source, download = self.source, self._download.isChecked()
        super().accept()
        self.chosen.emit(source, download)

    def done(self, result: int) -> None:
        """Close."""
        self._timer.stop()
        super().done(result)

    def _typed(self) -> None:
        self._problem = None
        self._found.setText("")
        self._judge()
        self._timer.start()

    def _judge(self) -> None:
        hub = is_hub_id(self.source)
        self._download.setEnabled(hub)
        self._download.setToolTip(
            self.tr("The checkpoint may be fetched from the hub")
            if hub
            else self.tr("Only a hub id, owner/name, can be downloaded")
        )
        download = hub and self._download.isChecked()
        self._open.setEnabled(bool(self.source) and (self._problem == "" or download))
        reason = self._problem or self.tr("Name a folder, a file or a hub id first")
        self._open.setToolTip("" if self._open.isEnabled() else reason)

    def _ask(self) -> None:
        if self.source:
            self.recognition_requested.emit(self.source)

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
