"""The strip of runs: a thumbnail per run of this window, and those that wait."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QWidget

from ui.canvas.picture_item import picture_image
from ui.view.runs import RunsView

_SIDE = 56
_NUMBER = Qt.ItemDataRole.UserRole


class RunStrip(QListWidget):
    """Shows a `RunsView`; hidden while there is only one run.

    Signals
    -------
    run_chosen(int)
        Another run's number.
    queued_cancelled(int)
        Number of a run that is not to begin.
    """

    run_chosen = Signal(int)
    queued_cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = RunsView()
        self._pictures: dict[int, object] = {}
        self._blank = _blank()
        self._actions: tuple[QAction, ...] = ()
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

    def offer(self, *actions: QAction) -> None:
        """Take what the context menu does with the shown run."""
        self._actions = actions

    def context_menu(self, item: QListWidgetItem | None) -> QMenu:
        """Return the menu of a run, which is shown first, or of one that waits."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if item is not None and item.data(_NUMBER) in self._queued():
            number = item.data(_NUMBER)
            cancel = menu.addAction(self.tr("Cancel this queued run"))
            cancel.triggered.connect(lambda: self.queued_cancelled.emit(number))
            return menu
        if item is not None:
            self._choose(item)
        menu.addActions(list(self._actions))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with the run under the pointer, or with the current one."""
        item, where = self.itemAt(event.pos()), event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            item = self.currentItem()
            where = self.viewport().mapToGlobal(self.visualItemRect(item).center())
        self.context_menu(item).popup(where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a run that waits out of the queue with Delete."""
        item = self.currentItem()
        waits = item is not None and item.data(_NUMBER) in self._queued()
        if waits and event.key() == Qt.Key.Key_Delete:
            self.queued_cancelled.emit(item.data(_NUMBER))
        else:
            super().keyPressEvent(event)

    def show_view(self, view: RunsView) -> None:
        """Show `view`; items that say the same are left alone."""
        if view is self._view:
            return
        self._view = view
        self.setToolTip(view.limit)
        thumbs = (*view.runs, *view.queued)
        named = any(run.pinned for run in view.runs) or bool(view.shown_name)
        wanted = len(thumbs) > 1 or (named and bool(thumbs))
        self.setVisible(wanted)
        if not wanted:
            return
        before = self.blockSignals(True)
        kept = {self.item(row).data(_NUMBER): row for row in range(self.count())}
        for number in sorted(set(kept) - {run.number for run in thumbs}, reverse=True):
            self.takeItem(kept[number])
            self._pictures.pop(number, None)
        for row, run in enumerate(thumbs):
            item = self.item(row)
            if item is not None and item.data(_NUMBER) != run.number:
                # A run that was put back, or read again, may come before others.
                rows = [r for r in range(self.count()) if self.item(r).data(_NUMBER) == run.number]
                if rows:
                    item = self.takeItem(rows[0])
                    self.insertItem(row, item)
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

    def _queued(self) -> frozenset[int]:
        return frozenset(run.number for run in self._view.queued)

    def _fit(self, least: int, most: int) -> None:
        """Take room for a scroll bar only while there is one."""
        self.setFixedHeight(self.gridSize().height() + (20 if most > least else 8))

    def _choose(self, item: QListWidgetItem | None) -> None:
        number = None if item is None else item.data(_NUMBER)
        if number is not None and number != self._view.shown and number not in self._queued():
            self.run_chosen.emit(number)


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
