"""``memlens-cli masks``, as it is called in a shell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from memlens.cli.application import application
from memlens.masks.files import read_mask, write_mask
from tests.support.shared_region import rendering, truth


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application, ["masks", *(str(each) for each in arguments)])


@pytest.fixture
def renderings(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"seed{seed}.png" for seed in range(3)]
    for seed, path in enumerate(paths):
        Image.fromarray(rendering(seed)).save(path)
    return paths


@pytest.mark.parametrize(("command", "pictures"), [("from-pair", 2), ("from-seeds", 3)])
def test_a_mask_is_found_in_renderings(
    tmp_path: Path, renderings: list[Path], command: str, pictures: int
) -> None:
    out = tmp_path / "found.png"
    done = run(command, *renderings[:pictures], "--out", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["pixels"], told["size"]) == (256, [32, 32])
    assert np.array_equal(read_mask(out, (32, 32))[0].pixels, truth())


def test_a_training_picture_shows_the_mask(tmp_path: Path, renderings: list[Path]) -> None:
    out = tmp_path / "found.npy"
    done = run("from-training", *renderings[:2], "--out", out)
    assert done.exit_code == 0, done.output
    found = read_mask(out, (32, 32))[0].pixels
    assert found.any()
    assert not found[~truth()].any()


def test_two_masks_are_compared(tmp_path: Path) -> None:
    a = np.zeros((10, 10), dtype=np.bool_)
    b = a.copy()
    a[2:6, 2:6] = b[2:6, 4:9] = True
    write_mask(tmp_path / "a.png", a)
    write_mask(tmp_path / "b.json", b)
    told = json.loads(run("compare", tmp_path / "a.png", tmp_path / "b.json", "--json").stdout)
    assert (told["agree"], told["only_a"], told["only_b"]) == (8, 8, 12)
    assert told["iou"] == pytest.approx(8 / 28)
    shown = run("compare", tmp_path / "a.png", tmp_path / "b.json")
    assert "0.2857" in shown.stdout


def test_annotators_are_combined_and_a_mask_is_converted(tmp_path: Path) -> None:
    paths = []
    for index, row in enumerate(([1, 1, 0], [1, 0, 0], [1, 1, 1])):
        paths.append(tmp_path / f"{index}.png")
        write_mask(paths[-1], np.array([row], dtype=np.bool_))
    assert run("consensus", *paths, "--out", tmp_path / "all.json").exit_code == 0
    assert run("convert", tmp_path / "all.json", "--out", tmp_path / "all.npy").exit_code == 0
    assert np.load(tmp_path / "all.npy").tolist() == [[True, True, False]]


def test_one_of_several_masks_must_be_chosen(tmp_path: Path) -> None:
    box = {"shape_type": "rectangle", "points": [[0, 0], [1, 1]]}
    shapes = [{**box, "label": "left"}, {**box, "label": "right"}]
    source = tmp_path / "two.json"
    source.write_text(json.dumps({"shapes": shapes, "imageHeight": 2, "imageWidth": 2}))
    refused = run("convert", source, "--out", tmp_path / "m.png")
    assert (refused.exit_code, "left, right" in refused.output) == (2, True)
    assert run("convert", source, "--out", tmp_path / "m.png", "--mask", "left").exit_code == 0


def test_what_does_not_fit_is_refused(tmp_path: Path, renderings: list[Path]) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    write_mask(small, np.ones((2, 2), dtype=np.bool_))
    write_mask(large, np.ones((4, 4), dtype=np.bool_))
    assert run("compare", large, small).exit_code == 1
    assert run("compare", large, small, "--resize").exit_code == 0
    failed = run("from-seeds", renderings[0], "--out", tmp_path / "m.png", "--json")
    assert failed.exit_code == 1
    assert "two seeds" in json.loads(failed.stdout)["error"]
    assert run("from-pair", *renderings[:2], "--out", tmp_path / "m.gif").exit_code == 1
    assert not list(tmp_path.glob("m.*"))
