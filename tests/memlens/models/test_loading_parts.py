"""Parts of a pipeline that are damaged or do not belong together: refused, and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

import memlens
from memlens.errors import ModelError, OutOfMemory

SCHEDULE = "scheduler/scheduler_config.json"
UNET = "unet/config.json"


@pytest.fixture
def copy(tiny_pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "copy"))


def _edit(file: Path, **values: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        (SCHEDULE, {"prediction_type": "magic"}, "unknown prediction_type 'magic'"),
        # ε̂ of a flow would be taken from a schedule that it does not have.
        (SCHEDULE, {"prediction_type": "flow"}, "unknown prediction_type 'flow'"),
        (SCHEDULE, {"_class_name": "FlowMatchEulerDiscreteScheduler"}, "flow's schedule"),
        (SCHEDULE, {"use_flow_sigmas": True}, "flow's schedule"),
        (SCHEDULE, {"beta_schedule": "magic"}, "makes no noise schedule"),
        (SCHEDULE, {"beta_end": 5.0}, "between 0 and 1"),
        (SCHEDULE, {"beta_start": -0.1, "beta_schedule": "linear"}, "between 0 and 1"),
        (SCHEDULE, {"num_train_timesteps": "many"}, "num_train_timesteps is 'many'"),
        (SCHEDULE, {"num_train_timesteps": 0}, "num_train_timesteps is 0"),
        (SCHEDULE, {"trained_betas": [0.1, 0.2]}, "between 0 and 1|makes no noise schedule"),
        (UNET, {"sample_size": None}, "sample_size is None"),
        (UNET, {"class_embed_type": "timestep"}, "class_embed_type is 'timestep'|cannot be loaded"),
        ("text_encoder/config.json", {"hidden_size": 64}, "other shapes than its config.json"),
    ],
)
def test_a_configuration_that_cannot_be(
    copy: Path, file: str, change: dict[str, Any], words: str
) -> None:
    _edit(copy / file, **change)
    with pytest.raises(ModelError, match=words) as caught:
        memlens.load_model(copy)
    assert str((copy / file).parent) in str(caught.value)


def _without_vocabulary(tokenizer: Path) -> None:
    (tokenizer / "tokenizer.json").unlink()


def _too_many_words(tokenizer: Path) -> None:
    file = tokenizer / "tokenizer.json"
    content = json.loads(file.read_text())
    content["model"]["vocab"] |= {f"word{n}</w>": 1000 + n for n in range(300)}
    file.write_text(json.dumps(content))


def _garbage(tokenizer: Path) -> None:
    (tokenizer / "tokenizer.json").write_text("{")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_without_vocabulary, "no tokenizer.json"),
        (_too_many_words, "do not belong together"),
        (_garbage, "cannot be loaded"),
        (shutil.rmtree, "no tokenizer.json"),
    ],
)
def test_a_tokenizer_that_cannot_be(copy: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(copy / "tokenizer")
    with pytest.raises(ModelError, match=f"tokenizer.*{words}"):
        memlens.load_model(copy)


@pytest.mark.parametrize("part", ["unet", "text_encoder", "vae"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(copy: Path, part: str, value: float) -> None:
    (file,) = (copy / part).glob("*.safetensors")
    weights = load_file(file)
    name = sorted(weights)[-1]
    weights[name].view(-1)[-1] = value
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=f"{part} holds NaN or infinity in the weight .*download"):
        memlens.load_model(copy)


def test_weights_too_large_for_half_precision(copy: Path) -> None:
    (file,) = (copy / "unet").glob("*.safetensors")
    weights = load_file(file)
    weights["conv_in.bias"][0] = 1e6
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"conv_in.bias: choose float32"):
        memlens.load_model(copy, dtype="float16")
    assert memlens.load_model(copy, dtype="float32").denoiser.dtype == torch.float32


def test_a_baseline_s_weights_are_looked_at_too(tiny_pipeline: Path, tmp_path: Path) -> None:
    model = memlens.load_model(tiny_pipeline)
    weights = load_file(tiny_pipeline / "unet-early" / "diffusion_pytorch_model.safetensors")
    weights["conv_in.bias"][0] = float("nan")
    save_file(weights, tmp_path / "early.safetensors")
    with pytest.raises(ModelError, match=r"early.safetensors holds NaN"):
        memlens.load_baseline(tmp_path / "early.safetensors", like=model)


def test_a_pointer_in_place_of_weights(copy: Path) -> None:
    (file,) = (copy / "unet").glob("*.safetensors")
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1234567\n")
    with pytest.raises(ModelError, match=r"safetensors is a Git LFS pointer.*git lfs pull"):
        memlens.load_model(copy)


def test_parts_of_different_models(copy: Path, tmp_path: Path) -> None:
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig.from_pretrained(copy / "text_encoder")
    config.hidden_size, config.intermediate_size = 64, 64
    shutil.rmtree(copy / "text_encoder")
    CLIPTextModel(config).save_pretrained(copy / "text_encoder")
    with pytest.raises(ModelError, match=r"width is 64, the UNet needs 32"):
        memlens.load_model(copy)


def test_memory_that_runs_out_while_loading(
    tiny_pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import diffusers

    def scarce(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(diffusers.UNet2DConditionModel, "to", scarce)
    with pytest.raises(OutOfMemory, match="too little memory for the weights in unet"):
        memlens.load_model(tiny_pipeline)


def test_a_prompt_with_half_a_character(tiny_pipeline: Path) -> None:
    # As a shell of another encoding hands it over.
    model = memlens.load_model(tiny_pipeline)
    with pytest.raises(memlens.errors.SettingsError, match="character 3 is half"):
        memlens.sample(model, "a \udce9", steps=1)
