"""LoRAs of diffusers' and kohya's, on, off and weaker, and what does not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

import memlens
from memlens.cli.application import application
from memlens.errors import BaselineMismatch, ModelError, SettingsError
from memlens.models.baseline_fit import baseline_refusal, nearby_checkpoints
from tests.support.golden_families import FOLDER

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no golden families here")
PIPELINE = FOLDER / "lora" / "pipeline"
DIFFUSERS = FOLDER / "lora" / "lora" / "pytorch_lora_weights.safetensors"
KOHYA = FOLDER / "lora" / "lora" / "kohya.safetensors"


@pytest.fixture(scope="module")
def plain() -> Any:
    return memlens.load_model(PIPELINE, device="cpu")


@pytest.fixture(scope="module")
def adapted() -> Any:
    return memlens.load_model(PIPELINE, lora=DIFFUSERS, device="cpu")


def eps_of(model: Any, latent: np.ndarray) -> np.ndarray:
    return memlens.run_at(model, latent, prompt="a red apple", steps=10).eps_target[0]


@pytest.fixture(scope="module")
def latent() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((4, 8, 8)).astype(np.float32)


def test_both_layouts_are_the_same_lora(adapted: Any, latent: np.ndarray) -> None:
    kohya = memlens.load_model(PIPELINE, lora=KOHYA, device="cpu")
    np.testing.assert_allclose(eps_of(adapted, latent), eps_of(kohya, latent), atol=1e-5)
    assert adapted.description.adapter == "pytorch_lora_weights.safetensors × 1"
    run = memlens.run_at(adapted, latent, prompt="a red apple", steps=10)
    assert run.provenance.adapter == adapted.description.adapter


def test_weights_are_w_plus_scale_times_b_a(plain: Any, latent: np.ndarray) -> None:
    """Merged by hand, at another scale: alpha 8 over rank 4 is 2, and 0.3 of it is 0.6."""
    merged = memlens.load_model(PIPELINE, device="cpu")
    weights = load_file(DIFFUSERS)
    own = merged.denoiser.network.state_dict()
    for name in [key for key in weights if key.endswith("lora.down.weight")]:
        stem = name.removesuffix(".lora.down.weight")
        product = weights[f"{stem}.lora.up.weight"] @ weights[name]
        own[f"{stem.removeprefix('unet.')}.weight"] += 0.6 * product
    weaker = memlens.load_model(PIPELINE, lora=DIFFUSERS, lora_scale=0.3, device="cpu")
    np.testing.assert_allclose(eps_of(weaker, latent), eps_of(merged, latent), atol=1e-5)
    assert np.abs(eps_of(weaker, latent) - eps_of(plain, latent)).max() > 1e-3


def test_off_is_the_model_without_it(adapted: Any, plain: Any, latent: np.ndarray) -> None:
    run = memlens.run_at(adapted, latent, prompt="a red apple", steps=10)
    off = memlens.load_baseline("lora-off", like=adapted)
    assert off.denoiser.network is adapted.denoiser.network
    assert off.description.identity == plain.description.identity
    found = memlens.localize(run, "score-difference", baseline=off)
    expected = ((run.eps_target[0] - eps_of(plain, latent)) ** 2).mean(axis=0)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-9)
    half = memlens.load_baseline("lora:0.5", like=adapted)
    less = memlens.localize(run, "score-difference", baseline=half)
    assert 0 < less.values.mean() < found.values.mean()
    # The target keeps its own strength, whoever called the network last.
    np.testing.assert_array_equal(eps_of(adapted, latent), run.eps_target[0])
    same = memlens.localize(run, "curvature-difference", baseline="unconditional", probes=4)
    again = memlens.localize(run, "curvature-difference", baseline="unconditional", probes=4)
    np.testing.assert_array_equal(same.values, again.values)


def test_an_earlier_lora_is_a_baseline(adapted: Any, latent: np.ndarray, tmp_path: Path) -> None:
    """A checkpoint-N folder of the same training, with half the weights' product."""
    earlier = {
        name: 0.5 * value if "lora.up" in name else value
        for name, value in load_file(DIFFUSERS).items()
    }
    with open(DIFFUSERS, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        kept = json.loads(stream.read(length))["__metadata__"]
    folder = tmp_path / "checkpoint-100"
    folder.mkdir()
    save_file(earlier, folder / "pytorch_lora_weights.safetensors", metadata=kept)
    run = memlens.run_at(adapted, latent, prompt="a red apple", steps=10)
    found = memlens.localize(
        run, "score-difference", baseline=memlens.load_baseline(folder, like=adapted)
    )
    half = memlens.localize(
        run, "score-difference", baseline=memlens.load_baseline("lora:0.5", like=adapted)
    )
    np.testing.assert_allclose(found.values, half.values, rtol=1e-3, atol=1e-9)
    np.testing.assert_array_equal(eps_of(adapted, latent), run.eps_target[0])
    assert baseline_refusal(folder, like=adapted) == ""


def test_checkpoints_of_a_loras_training_are_found_nearby(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(PIPELINE, folder)
    inside = folder / "checkpoint-20"
    inside.mkdir()
    shutil.copy(DIFFUSERS, inside)
    assert nearby_checkpoints(memlens.load_model(folder, device="cpu")) == (inside,)


def test_files_that_do_not_fit_are_refused(plain: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"unet.nowhere.to_q.lora.down.weight": torch.zeros(4, 16),
               "unet.nowhere.to_q.lora.up.weight": torch.zeros(16, 4)}, other)  # fmt: skip
    large = tmp_path / "large.safetensors"
    save_file({name: torch.cat([value, value], dim=-1) if "down" in name else value
               for name, value in load_file(DIFFUSERS).items()}, large)  # fmt: skip
    weights = PIPELINE / "unet" / "diffusion_pytorch_model.safetensors"
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(DIFFUSERS.read_bytes()[:-10])
    for file in (other, large, weights, cut, tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(ModelError) as caught:
            memlens.load_model(PIPELINE, lora=file, device="cpu")
        assert str(file) in str(caught.value)
    with pytest.raises(SettingsError, match="not a number"):
        memlens.load_model(PIPELINE, lora=DIFFUSERS, lora_scale=float("nan"), device="cpu")
    with pytest.raises(BaselineMismatch, match="no LoRA"):
        memlens.load_baseline("lora-off", like=plain)
    assert "no LoRA" in baseline_refusal("lora-off", like=plain)


def test_the_command_line_takes_one(tmp_path: Path) -> None:
    arguments = ["localize", str(PIPELINE), "--prompt", "a red apple", "--steps", "2"]
    arguments += ["--lora", str(KOHYA), "--baseline", "lora-off", "--method", "score-difference"]
    done = CliRunner().invoke(application, [*arguments, "--out", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["provenance"]["adapter"] == "kohya.safetensors × 1"
    assert (tmp_path / "score_diff_bad.npy").is_file()
