"""Models in one file: recognised by their keys, loaded with and without configurations at hand."""

from __future__ import annotations

import json
import pickle
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

import memlens
from memlens.cli.application import application
from memlens.errors import ModelError, PredictionTypeNeeded
from memlens.models.checkpoint_file import NETWORK_PREFIX
from memlens.models.clip_vocabulary import clip_tokenizer
from memlens.models.single_file import FLUX, SD_1, SD_2, SD_3, SDXL, FileKind, recognised
from tests.support.golden_families import FOLDER

needs_golden = pytest.mark.skipif(not FOLDER.is_dir(), reason="no golden families here")
TINY = FOLDER / "sd-single-file" / "tiny-sd.safetensors"
CONFIG = FOLDER / "sd-single-file" / "config"
FIRST = NETWORK_PREFIX + "input_blocks.0.0.weight"
CROSS = NETWORK_PREFIX + "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight"


@pytest.fixture
def weights() -> dict[str, torch.Tensor]:
    return load_file(TINY)


@needs_golden
def test_a_checkpoint_is_read_without_running_its_pickle(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    file = tmp_path / "tiny.ckpt"
    torch.save({"state_dict": weights, "global_step": 7, "epoch": 1}, file)
    found = memlens.load_model(file, config=CONFIG, device="cpu")
    same = memlens.load_model(TINY, config=CONFIG, device="cpu")
    latent = np.ones((4, 8, 8), np.float32)
    one, other = (
        memlens.run_at(model, latent, prompt="a red apple", steps=10) for model in (found, same)
    )
    np.testing.assert_array_equal(one.eps_target, other.eps_target)

    ran = tmp_path / "ran"

    class Runs:
        def __reduce__(self) -> Any:
            return (Path.touch, (ran,))

    bad = tmp_path / "bad.ckpt"
    torch.save({"state_dict": weights, "extra": Runs()}, bad)
    plain = tmp_path / "plain.ckpt"
    plain.write_bytes(pickle.dumps({"state_dict": Runs()}))
    for path in (bad, plain):
        with pytest.raises(ModelError, match=r"its pickle is not run"):
            memlens.load_model(path, config=CONFIG, device="cpu")
    assert not ran.exists()


@needs_golden
def test_what_it_cannot_be_loaded_with_is_said(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    alone = tmp_path / "tiny.safetensors"
    shutil.copy(TINY, alone)
    with pytest.raises(ModelError, match=r"not the one that .*sd-1 describes.*--config FOLDER"):
        memlens.load_model(alone, device="cpu")
    missing = {name: value for name, value in weights.items() if "out.2.weight" not in name}
    save_file(missing, alone)
    with pytest.raises(ModelError, match=r"tiny.safetensors.*unet"):
        memlens.load_model(alone, config=CONFIG, device="cpu")
    save_file({**weights, FIRST: torch.full_like(weights[FIRST], torch.nan)}, alone)
    with pytest.raises(ModelError, match="NaN or infinity"):
        memlens.load_model(alone, config=CONFIG, device="cpu")
    with pytest.raises(ModelError, match="does not exist"):
        memlens.load_model(TINY, config=tmp_path / "none", device="cpu")


@needs_golden
def test_the_prediction_type_is_asked_once_where_it_cannot_be_told(
    weights: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    file, config = tmp_path / "two.safetensors", tmp_path / "configuration"
    shutil.copy(TINY, file)
    shutil.copytree(CONFIG, config)
    config.chmod(0o755)
    (config / "scheduler").chmod(0o755)
    place = config / "scheduler" / "scheduler_config.json"
    place.chmod(0o644)
    values = json.loads(place.read_text())
    values.pop("prediction_type")
    place.write_text(json.dumps(values))
    with pytest.raises(PredictionTypeNeeded, match=r"give epsilon .* or v_prediction"):
        memlens.load_model(file, config=config, device="cpu")
    done = CliRunner().invoke(application, ["info", str(file), "--config", str(config)])
    assert done.exit_code == 1
    said = memlens.load_model(file, config=config, prediction_type="v_prediction", device="cpu")
    assert said.description.prediction_type == "v_prediction"
    again = memlens.load_model(file, config=config, device="cpu")
    assert again.description.prediction_type == "v_prediction"
    marked = tmp_path / "marked.safetensors"
    save_file({**weights, "v_pred": torch.zeros(1)}, marked)
    told = memlens.load_model(marked, config=config, device="cpu")
    assert told.description.prediction_type == "v_prediction"


def test_files_are_recognised_by_their_keys() -> None:
    path = Path("file.safetensors")
    first = {FIRST: (320, 4, 3, 3)}
    second = "conditioner.embedders.1.model.positional_embedding"
    cases: list[tuple[dict[str, tuple[int, ...]], FileKind]] = [
        ({**first, CROSS: (320, 768)}, SD_1),
        ({**first, CROSS: (320, 1024)}, SD_2),
        ({**first, second: (77, 1280)}, SDXL),
        ({"joint_blocks.0.x_block.mlp.fc1.weight": (1, 1)}, SD_3),
        ({NETWORK_PREFIX + "joint_blocks.0.x_block.mlp.fc1.weight": (1, 1)}, SD_3),
        ({"double_blocks.0.img_attn.norm.key_norm.scale": (1,)}, FLUX),
    ]
    for shapes, kind in cases:
        assert recognised(shapes, path) is kind
    refused: dict[str, dict[str, tuple[int, ...]]] = {
        "takes 9 channels": {FIRST: (320, 9, 3, 3)},
        "refiner": {**first, "conditioner.embedders.0.model.text_projection": (1, 1)},
        "it is a LoRA": {"lora_unet_down.lora_down.weight": (4, 4)},
        "one network in diffusers' layout": {"down_blocks.0.resnets.0.conv1.weight": (1, 1)},
        "no family": {"something.else": (1,)},
    }
    for words, shapes in refused.items():
        with pytest.raises(ModelError, match=words):
            recognised(shapes, path)


@needs_golden
def test_a_flow_in_one_file_needs_a_folder_for_the_rest(tmp_path: Path) -> None:
    folder = FOLDER / "sd3" / "pipeline"
    own = load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors")
    file = tmp_path / "transformer.safetensors"
    save_file({"joint_blocks.0.context_block.adaLN_modulation.1.bias": own["proj_out.bias"]}, file)
    with pytest.raises(ModelError, match=r"SD3 alone: give the folder of a SD3 pipeline"):
        memlens.load_model(file, device="cpu")
    with pytest.raises(ModelError, match=r"transformer"):
        memlens.load_model(file, config=folder, device="cpu")


def test_clips_tokenizer_is_the_published_one() -> None:
    """Token numbers as CLIP's paper code gives them."""
    tokenizer = clip_tokenizer(model_max_length=77, pad_token="!")
    assert len(tokenizer) == 49_408
    ids = tokenizer("a photo of a cat").input_ids
    assert ids == [49406, 320, 1125, 539, 320, 2368, 49407]
    padded = tokenizer("hello world", padding="max_length", max_length=8).input_ids
    assert padded == [49406, 3306, 1002, 49407, 0, 0, 0, 0]


@pytest.mark.parametrize("name", ["sd-1", "sd-2", "sdxl"])
def test_brought_configurations_have_the_published_sizes(name: str) -> None:
    """Numbers of weights as the model cards have them, counted without memory."""
    import diffusers
    import transformers

    folder = Path(str(resources.files("resources") / "single-file" / name))
    expected = {"sd-1": 859_520_964, "sd-2": 865_910_724, "sdxl": 2_567_463_684}
    with torch.device("meta"):
        config = json.loads((folder / "unet" / "config.json").read_text())
        unet = diffusers.UNet2DConditionModel.from_config(config)
        text = {
            "sd-1": (transformers.CLIPTextModel, 123_060_480),
            "sd-2": (transformers.CLIPTextModel, 340_387_840),
            "sdxl": (transformers.CLIPTextModelWithProjection, 694_659_840),
        }[name]
        part = "text_encoder_2" if name == "sdxl" else "text_encoder"
        values = transformers.CLIPTextConfig.from_pretrained(folder / part)
        encoder = text[0](values)
    assert sum(weight.numel() for weight in unet.parameters()) == expected[name]
    assert sum(weight.numel() for weight in encoder.parameters()) == text[1]
