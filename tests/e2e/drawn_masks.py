"""Masks as a person changes them in the window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert
from memlens.masks.named_mask import NamedMask
from tests.e2e.conftest import LONG_MS
from ui.main_window import MainWindow


def document_of(window: MainWindow) -> MaskDocument:
    """The open run's document."""
    control = window.inspection
    run = control._state.results.run
    assert run is not None
    opened = control.keeping._open
    if opened is None or opened.run is not run:
        assert run.trajectory is not None
        size = run.trajectory.image.shape[:2]
        control.keeping.watch(MaskDocument.from_masks(size, run.masks), control.session_path)
        opened = control.keeping._open
    assert opened is not None
    return opened.document


def draw(window: MainWindow) -> MaskDocument:
    """Add a mask whose right half is set, and turn it over."""
    document = document_of(window)
    pixels = np.zeros(document.size, bool)
    pixels[:, : document.size[1] // 2] = True
    document.edit(AddMask(NamedMask(name="drawn", kind="ground truth", pixels=pixels)))
    document.edit(Invert(), document.entries[-1].id)
    return document


def is_drawn(window: MainWindow) -> bool:
    """Whether the open run has the mask that `draw` leaves."""
    mask = document_of(window).snapshot()[-1]
    right = np.zeros(mask.pixels.shape, bool)
    right[:, mask.pixels.shape[1] // 2 :] = True
    return mask.name == "drawn" and bool((mask.pixels == right).all())


def journal_written(window: MainWindow) -> None:
    """Wait for the journal's thread."""
    done = threading.Event()
    window.inspection.keeping._writer.then(done.set)
    assert done.wait(10)


def save(window: MainWindow, qtbot: QtBot, path: Path, *, latents: bool = True) -> None:
    """Save and wait for it."""
    window.inspection.save_session(path, latents=latents)
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)


def banner_button(window: MainWindow, text: str) -> None:
    """Press a button of the banner."""
    from PySide6.QtWidgets import QPushButton

    buttons = window.banner.findChildren(QPushButton)
    next(b for b in buttons if b.text() == text and b.isVisible()).click()
