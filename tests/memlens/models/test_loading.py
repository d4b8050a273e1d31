"""Models and baselines: what opens, what is refused, and in which words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.errors import BaselineMismatch, Cancelled, ModelError, SettingsError
from memlens.models.baseline_fit import baseline_refusal
from memlens.models.baseline_loading import early_checkpoint
from memlens.models.sources import resolve


@pytest.fixture
def copy(tiny_pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "copy"))


def _edit(file: Path, **changes: Any) -> None:
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | changes))


def test_description_tells_what_was_loaded(model: Any) -> None:
    facts = model.description
    assert facts.latent_shape == (4, 16, 16)
    assert facts.picture_size == (64, 64)
    assert facts.prediction_type == "epsilon"
    assert facts.parameters == sum(p.numel() for p in model.denoiser.network.parameters())
    assert not any(p.requires_grad for p in model.denoiser.network.parameters())
    assert model.unavailable("bright-ending") == ""


def test_folder_may_state_its_default_guidance(copy: Path) -> None:
    (copy / "memlens.json").write_text('{"default_guidance_scale": 3}')
    assert resolve(copy).default_guidance_scale == 3.0


def test_fingerprint_follows_the_weights(model: Any, copy: Path) -> None:
    assert memlens.load_model(copy).description.fingerprint == model.description.fingerprint
    shutil.copytree(copy / "unet-early", copy / "unet", dirs_exist_ok=True)
    assert memlens.load_model(copy).description.fingerprint != model.description.fingerprint


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "no model is named"),
        ("/nowhere/at/all", "there is no such folder"),
        ("no such folder", "there is no such folder"),
        ("someone/unknown-model", "allow the download"),
    ],
)
def test_unknown_sources_are_refused(source: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        memlens.load_model(source)


def test_unknown_hub_id_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="someone/unknown-model cannot be"):
        memlens.load_model("someone/unknown-model", download=True)


def test_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no model_index\.json"):
        memlens.load_model(tmp_path)


def test_other_family_is_named(copy: Path) -> None:
    _edit(copy / "model_index.json", _class_name="FluxPipeline")
    with pytest.raises(ModelError, match="FluxPipeline"):
        memlens.load_model(copy)


def test_damaged_index_is_named(copy: Path) -> None:
    (copy / "model_index.json").write_text("{")
    with pytest.raises(ModelError, match="not valid JSON"):
        memlens.load_model(copy)


@pytest.mark.parametrize("kept", [0, 4, 5000, -1])
@pytest.mark.parametrize("part", ["unet", "text_encoder", "vae"])
def test_truncated_weights_name_the_file(copy: Path, part: str, kept: int) -> None:
    (weights,) = (copy / part).glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(ModelError, match=f"{part}.*safetensors"):
        memlens.load_model(copy)


def test_pickled_weights_are_not_opened(copy: Path) -> None:
    (weights,) = (copy / "unet").glob("*.safetensors")
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(ModelError, match="only pickled weights"):
        memlens.load_model(copy)


def test_missing_weights_are_refused_not_drawn_at_random(copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    (weights,) = (copy / "unet").glob("*.safetensors")
    tensors = load_file(weights)
    tensors.pop("conv_in.bias")
    save_file(tensors, weights)
    with pytest.raises(ModelError, match=r"conv_in\.bias is missing"):
        memlens.load_model(copy)


def test_unknown_device_and_precision(tiny_pipeline: Path) -> None:
    with pytest.raises(SettingsError, match="no device is called"):
        memlens.load_model(tiny_pipeline, device="abacus")
    with pytest.raises(SettingsError, match="no precision is called"):
        memlens.load_model(tiny_pipeline, dtype="float12")


def test_loading_can_be_cancelled(tiny_pipeline: Path) -> None:
    token = memlens.CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        memlens.load_model(tiny_pipeline, cancel=token)


def test_the_pipelines_own_early_unet(model: Any, tiny_early: Path) -> None:
    assert early_checkpoint(model) == tiny_early
    baseline = memlens.load_baseline(tiny_early, like=model)
    assert baseline.encoder is model.encoder
    assert baseline.description.identity != model.description.identity


def test_a_whole_pipeline_as_baseline_brings_its_text_encoder(model: Any, copy: Path) -> None:
    baseline = memlens.load_baseline(copy, like=model)
    assert baseline.encoder is not model.encoder


def test_a_file_of_weights_as_baseline(model: Any, tiny_early: Path) -> None:
    (weights,) = tiny_early.glob("*.safetensors")
    from_file: Any = memlens.load_baseline(weights, like=model)
    from_folder: Any = memlens.load_baseline(tiny_early, like=model)
    theirs = from_folder.denoiser.network.state_dict()
    for name, tensor in from_file.denoiser.network.state_dict().items():
        np.testing.assert_array_equal(tensor.numpy(), theirs[name].numpy())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sample_size": 32}, "its sample_size is 32, the target's is 16"),
        ({"in_channels": 8}, "its in_channels is 8, the target's is 4"),
        ({"block_out_channels": [16, 64]}, "its block_out_channels"),
    ],
)
def test_another_architecture_is_refused(
    model: Any, copy: Path, change: dict[str, Any], words: str
) -> None:
    _edit(copy / "unet-early" / "config.json", **change)
    with pytest.raises(BaselineMismatch, match=words):
        memlens.load_baseline(copy / "unet-early", like=model)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"beta_end": 0.02}, "beta_end 0.02"), ({"prediction_type": "v_prediction"}, "v_prediction")],
)
def test_another_schedule_is_refused(
    model: Any, copy: Path, change: dict[str, Any], words: str
) -> None:
    _edit(copy / "scheduler" / "scheduler_config.json", **change)
    with pytest.raises(BaselineMismatch, match=words):
        memlens.load_baseline(copy, like=model)


def test_a_baseline_that_is_not_there(model: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        memlens.load_baseline(tmp_path / "gone", like=model)
    with pytest.raises(ModelError, match="holds no UNet"):
        memlens.load_baseline(tmp_path, like=model)


def test_v_prediction_pipeline_is_read_from_its_scheduler(copy: Path) -> None:
    _edit(copy / "scheduler" / "scheduler_config.json", prediction_type="v_prediction")
    model = memlens.load_model(copy)
    run = memlens.sample(model, "a red apple", steps=3)
    assert run.provenance.prediction_type == "v_prediction"
    assert np.isfinite(run.x_t).all()


def _v_prediction(folder: Path) -> Any:
    _edit(folder / "scheduler" / "scheduler_config.json", prediction_type="v_prediction")
    return memlens.load_model(folder)


def test_a_baseline_that_names_no_prediction_type_predicts_noise(
    copy: Path, tiny_pipeline: Path, tmp_path: Path
) -> None:
    other = tmp_path / "says-nothing"
    shutil.copytree(tiny_pipeline, other)
    file = other / "scheduler" / "scheduler_config.json"
    config = json.loads(file.read_text())
    del config["prediction_type"]
    file.write_text(json.dumps(config))
    model = _v_prediction(copy)
    words = "prediction_type epsilon, the target's has v_prediction"
    for place in (other, other / "unet"):
        with pytest.raises(BaselineMismatch, match=words):
            memlens.load_baseline(place, like=model)
        assert words in baseline_refusal(place, like=model)
    # Where the target says nothing either, they agree.
    silent = memlens.load_model(other)
    assert memlens.load_baseline(tiny_pipeline, like=silent).denoiser.latent_shape == (4, 16, 16)
