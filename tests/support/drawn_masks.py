"""Masks as a person changes them in the window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from memlens.files.session_lock import SessionLock
from memlens.files.sessions import load_session
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.named_mask import NamedMask
from tests.support.controller_state import state_of
from tests.support.hand import click
from tests.support.real_window import LONG_MS
from ui.control.masks.unsaved_run import UnsavedRun
from ui.state.run import Run
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def document_of(window: MainWindow) -> MaskDocument:
    """The open run's document."""
    control = window.inspection
    watched = control.keeping.document()
    if watched is None:
        run = state_of(control).results.run
        assert run is not None and run.trajectory is not None
        watched = MaskDocument.from_masks(run.trajectory.image.shape[:2], run.masks)
        control.keeping.watch(watched, control.session_path)
    return watched


def draw(window: MainWindow) -> MaskDocument:
    """Add a mask whose right half is set, and turn it over."""
    document = document_of(window)
    _draw(document)
    return document


CORNERS = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8))


def place_corners(window: MainWindow) -> None:
    """Add a mask and place the corners of a polygon over it, without accepting it."""
    picture = window.canvas.panels[0].picture
    window.actions_[ActionKey.ADD_MASK].trigger()
    window.actions_[ActionKey.TOOL_POLYGON].trigger()
    for place in CORNERS:
        click(picture, place)


def only_place_corners(window: MainWindow) -> None:
    """Place the corners of a polygon over the active mask, and edit nothing."""
    picture = window.canvas.panels[0].picture
    window.actions_[ActionKey.TOOL_POLYGON].trigger()
    for place in CORNERS:
        click(picture, place)


def _draw(document: MaskDocument) -> None:
    pixels = np.zeros(document.size, bool)
    pixels[:, : document.size[1] // 2] = True
    document.edit(AddMask(NamedMask(name="drawn", kind="ground truth", pixels=pixels)))
    document.edit(Invert(), document.entries[-1].id)


def leave_behind(session: Path) -> None:
    """Do to a session what a window that is killed after `draw` does."""
    lock = SessionLock.acquire(session)
    content = load_session(session)
    writer = JournalWriter()
    run = Run.of_session(1, content, session, "")
    kept = UnsavedRun(
        run, writer, held=lambda: True, became_dirty=lambda kept: None, failed=pytest.fail
    )
    document = MaskDocument.from_masks(content.trajectory.image.shape[:2], content.masks)
    kept.watch(document)
    _draw(document)
    writer.close()
    lock.release()


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
    buttons = window.banner.findChildren(QPushButton)
    next(b for b in buttons if b.text() == text and b.isVisible()).click()
