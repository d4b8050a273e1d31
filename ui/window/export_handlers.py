"""The window's side of an export: the dialog, where to write, and the folder afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.canvas import colormaps
from ui.control.inspection import Inspection
from ui.view.dialogs import PreviewView
from ui.vocabulary.export_choice import IN_A_FOLDER, ExportChoice

if TYPE_CHECKING:
    from ui.panels.export_dialog import ExportDialog


class ExportHandlers:
    """Asks what to export and where."""

    def __init__(self, window: QWidget, inspection: Inspection) -> None:
        self._window = window
        self._inspection = inspection
        self._last: ExportChoice | None = None
        self.dialog: ExportDialog | None = None

    def ask(self) -> None:
        """Open the dialog."""
        from ui.panels.export_dialog import ExportDialog

        offer = self._inspection.exports.offer()
        if offer is None or self.dialog is not None:
            return
        dialog = ExportDialog(offer, self._last, self._window)
        dialog.chosen.connect(self._choose_place)
        dialog.preview_requested.connect(self._draw_preview)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def show_in_folder(self) -> None:
        """Open the folder of the last export."""
        last = self._inspection.exports.last
        if last is not None:
            folder = last if last.is_dir() else last.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def export_to(self, choice: ExportChoice, path: Path) -> None:
        """Write `choice` to `path`, in the colours of the screen."""
        self._last = choice
        self._inspection.exports.export(choice, path, self._colours())

    def show_preview(self, preview: PreviewView | None) -> None:
        """Show the dialog the preview that it asked for, once it is drawn."""
        if self.dialog is not None:
            self.dialog.show_preview(preview)

    def _draw_preview(self, choice: ExportChoice) -> None:
        if self.dialog is not None:
            self._inspection.exports.draw_preview(
                choice, self._colours(), self.dialog.preview.within
            )

    def _colours(self) -> NDArray[np.uint8]:
        return rgb_table(self._inspection.intent.colormap)

    def _choose_place(self, choice: ExportChoice) -> None:
        offer = self._inspection.exports.offer()
        if offer is None:
            return
        title = self._window.tr("Export")
        start = Path(offer.folder) if offer.folder and Path(offer.folder).is_dir() else Path()
        if choice.kind in IN_A_FOLDER:
            chosen = QFileDialog.getExistingDirectory(self._window, title, str(start))
        else:
            suffix = choice.formats[0]
            words = self._window.tr("{format} (*.{suffix})")
            chosen, _ = QFileDialog.getSaveFileName(
                self._window,
                title,
                str(start / f"{offer.name}.{suffix}"),
                words.format(format=suffix.upper(), suffix=suffix),
            )
        if not chosen:
            return
        path = Path(chosen)
        if choice.kind not in IN_A_FOLDER and path.suffix.lower() != f".{choice.formats[0]}":
            path = path.with_name(f"{path.name}.{choice.formats[0]}")
        self.export_to(choice, path)

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def rgb_table(name: str) -> NDArray[np.uint8]:
    """Return a colormap of the screen as (256, 3)."""
    packed = colormaps.table(name)
    return np.stack([packed >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.uint8)
