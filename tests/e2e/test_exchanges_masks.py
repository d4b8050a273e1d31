from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.support.drawn_masks import banner_button
from tests.support.dropping import drop
from tests.support.hand import drawn
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


def small_mask(path: Path) -> Path:
    pixels = np.zeros((8, 8), np.uint8)
    pixels[:4] = 255
    Image.fromarray(pixels).save(path)
    return path


def test_a_dropped_mask_of_another_size_is_resized_when_asked(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    assert drop(sampled, qtbot, small_mask(tmp_path / "small.png"))
    assert sampled.inspection.view().masks.rows == ()
    banner_button(sampled, "Resize (nearest)")
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    half = drawn(sampled).shape[0] // 2
    assert drawn(sampled)[:half].all()
    assert not drawn(sampled)[half:].any()


def test_a_damaged_file_is_named_and_changes_nothing(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00{")
    assert drop(sampled, qtbot, path)
    banner = sampled.inspection.view().banner
    assert banner is not None and "broken.npy" in banner.sentence
    assert sampled.inspection.view().masks.rows == ()


@pytest.mark.parametrize(
    ("place", "written"), [(0, "mine.png"), (1, "mine.npy"), (2, "mine.json"), (None, "mine.png")]
)
def test_a_name_without_ending_gets_that_of_the_chosen_format(
    sampled: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: int | None,
    written: str,
) -> None:
    def choose(_: object, __: str, ___: str, kinds: str) -> tuple[str, str]:
        return str(tmp_path / "mine"), "" if place is None else kinds.split(";;")[place]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.actions_[ActionKey.EXPORT_MASK].trigger()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert [path.name for path in tmp_path.iterdir() if path.stem == "mine"] == [written]


def test_the_menu_exports_and_imports(
    sampled: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (str(path), ""))
    sampled.actions_[ActionKey.ADD_MASK].trigger()
    sampled.actions_[ActionKey.INVERT_MASK].trigger()
    sampled.actions_[ActionKey.EXPORT_MASK].trigger()
    qtbot.waitUntil(lambda: sampled.idle and path.exists(), timeout=LONG_MS)
    sampled.actions_[ActionKey.IMPORT_MASK].trigger()
    qtbot.waitUntil(lambda: sampled.idle, timeout=LONG_MS)
    assert len(sampled.inspection.view().masks.rows) == 2
    assert drawn(sampled).all()
