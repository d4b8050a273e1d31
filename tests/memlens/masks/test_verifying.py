"""TV, MV and RV by the field's thresholds: the formulas, their order, and joining by index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.masks.verifying import Template, distance, template_distance, verified

SHAPE = (256, 256, 3)


def grey(value: float) -> Any:
    return np.full(SHAPE, value, np.float32)


def test_distances_by_hand() -> None:
    mask = np.zeros(SHAPE, np.float32)
    mask[:64] = 1.0
    # A quarter of 196,608 numbers off by .1, over the mask's mean of a quarter.
    template = Template(index=0, pixels=grey(0.5), mask=mask)
    assert template_distance(grey(0.6), template) == pytest.approx(0.01 * 196_608, rel=1e-4)
    assert distance(grey(0.5), grey(0.6)) == pytest.approx(0.01 * 196_608, rel=1e-4)
    empty = Template(index=0, pixels=grey(0.5), mask=grey(0.0))
    assert template_distance(grey(0.5), empty) == float("inf")


@pytest.mark.parametrize(
    ("away", "word"),
    [
        # 2,500 and 3,000 are squared distances of .11276 and .12353 a number.
        ({"template": 0.11, "real": 0.0, "retrieved": 0.0}, "TV"),
        ({"template": 0.12, "real": 0.11, "retrieved": 0.0}, "MV"),
        ({"template": 0.12, "real": 0.12, "retrieved": 0.12}, "RV"),
        ({"template": 0.12, "real": 0.12, "retrieved": 0.13}, "N"),
    ],
)
def test_thresholds_and_their_order(away: dict[str, float], word: str) -> None:
    found = verified(
        [(4, grey(0.5)), (9, grey(0.9))],
        templates=[
            Template(index=0, pixels=grey(0.0), mask=grey(1.0)),
            Template(index=1, pixels=grey(0.5 + away["template"]), mask=grey(1.0)),
        ],
        real=grey(0.5 + away["real"]),
        retrieved=[grey(0.5 + away["retrieved"])],
    )
    assert found.overfit_type == word
    index = 1 if word == "TV" else -1
    assert found.gen_seeds == (((4, -1), (9, -1)) if word == "N" else ((4, index),))


def picture(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((32, 32, 3), value, np.uint8)).save(path)


def test_a_folder_with_gaps_is_joined_by_index(tmp_path: Path) -> None:
    """The training picture of row 1 is missing: row 2 must not take its place."""
    for index, value in ((0, 20), (1, 200)):
        picture(tmp_path / f"templates/imgs/{index}.png", value)
        picture(tmp_path / f"templates/mask/{index}.png", 255)
    (tmp_path / "templates/imgs/0.png").unlink()
    metadata = {
        "url": ["u0", "u1"],
        "img_file": ["templates/imgs/0.png", "templates/imgs/1.png"],
        "mask_file": ["templates/mask/0.png", "templates/mask/1.png"],
    }
    pyarrow.parquet.write_table(pyarrow.table(metadata), tmp_path / "templates/metadata.parquet")
    captions = ["a/b template", "verbatim", "free", "nowhere"]
    table = {"caption": captions, "overfit_type": ["TV", "N", "MV", "N"]}
    (tmp_path / "groundtruth_parquets").mkdir()
    pyarrow.parquet.write_table(
        pyarrow.table(table), tmp_path / "groundtruth_parquets/sdv1_groundtruth.parquet"
    )
    pictures = tmp_path / "made"
    picture(pictures / "a_b template/0000.png", 90)
    picture(pictures / "a_b template/0003.png", 200)
    picture(pictures / "verbatim/0001.png", 120)
    picture(pictures / "free/0000.png", 60)
    picture(tmp_path / "real/0000.jpg", 0)
    picture(tmp_path / "real/0002.jpg", 120)
    found = CliRunner().invoke(
        application,
        ["masks", "verify", str(tmp_path), "--pictures", str(pictures), "--real",
         str(tmp_path / "real"), "--out", str(tmp_path / "out"), "--json"],
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    values = json.loads(found.stdout)
    told = [(row["prompt"], row["found"]["overfit_type"]) for row in values["rows"]]
    assert told == [("a/b template", "TV"), ("verbatim", "N"), ("free", "N")]
    assert values["changed"] == ["sdv1_groundtruth.parquet row 2"]
    reasons = {each["name"]: each["reason"] for each in values["skipped"]}
    assert reasons["template 0"] == "its picture templates/imgs/0.png is missing"
    assert reasons["sdv1_groundtruth.parquet row 1"] == "its training picture is missing"
    assert reasons["sdv1_groundtruth.parquet row 3"] == "there is no picture of its prompt"
    line = json.loads((tmp_path / "out/verified_TV.jsonl").read_text())
    assert line == {"caption": "a/b template", "overfit_type": "TV", "gen_seeds": [[3, 1]]}
    assert (tmp_path / "out/verified_MVRV.jsonl").read_text() == ""
