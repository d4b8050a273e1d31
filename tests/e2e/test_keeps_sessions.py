from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from memlens.masks.edits import ChooseKind
from tests.support.hand import drag, drawn
from tests.support.real_window import LONG_MS, MakeWindow
from tests.support.widgets import cell
from ui.view.view_state import PanelStatus
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import REFERENCE
from ui.window.banner import Banner
from ui.window.main_window import MainWindow


def test_a_saved_session_opens_with_everything(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.memlens"
    sampled.inspection.steps.choose_step(5)
    sampled.inspection.compute()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    before = sampled.inspection.view()
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert path.is_file()
    assert sampled.windowTitle().startswith("mine.memlens")
    sampled.close()

    again = make_window()
    again.start(path, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    view = again.inspection.view()
    assert view.banner is None
    assert view.timeline.step == 5
    assert view.setup.prompt == "red apple"
    assert [panel.status for panel in view.canvas.panels] == [PanelStatus.READY] * 4
    for old, new in zip(before.canvas.panels, view.canvas.panels, strict=True):
        if old.values is not None:
            assert new.values is not None
            np.testing.assert_array_equal(new.values, old.values)
    again.inspection.steps.choose_step(2)
    again.inspection.compute()
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    assert again.inspection.view().canvas.panels[1].status is PanelStatus.READY


def test_a_full_disk_is_said_and_leaves_nothing(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    sampled.inspection.save_session(tmp_path / "full.memlens")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    banner = sampled.inspection.view().banner
    assert banner is not None
    assert "full.memlens" in banner.sentence
    assert banner.way_on is not None and banner.way_on[0] == "save-session-as"
    assert list(tmp_path.iterdir()) == []


def test_masks_come_back_with_names_kinds_the_active_one_and_what_is_hidden(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    masks, section = sampled.inspection.masks, sampled.masks.section
    for _ in range(3):
        masks.add()
    cell(section.list, 0, 0).setText("Ännchen 目")
    masks.edit(ChooseKind(2, "found"))
    masks.choose_active(2)
    masks.tools.choose_radius(3)
    picture = sampled.canvas.panels[0].picture
    sampled.actions_[ActionKey.TOOL_RECTANGLE].trigger()
    drag(picture, (0.25, 0.25), (0.75, 0.75))
    cell(section.list, 2, 0).setCheckState(Qt.CheckState.Unchecked)
    sampled.actions_[ActionKey.COMPARE_MASKS].trigger()
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    before = sampled.inspection.view()
    pixels = drawn(sampled)
    assert pixels.any()
    assert not sampled.inspection.keeping.dirty
    sampled.close()

    again = make_window()
    again.start(path, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    view = again.inspection.view()
    assert view.masks.rows == before.masks.rows
    assert [row.visible for row in view.masks.rows] == [True, True, False]
    assert np.array_equal(drawn(again), pixels)
    assert [panel.content for panel in view.canvas.panels] == [
        panel.content for panel in before.canvas.panels
    ]
    assert view.title == "mine.memlens — memlens"
    assert ActionKey.UNDO in view.disabled
    again.actions_[ActionKey.INVERT_MASK].trigger()
    again.actions_[ActionKey.UNDO].trigger()
    assert np.array_equal(drawn(again), pixels)


def test_a_read_only_folder_leaves_the_session_unsaved_and_the_old_file_whole(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.memlens"
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    before = path.read_bytes()
    sampled.inspection.masks.add()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Root may write anywhere: what the system says is said for it.
    monkeypatch.setattr("memlens.files.atomic_write.tempfile.mkstemp", refused)
    shown = []
    for _ in range(2):
        sampled.inspection.save_session(path)
        qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
        shown.append(sampled.inspection.view().banner)
    assert shown[0] is not None and shown[0] == shown[1]
    assert "permission denied" in shown[0].sentence
    assert sampled.banner.isVisible()
    assert len(sampled.findChildren(Banner)) == 1
    assert sampled.windowTitle() == "mine.memlens* — memlens"
    assert path.read_bytes() == before


def test_the_training_picture_is_kept_in_the_session(
    sampled: MainWindow, make_window: MakeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path, original = tmp_path / "mine.memlens", tmp_path / "original.png"
    pixels = np.random.default_rng(3).integers(0, 256, (40, 60, 3), np.uint8)
    Image.fromarray(pixels).save(original)
    sampled.inspection.opening.open_picture(original)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    shown = sampled.inspection.view().canvas.panels[-1]
    assert shown.content == REFERENCE
    sampled.inspection.save_session(path)
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    sampled.close()
    original.unlink()

    again = make_window()
    again.start(path, Path("missing"))
    qtbot.waitUntil(lambda: again.idle, timeout=LONG_MS)
    view = again.inspection.view()
    assert view.banner is None
    panel = next(panel for panel in view.canvas.panels if panel.content == REFERENCE)
    assert panel.picture is not None and shown.picture is not None
    np.testing.assert_array_equal(panel.picture, shown.picture)
    assert again.inspection.masks.finding.from_open_picture()
