"""All masks of a run are exported at once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from memlens.masks.files import read_mask
from tests.support.controller_state import state_of
from tests.support.listed_masks import put
from tests.support.real_window import LONG_MS
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


@pytest.fixture
def two(sampled: MainWindow) -> MainWindow:
    put(sampled, "Ann", slice(0, 30))
    put(sampled, "Bob", slice(20, 40))
    return sampled


def test_as_png_files_named_after_them(
    two: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    two.actions_[ActionKey.EXPORT_ALL_PNG].trigger()
    qtbot.waitUntil(lambda: two.idle, timeout=LONG_MS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Ann.png", "Bob.png"]
    document = two.inspection.masks.document
    assert document is not None
    for number, name in ((1, "Ann"), (2, "Bob")):
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert np.array_equal(np.array(picture) > 127, document.pixels(number))
    assert "2 files" in two.inspection.view().status.message


@pytest.mark.parametrize("action", [ActionKey.EXPORT_ALL_COCO, ActionKey.EXPORT_ALL_LABELME])
def test_as_one_file_with_the_picture_that_it_names(
    two: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: ActionKey,
) -> None:
    # Typed without an ending.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "all"), ""))
    two.actions_[action].trigger()
    qtbot.waitUntil(lambda: two.idle, timeout=LONG_MS)
    path = tmp_path / "all.json"
    values = json.loads(path.read_text())
    named = (
        values["images"][0]["file_name"]
        if action is ActionKey.EXPORT_ALL_COCO
        else values["imagePath"]
    )
    run = state_of(two.inspection).results.run
    assert named == "all.png" and run is not None
    with Image.open(tmp_path / named) as picture:
        final = run.final_picture()
        assert final is not None and np.array_equal(np.array(picture), final)
    found = read_mask(path, two.inspection.masks.size)
    assert [mask.name for mask in found] == ["Ann", "Bob"]


def test_without_masks_it_says_why_not(sampled: MainWindow) -> None:
    action = sampled.actions_[ActionKey.EXPORT_ALL_PNG]
    assert not action.isEnabled()
    assert "no mask yet" in action.toolTip()
