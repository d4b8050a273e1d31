"""The model chooser: the demo, recent models, a folder or a hub id, recognised before loading."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QPushButton, QWidget

from memlens.models.sources import DEMO
from ui.language.translation import tr
from ui.panels.source_chooser import SourceChooser
from ui.view.dialogs import RecognisedView

_MOST_ROWS = 6


class ModelChooser(SourceChooser):
    """Asks for a model."""

    def __init__(self, recent: tuple[str, ...], parent: QWidget | None = None) -> None:
        self._list = _RecentModels()
        browse = QPushButton(tr("Browse …"))
        browse.setToolTip(tr("Choose a folder"))
        super().__init__(tr("Open model"), self._list, (browse,), parent)
        browse.clicked.connect(self._browse)
        self._list.setAccessibleName(self.tr("Recent models"))
        self._list.setToolTip(self.tr("The demo and the models opened last"))
        self._list.setUniformItemSizes(True)
        for source in (DEMO, *(s for s in recent if s != DEMO)):
            label = self.tr("Demo: a small model that memorizes") if source == DEMO else source
            item = QListWidgetItem(label, self._list)
            item.setData(Qt.ItemDataRole.UserRole, source)
        self._list.currentItemChanged.connect(self._take_item)
        self._list.itemClicked.connect(self._take_item)
        self._list.typed.connect(self._type)
        self._list.itemActivated.connect(lambda _: self.accept())
        self._source.setPlaceholderText(self.tr("A folder, or a hub id such as owner/name"))
        self._source.setAccessibleName(self.tr("Folder or hub id"))
        self._source.setToolTip(self.tr("A folder in diffusers' layout, or a hub id"))
        self._list.setCurrentRow(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the list as high as its rows are drawn, and take what is typed from the start."""
        rows = min(max(2, self._list.count()), _MOST_ROWS)
        self._list.setFixedHeight(rows * self._list.sizeHintForRow(0) + 2 * self._list.frameWidth())
        self._source.setFocus()
        self._source.selectAll()
        super().showEvent(event)

    def _type(self, text: str) -> None:
        self._source.setFocus()
        self._source.setText(text)

    def _facts(self, found: RecognisedView) -> str:
        return "\n".join(f"{name}: {value}" for name, value in found.lines)

    def _take_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._source.setText(item.data(Qt.ItemDataRole.UserRole))

    def _typed(self) -> None:
        chosen = self._list.currentItem()
        if chosen is not None and chosen.data(Qt.ItemDataRole.UserRole) != self.source:
            self._list.clearSelection()
        super()._typed()

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Model folder"))
        if folder:
            self._source.setText(folder)


class _RecentModels(QListWidget):
    """Hands on what is typed over it: it is the beginning of a name."""

    typed = Signal(str)

    def keyboardSearch(self, search: str) -> None:
        """Search nothing."""
        self.typed.emit(search)
