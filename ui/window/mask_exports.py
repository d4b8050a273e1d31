"""Where masks are written: the dialogs that ask for it."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.control.masks.files import MaskFiles
from ui.jobs.write_all_masks import Collection
from ui.language.translation import tr

_SUFFIX_OF_KIND = re.compile(r"\*(\.\w+)")


class MaskExports:
    """Asks for a file or folder and has masks written there.

    Parameters
    ----------
    window
        The dialogs' parent.
    files
        Has them written.
    """

    def __init__(self, window: QWidget, files: MaskFiles) -> None:
        self._window = window
        self._files = files

    def one(self) -> None:
        """Write the active mask."""
        path, kind = QFileDialog.getSaveFileName(
            self._window,
            tr("Export mask"),
            "mask.png",
            tr("PNG (*.png);;NumPy (*.npy);;COCO RLE (*.json)"),
        )
        if path:
            chosen = Path(path)
            if not chosen.suffix:
                of_kind = _SUFFIX_OF_KIND.search(kind)
                chosen = chosen.with_suffix(of_kind[1] if of_kind else ".png")
            self._files.write(chosen)

    def all_png(self) -> None:
        """Write every mask into a folder."""
        folder = QFileDialog.getExistingDirectory(
            self._window, tr("Folder for all masks: files that are there stay")
        )
        if folder:
            self._files.write_all(Path(folder), Collection.PNG)

    def all_coco(self) -> None:
        """Write a COCO data set."""
        self._json(tr("Export all masks as COCO"), Collection.COCO)

    def all_labelme(self) -> None:
        """Write a labelme file."""
        self._json(tr("Export all masks as labelme"), Collection.LABELME)

    def _json(self, title: str, collection: Collection) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self._window, title, "masks.json", tr("JSON (*.json)")
        )
        if path:
            chosen = Path(path)
            named = chosen if chosen.suffix.lower() == ".json" else Path(f"{path}.json")
            self._files.write_all(named, collection)
