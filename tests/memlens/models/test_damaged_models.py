"""Damaged LoRAs, one-file models and configurations: loaded, or refused in a sentence."""

from __future__ import annotations

import json
import random
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import memlens
from memlens.errors import MemlensError
from tests.support.damaged_models import (
    damaged_fields,
    damaged_pickle,
    damaged_weights,
    write,
)
from tests.support.golden_families import FOLDER

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no golden families here")
CASES = 10
CONFIGURATIONS = (
    "model_index.json",
    "scheduler/scheduler_config.json",
    "unet/config.json",
    "text_encoder/config.json",
    "vae/config.json",
)


def read_or_refused(load: Callable[[], Any], path: Path) -> None:
    """Loaded and usable, or refused in a sentence that names the file or its folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = load()
            memlens.sample(model, "a red apple", steps=1)
        except MemlensError as error:
            assert str(error).strip()
            assert "\n" not in str(error)


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_loras(where: Path) -> None:
    folder = FOLDER / "lora"
    for name in ("pytorch_lora_weights.safetensors", "kohya.safetensors"):
        whole = (folder / "lora" / name).read_bytes()
        for number in range(CASES // 2):
            path = where / name
            write(path, damaged_weights(whole, random.Random(number)))
            read_or_refused(
                lambda path=path: memlens.load_model(  # type: ignore[misc]
                    folder / "pipeline", lora=path, device="cpu"
                ),
                path,
            )


def test_files_of_a_whole_model(where: Path) -> None:
    folder = FOLDER / "sd-single-file"
    whole = (folder / "tiny-sd.safetensors").read_bytes()
    for number in range(CASES):
        path = where / "model.safetensors"
        write(path, damaged_weights(whole, random.Random(number)))
        read_or_refused(
            lambda path=path: memlens.load_model(  # type: ignore[misc]
                path, config=folder / "config", device="cpu"
            ),
            path,
        )


def test_checkpoints_run_nothing(where: Path) -> None:
    from safetensors.torch import load_file

    folder = FOLDER / "sd-single-file"
    made = where / "whole.ckpt"
    torch.save({"state_dict": load_file(folder / "tiny-sd.safetensors")}, made)
    whole = made.read_bytes()
    for number in range(CASES):
        path = where / "model.ckpt"
        write(path, damaged_pickle(whole, random.Random(number)))
        read_or_refused(
            lambda path=path: memlens.load_model(  # type: ignore[misc]
                path, config=folder / "config", device="cpu"
            ),
            path,
        )
    assert not (where / "evil").exists()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configurations(where: Path, name: str) -> None:
    folder = where / "model"
    shutil.copytree(FOLDER / "lora" / "pipeline", folder)
    for each in (folder, *folder.iterdir()):
        each.chmod(0o755 if each.is_dir() else 0o644)
    values = json.loads((folder / name).read_text())
    for number in range(CASES // 2):
        write(folder / name, damaged_fields(values, random.Random(number)))
        read_or_refused(lambda: memlens.load_model(folder, device="cpu"), folder)
