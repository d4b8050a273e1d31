"""Masks of several annotators: kept by name, compared, least agreement first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.errors import SettingsError
from memlens.sweep.annotations import (
    annotator_agreement,
    annotators,
    read_annotation,
    save_annotation,
)
from memlens.sweep.manifest import read_manifest
from memlens.sweep.settings import SweepSettings
from memlens.sweep.sweeping import sweep
from tests.support.arithmetic_engine import ArithmeticEngine


def rows(count: int) -> Any:
    mask = np.zeros((10, 10), np.bool_)
    mask[:count] = True
    return mask


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.txt").write_text("one\ntwo\nthree\n")
    listed = read_manifest(tmp_path / "list.txt")
    settings = SweepSettings(model="arithmetic").checked()
    sweep(listed, tmp_path / "out", settings, ArithmeticEngine())
    for task, (ann, ben) in zip(listed.tasks, ((4, 4), (4, 1), (3, None)), strict=True):
        save_annotation(tmp_path / "out", task, "Ann", rows(ann))
        if ben is not None:
            save_annotation(tmp_path / "out", task, " Ben ", rows(ben))
    return tmp_path / "out"


def test_agreement_by_hand(folder: Path, tmp_path: Path) -> None:
    tasks = read_manifest(tmp_path / "list.txt").tasks
    assert annotators(folder) == ("Ann", "Ben")
    np.testing.assert_array_equal(read_annotation(folder, tasks[1], "Ben"), rows(1))
    assert read_annotation(folder, tasks[2], "Ben") is None
    found = annotator_agreement(folder, tasks, "Ann", "Ben")
    assert [(each.task.prompt, each.iou) for each in found.pictures] == [("two", 0.25), ("one", 1)]
    assert found.mean_iou == pytest.approx(0.625)
    assert found.iou == pytest.approx(50 / 80)
    # Of 200 pixels 170 agree; Ann marks 80, Ben 50.
    chance = 0.4 * 0.25 + 0.6 * 0.75
    assert found.kappa == pytest.approx((0.85 - chance) / (1 - chance))


def test_names_stay_inside_the_sweep(folder: Path, tmp_path: Path) -> None:
    (task, *_) = read_manifest(tmp_path / "list.txt").tasks
    for name in ("", "../up", "a/b", ".hidden", "trailing."):
        with pytest.raises(SettingsError, match="annotator"):
            save_annotation(folder, task, name, rows(1))


def test_the_command(folder: Path) -> None:
    found = CliRunner().invoke(application, ["masks", "agreement", str(folder), "--json"])
    assert found.exit_code == 0, found.output
    (pair,) = json.loads(found.stdout)["agreement"]
    assert pair["annotators"] == ["Ann", "Ben"] and pair["mean_iou"] == pytest.approx(0.625)
    assert [each["iou"] for each in pair["pictures"]] == [0.25, 1.0]
    alone = CliRunner().invoke(
        application, ["masks", "agreement", str(folder), "--annotator", "Ann"]
    )
    assert alone.exit_code == 1 and "two are needed" in alone.stderr
