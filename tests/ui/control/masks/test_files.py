from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from memlens.errors import MaskError
from tests.support.mask_easel import Easel
from tests.support.synthetic import PICTURE
from ui.vocabulary.action_keys import ActionKey


@pytest.fixture
def easel() -> Easel:
    made = Easel()
    made.add(slice(3, 20), slice(5, 11))
    return made


@pytest.mark.parametrize("ending", ["png", "npy", "json"])
def test_what_is_exported_comes_back(easel: Easel, tmp_path: Path, ending: str) -> None:
    before = easel.pixels
    path = tmp_path / f"mine.{ending}"
    easel.masks.files.write(path)
    easel.work()
    assert "mine" in easel.view.status.message
    easel.masks.import_file(path)
    easel.work()
    assert len(easel.document.entries) == 2
    assert np.array_equal(easel.pixels, before)
    easel.masks.undo()
    assert len(easel.document.entries) == 1


def test_labelme_outlines_come_in(easel: Easel, tmp_path: Path) -> None:
    path = tmp_path / "drawn.json"
    shape = {"label": "lion", "shape_type": "rectangle", "points": [[4, 2], [12, 10]]}
    size = {"imageHeight": PICTURE, "imageWidth": PICTURE}
    path.write_text(json.dumps({"version": "5.0", "shapes": [shape], **size}))
    easel.masks.import_file(path)
    easel.work()
    assert easel.names()[-1] == "lion"
    assert easel.pixels.sum() == 64
    assert easel.pixels[2:10, 4:12].all()


def test_another_size_is_refused_unless_resized(easel: Easel, tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    pixels = np.zeros((8, 8), np.uint8)
    pixels[:, :4] = 255
    Image.fromarray(pixels).save(path)
    easel.masks.import_file(path)
    easel.work()
    banner = easel.view.banner
    assert banner is not None and banner.way_on is not None
    assert "small.png" in banner.sentence
    assert banner.way_on[0] == ActionKey.IMPORT_RESIZED
    assert len(easel.document.entries) == 1
    easel.masks.files.read_resized()
    assert easel.view.banner is None
    easel.work()
    assert easel.pixels[:, : PICTURE // 2].all()
    assert not easel.pixels[:, PICTURE // 2 :].any()


@pytest.mark.parametrize("name", ["bad.png", "bad.npy", "bad.json"])
def test_a_damaged_file_changes_nothing(easel: Easel, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x93NUMPY\x01\x00{")
    easel.masks.import_file(path)
    with pytest.raises(MaskError, match=name):
        easel.work()
    assert len(easel.document.entries) == 1


def test_a_file_read_for_another_run_is_left_and_said_to_be(easel: Easel, tmp_path: Path) -> None:
    path = tmp_path / "mine.png"
    easel.masks.files.write(path)
    easel.work()
    easel.masks.import_file(path)
    asked = easel.newest()
    easel.run_toy()
    easel.work(asked)
    assert easel.document.entries == ()
    assert easel.view.banner is not None and "mine.png was not" in easel.view.banner.sentence


def test_without_a_mask_there_is_nothing_to_export(tmp_path: Path) -> None:
    easel = Easel()
    easel.masks.files.write(tmp_path / "mask.png")
    assert easel.view.banner is not None
    assert "no mask" in easel.view.banner.sentence
