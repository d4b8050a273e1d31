"""Masks put into the window's list, and how the list is used by hand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from memlens.masks.named_mask import NamedMask
from tests.support.widgets import cell
from ui.panels.mask_list import MaskList
from ui.window.main_window import MainWindow

NONE = Qt.KeyboardModifier.NoModifier


def put(window: MainWindow, name: str, columns: slice, *, kind: str = "drawn") -> None:
    """Add a mask that is set in some columns, in shares of 64, and make it the active one."""
    height, width = window.inspection.masks.size or (0, 0)
    pixels = np.zeros((height, width), bool)
    pixels[:, columns.start * width // 64 : columns.stop * width // 64] = True
    window.inspection.masks.add_mask(NamedMask(name=name, kind=kind, pixels=pixels))


def click_row(shown: MaskList, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Click on the name of a mask."""
    point = shown.visualItemRect(cell(shown, row, 0)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, modifiers, point)


def rows(window: MainWindow) -> list[tuple[str, str]]:
    """Return (name, kind) as the list on the screen shows them."""
    shown = window.masks.section.list
    return [
        (cell(shown, row, 0).text(), cell(shown, row, 1).text()) for row in range(shown.rowCount())
    ]


def selected_rows(window: MainWindow) -> list[int]:
    """Return the rows that are selected on the screen."""
    return sorted({index.row() for index in window.masks.section.list.selectedIndexes()})


def columns_of(window: MainWindow) -> list[int]:
    """Return which of 64 columns the active mask holds wholly, the others not at all."""
    document = window.inspection.masks.document
    assert document is not None and document.active is not None
    pixels = document.pixels(document.active)
    assert (pixels.all(axis=0) == pixels.any(axis=0)).all()
    width = pixels.shape[1]
    return [n for n in range(64) if pixels[0, n * width // 64]]
