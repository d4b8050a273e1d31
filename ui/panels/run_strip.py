"""The strip of runs: a thumbnail per run of this window, to switch between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.canvas.images import picture_image
from ui.runs_view import RunsView

_SIDE = 56
_NUMBER = Qt.ItemDataRole.UserRole


class RunStrip(QListWidget):
    """Shows a `RunsView`; hidden while there is only one run.

    Signals
    -------
    run_chosen(int)
        Another run's number.
    """

    run_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = RunsView()
        self._pictures: dict[int, object] = {}
        self.setObjectName("runs")
        self.setAccessibleName(self.tr("Runs of this window"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setSpacing(2)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = self.fontMetrics().lineSpacing()
        self.setGridSize(QSize(_SIDE + 24, _SIDE + line + 20))
        self.setFixedHeight(_SIDE + line + 38)
        self.hide()
        self.currentItemChanged.connect(self._choose)

    def show_view(self, view: RunsView) -> None:
        """Show `view`; items that say the same are left alone."""
        if view is self._view:
            return
        self._view = view
        self.setToolTip(view.limit)
        wanted = len(view.runs) + view.waiting > 1
        self.setVisible(wanted)
        if not wanted:
            return
        before = self.blockSignals(True)
        kept = {self.item(row).data(_NUMBER): row for row in range(self.count())}
        for number in sorted(set(kept) - {run.number for run in view.runs}, reverse=True):
            self.takeItem(kept[number])
            self._pictures.pop(number, None)
        for row, run in enumerate(view.runs):
            item = self.item(row)
            if item is None or item.data(_NUMBER) != run.number:
                item = QListWidgetItem()
                item.setData(_NUMBER, run.number)
                # One size for all, so that a run without a picture yet keeps its place.
                item.setSizeHint(self.gridSize())
                self.insertItem(row, item)
            item.setText(run.label)
            item.setToolTip(run.about)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, run.about)
            if run.picture is not None and self._pictures.get(run.number) is not run.picture:
                self._pictures[run.number] = run.picture
                item.setIcon(_icon(run.picture))
            if run.number == view.shown and self.currentItem() is not item:
                self.setCurrentItem(item)
                self.scrollToItem(item)
        self.blockSignals(before)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_NUMBER) != self._view.shown:
            self.run_chosen.emit(item.data(_NUMBER))


def _icon(picture: NDArray[np.uint8]) -> QIcon:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QIcon(QPixmap.fromImage(picture_image(picture).scaled(_SIDE, _SIDE, keep, smooth)))
