from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

import memlens
from memlens.device import device_choices, dtype_choices
from memlens.models.baseline_fit import baseline_refusal, nearby_checkpoints
from memlens.models.denoiser import Model


@pytest.fixture(scope="module")
def model(tiny_pipeline: Path) -> Model:
    return memlens.load_model(tiny_pipeline)


def test_a_checkpoint_of_the_same_architecture_fits(model: Model, tiny_early: Path) -> None:
    assert baseline_refusal(tiny_early, like=model) == ""


def test_the_reason_names_the_difference(model: Model, tiny_early: Path, tmp_path: Path) -> None:
    other = tmp_path / "wider"
    shutil.copytree(tiny_early, other)
    config = json.loads((other / "config.json").read_text())
    config["in_channels"] = 9
    (other / "config.json").write_text(json.dumps(config))
    assert "in_channels is 9" in baseline_refusal(other, like=model)
    assert "demo-model" in baseline_refusal("demo", like=model)
    assert "target itself" in baseline_refusal(model.description.source, like=model)
    assert "does not exist" in baseline_refusal(tmp_path / "nothing", like=model)
    (tmp_path / "weights.bin").write_bytes(b"x")
    assert ".safetensors" in baseline_refusal(tmp_path / "weights.bin", like=model)


def test_what_trainers_leave_beside_the_unet_is_found(
    model: Model, tiny_pipeline: Path, tiny_early: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "trained"
    shutil.copytree(tiny_pipeline, folder)
    shutil.copytree(tiny_early, folder / "checkpoint-500" / "unet")
    shutil.copytree(tiny_early, folder / "unet-100")
    found = nearby_checkpoints(memlens.load_model(folder))
    assert [path.name for path in found] == ["checkpoint-500", "unet-100"]
    assert [baseline_refusal(path, like=model) for path in found] == ["", ""]
    assert nearby_checkpoints(model) == ()


def test_what_this_machine_lacks_says_why() -> None:
    devices = device_choices()
    assert devices["auto"] == devices["cpu"] == ""
    assert (devices["cuda"] == "") == torch.cuda.is_available()
    assert (devices["mps"] == "") == torch.backends.mps.is_available()
    assert dtype_choices(torch.device("cpu")) == dict.fromkeys(
        ("auto", "float32", "bfloat16", "float16"), ""
    )
