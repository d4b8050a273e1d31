"""All masks at once, read back by other programs' rules."""

from __future__ import annotations

import base64
import io
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pycocotools import mask as coco_masks

from memlens.errors import MaskError, OutputError
from memlens.masks.all_masks import file_stem, write_all_coco, write_all_labelme, write_all_png
from memlens.masks.files import read_mask
from memlens.masks.named_mask import NamedMask

SIZE = (6, 9)
PICTURE = np.random.default_rng(5).integers(0, 256, (*SIZE, 3), np.uint8)


def mask(name: str, seed: int, kind: str = "annotator") -> NamedMask:
    pixels = np.random.default_rng(seed).random(SIZE) > 0.5
    return NamedMask(name=name, kind=kind, pixels=pixels)


MASKS = (mask("Ännchen", 1), mask("a/b: c?", 2), mask("twin", 3), mask("twin", 4, "ground truth"))


def read_png(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert picture.mode == "L"
        return np.array(picture)


def test_png_files_are_named_after_the_masks(tmp_path: Path) -> None:
    files = write_all_png(tmp_path, MASKS)
    names = ["Ännchen.png", "a_b_ c_.png", "twin.png", "twin 2.png"]
    assert [path.name for path in files] == names
    for path, each in zip(files, MASKS, strict=True):
        assert np.array_equal(read_png(path), each.pixels * np.uint8(255))


def test_files_that_are_there_stay(tmp_path: Path) -> None:
    mine = tmp_path / "twin.png"
    mine.write_bytes(b"mine")
    first = write_all_png(tmp_path, MASKS[2:3])
    assert [path.name for path in first] == ["twin 2.png"]
    assert mine.read_bytes() == b"mine"
    # The same again is the same file, not one more.
    assert write_all_png(tmp_path, MASKS[2:3]) == first
    assert len(list(tmp_path.iterdir())) == 2


def test_coco_names_the_picture_and_every_mask(tmp_path: Path) -> None:
    path, picture = write_all_coco(tmp_path / "all.json", MASKS, PICTURE)
    with Image.open(picture) as there:
        assert np.array_equal(np.array(there), PICTURE)
    values = json.loads(path.read_text())
    (image,) = values["images"]
    assert image == {"id": 1, "width": 9, "height": 6, "file_name": "all.png"}
    categories = {each["id"]: each for each in values["categories"]}
    assert [each["name"] for each in categories.values()] == [
        "Ännchen",
        "a/b: c?",
        "twin",
        "twin 2",
    ]
    assert categories[4]["supercategory"] == "ground truth"
    for annotation, each in zip(values["annotations"], MASKS, strict=True):
        assert annotation["image_id"] == 1
        coded = {**annotation["segmentation"]}
        with warnings.catch_warnings():
            # Its decoder goes through what NumPy is about to drop.
            warnings.simplefilter("ignore")
            assert np.array_equal(coco_masks.decode(coded).astype(bool), each.pixels)
        assert annotation["area"] == each.pixels.sum()


def test_labelme_reads_mask_shapes_of_every_name(tmp_path: Path) -> None:
    empty = NamedMask(name="empty", kind="drawn", pixels=np.zeros(SIZE, bool))
    path, picture = write_all_labelme(tmp_path / "all.json", (*MASKS, empty), PICTURE)
    values = json.loads(path.read_text())
    assert (values["imagePath"], values["imageData"]) == (picture.name, None)
    assert (values["imageHeight"], values["imageWidth"]) == SIZE
    assert [shape["label"] for shape in values["shapes"]] == [
        "Ännchen",
        "a/b: c?",
        "twin",
        "twin 2",
    ]
    for shape, each in zip(values["shapes"], MASKS, strict=True):
        # As labelme pastes it: both corners belong to the box.
        (x0, y0), (x1, y1) = shape["points"]
        with Image.open(io.BytesIO(base64.b64decode(shape["mask"]))) as box:
            inside = np.array(box) > 0
        pasted = np.zeros(SIZE, bool)
        pasted[y0 : y1 + 1, x0 : x1 + 1] = inside
        assert np.array_equal(pasted, each.pixels)
    back = read_mask(path, SIZE)
    assert [one.kind for one in back] == ["imported"] * 4
    for one, each in zip(back, MASKS, strict=True):
        assert np.array_equal(one.pixels, each.pixels)


def test_a_picture_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "all.png").write_bytes(b"mine")
    path, picture = write_all_coco(tmp_path / "all.json", MASKS, PICTURE)
    assert picture.name == "all 2.png"
    assert json.loads(path.read_text())["images"][0]["file_name"] == "all 2.png"
    assert (tmp_path / "all.png").read_bytes() == b"mine"


@given(name=st.text(max_size=130))
def test_every_name_makes_a_file_name(name: str) -> None:
    stem = file_stem(name)
    assert 0 < len(stem) <= 101
    assert not set(stem) & set('<>:"/\\|?*\0\n\t')
    assert stem == stem.strip(" .") and stem.upper() not in {"CON", "NUL", "LPT1"}


def test_nothing_and_nowhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MaskError, match="no mask"):
        write_all_png(tmp_path, ())
    with pytest.raises(OutputError, match="was not written"):
        write_all_png(tmp_path / "missing", MASKS)
