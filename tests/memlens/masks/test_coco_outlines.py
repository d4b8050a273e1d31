"""COCO's outlines become masks; what they cannot mean is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools import mask as coco_masks

from memlens.errors import MaskError
from memlens.masks.files import read_mask

_SQUARE = [1, 1, 4, 1, 4, 3, 1, 3]


def data_set(*outlines: Any, **image: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 7, "height": 5, "width": 8, **image}],
        "annotations": [
            {"image_id": 7, "category_id": number, "iscrowd": 0, "segmentation": outline}
            for number, outline in enumerate(outlines)
        ],
        "categories": [{"id": 0, "name": "seam"}],
    }


def written(folder: Path, values: Any) -> Path:
    path = folder / "m.json"
    path.write_text(json.dumps(values))
    return path


def test_an_outline_covers_the_pixels_whose_centres_it_encloses(tmp_path: Path) -> None:
    (found,) = read_mask(written(tmp_path, data_set([_SQUARE, [6, 0, 8, 0, 8, 2, 6, 2]])), (5, 8))
    expected = np.zeros((5, 8), bool)
    expected[1:3, 1:4] = True
    expected[0:2, 6:8] = True
    assert np.array_equal(found.pixels, expected)
    assert found.name == "seam"


def test_outlines_and_run_lengths_stand_side_by_side(tmp_path: Path) -> None:
    values = data_set([_SQUARE], {"size": [5, 8], "counts": [10, 30]})
    outlined, coded = read_mask(written(tmp_path, values), None)
    assert (outlined.pixels.sum(), coded.pixels.sum()) == (6, 30)
    assert coded.name == "m"


def test_outlines_agree_with_pycocotools_inside_and_outside(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    outline = np.stack([64 + 41.3 * np.cos(angles), 50 + 30.7 * np.sin(angles)], axis=1)
    flat = [float(each) for each in outline.ravel()]
    (found,) = read_mask(written(tmp_path, data_set([flat], height=100, width=128)), None)
    (coded,) = coco_masks.frPyObjects([flat], 100, 128)
    coded = {"size": coded["size"], "counts": coded["counts"].decode()}
    theirs = read_mask(written(tmp_path, coded), None)[0].pixels
    # Theirs decides the pixels on the outline by another rule; nothing else may differ.
    rows, columns = np.nonzero(found.pixels ^ theirs)
    away = np.hypot((columns + 0.5 - 64) / 41.3, (rows + 0.5 - 50) / 30.7)
    assert np.abs(away - 1).max() < 0.05


@pytest.mark.parametrize(
    "values",
    [
        data_set([[1, 1, 4, 1]]),
        data_set([[1, 1, 4, 1, 3]]),
        data_set([_SQUARE], height=6),
        data_set([_SQUARE], height=1 << 20, width=1 << 20),
        data_set([["x"] * 6]),
        data_set([[float("nan")] * 6]),
        data_set([[10**400] * 6]),
        data_set("text"),
        data_set(None),
        data_set([7]),
        data_set([[0.5] * 500_000]),
        {"annotations": [{"segmentation": [_SQUARE]}]},
        {"annotations": [7, 8]},
        {"annotations": 7},
        {"annotations": {"segmentation": 7}},
        {**data_set([_SQUARE]), "images": 7},
        {**data_set([_SQUARE]), "images": [7]},
        {**data_set([_SQUARE]), "categories": [7]},
    ],
    ids=lambda values: json.dumps(values)[-60:],
)
def test_what_outlines_cannot_mean_is_refused(tmp_path: Path, values: Any) -> None:
    read_mask(written(tmp_path, data_set([_SQUARE])), (5, 8))
    with pytest.raises(MaskError, match=r"m\.json"):
        read_mask(written(tmp_path, values), (5, 8))


def test_annotations_of_several_pictures_are_not_mixed(tmp_path: Path) -> None:
    values = data_set([_SQUARE], [_SQUARE])
    values["annotations"][1]["image_id"] = 8
    with pytest.raises(MaskError, match="2 pictures"):
        read_mask(written(tmp_path, values), (5, 8))
