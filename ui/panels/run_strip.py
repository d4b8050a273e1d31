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
        self._blank = _blank()
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
        self.setGridSize(QSize(_SIDE + 24, _SIDE + self.fontMetrics().lineSpacing() + 20))
        self._fit(0, 0)
        self.horizontalScrollBar().rangeChanged.connect(self._fit)
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
                item.setIcon(self._blank)
                self.insertItem(row, item)
            item.setText(run.label)
            item.setToolTip(run.about)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, run.about)
            if run.picture is not None and self._pictures.get(run.number) is not run.picture:
                self._pictures[run.number] = run.picture
                item.setIcon(_icon(run.picture, self.devicePixelRatioF()))
            if run.number == view.shown and self.currentItem() is not item:
                self.setCurrentItem(item)
                self.scrollToItem(item)
        self.blockSignals(before)

    def _fit(self, least: int, most: int) -> None:
        """Take room for a scroll bar only while there is one."""
        self.setFixedHeight(self.gridSize().height() + (20 if most > least else 8))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_NUMBER) != self._view.shown:
            self.run_chosen.emit(item.data(_NUMBER))


def _blank() -> QIcon:
    """Return what keeps the room of a picture that is still to come."""
    nothing = QPixmap(_SIDE, _SIDE)
    nothing.fill(Qt.GlobalColor.transparent)
    return QIcon(nothing)


def _icon(picture: NDArray[np.uint8], ratio: float) -> QIcon:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    side = round(_SIDE * ratio)
    pixmap = QPixmap.fromImage(picture_image(picture).scaled(side, side, keep, smooth))
    pixmap.setDevicePixelRatio(ratio)
    made = QIcon(pixmap)
    # Qt would tint the chosen one: colours are what is looked at here.
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
