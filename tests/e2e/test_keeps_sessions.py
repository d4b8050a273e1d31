from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import LONG_MS, MakeWindow
from ui.main_window import MainWindow
from ui.view_state import PanelStatus


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
