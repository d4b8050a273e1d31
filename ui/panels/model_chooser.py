"""The model chooser: the demo, recent models, a folder or a hub id, recognised before loading."""

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
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from memlens.models.sources import DEMO
from ui.requests import Recognised

_TYPING_MS = 200


class ModelChooser(QDialog):
    """Asks for a model; `chosen` carries what was named and whether it may be downloaded."""

    chosen = Signal(str, bool)
    recognition_requested = Signal(str)

    def __init__(self, recent: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Open model"))
        self.setMinimumWidth(520)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Recent models"))
        self._list.setToolTip(self.tr("The demo and the models opened last"))
        for source in (DEMO, *(s for s in recent if s != DEMO)):
            label = self.tr("Demo: a small model that memorizes") if source == DEMO else source
            item = QListWidgetItem(label, self._list)
            item.setData(Qt.ItemDataRole.UserRole, source)
        rows = min(max(2, self._list.count()), 6)
        self._list.setFixedHeight(rows * (self._list.fontMetrics().lineSpacing() + 10) + 12)
        self._list.currentItemChanged.connect(self._take_item)
        self._list.itemClicked.connect(self._take_item)
        self._list.itemActivated.connect(lambda _: self.accept())
        self._source = QLineEdit()
        self._source.setPlaceholderText(self.tr("A folder, or a hub id such as owner/name"))
        self._source.setAccessibleName(self.tr("Folder or hub id"))
        self._source.setToolTip(self.tr("A folder in diffusers' layout, or a hub id"))
        self._source.setClearButtonEnabled(True)
        self._source.textChanged.connect(self._typed)
        browse = QPushButton(self.tr("Browse …"))
        browse.setToolTip(self.tr("Choose a folder"))
        browse.clicked.connect(self._browse)
        self._download = QCheckBox(self.tr("Download it when it is not on this machine"))
        self._download.setEnabled(False)
        self._found = QLabel()
        self._found.setWordWrap(True)
        self._found.setProperty("role", "quiet")
        self._found.setAccessibleName(self.tr("What was recognised"))
        self._found.setMinimumHeight(3 * self._found.fontMetrics().lineSpacing())
        self._found.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._open = self._buttons.button(QDialogButtonBox.StandardButton.Open)
        self._open.setProperty("role", "primary")
        self._open.setEnabled(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self._ask)
        row = QHBoxLayout()
        row.addWidget(self._source, 1)
        row.addWidget(browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._list)
        column.addLayout(row)
        column.addWidget(self._download)
        column.addWidget(self._found)
        column.addWidget(self._buttons)
        self._list.setCurrentRow(0)

    @property
    def source(self) -> str:
        """What is named now."""
        return self._source.text().strip()

    def show_recognised(self, found: Recognised | None) -> None:
        """Say what was recognised, if it is what is named now."""
        if found is None or found.source != self.source:
            return
        if found.problem:
            problem = found.problem
            if problem.split()[0].isalpha():  # not a path or a hub id
                problem = problem[0].upper() + problem[1:]
            self._found.setText(problem)
            self._open.setToolTip(problem)
        else:
            self._found.setText("\n".join(f"{name}: {value}" for name, value in found.lines))
            self._open.setToolTip("")
        self._open.setEnabled(not found.problem or self._is_hub_id())

    def accept(self) -> None:
        """Close, and ask for the model that is named."""
        if not self.source:
            return
        source, download = self.source, self._download.isChecked()
        super().accept()
        self.chosen.emit(source, download)

    def done(self, result: int) -> None:
        """Close."""
        self._timer.stop()
        super().done(result)

    def _take_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._source.setText(item.data(Qt.ItemDataRole.UserRole))

    def _typed(self) -> None:
        chosen = self._list.currentItem()
        if chosen is not None and chosen.data(Qt.ItemDataRole.UserRole) != self.source:
            self._list.clearSelection()
        self._open.setEnabled(False)
        self._found.setText("")
        hub = self._is_hub_id()
        self._download.setEnabled(hub)
        self._download.setToolTip(
            self.tr("The model may be fetched from the hub")
            if hub
            else self.tr("Only a hub id, owner/name, can be downloaded")
        )
        self._timer.start()

    def _ask(self) -> None:
        if self.source:
            self.recognition_requested.emit(self.source)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Model folder"))
        if folder:
            self._source.setText(folder)

    def _is_hub_id(self) -> bool:
        return self.source.count("/") == 1 and not self.source.startswith((".", "/", "~"))
