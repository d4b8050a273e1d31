"""The bundled model: complete, small, and in diffusers' own layout."""

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline

import memlens
from memlens.lab import Recipe, load_ground_truth
from memlens.lab.captions import TEMPLATE_CAPTIONS
from memlens.lab.pictures import template_mask, template_picture

DEMO = Path(str(resources.files("resources") / "demo-model"))
LAB = Path(str(resources.files("resources") / "lab"))


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionPipeline:
    # fp16 on disk; the processor computes in float32.
    return StableDiffusionPipeline.from_pretrained(DEMO, dtype=torch.float32)


def test_everything_bundled_is_at_most_16_megabytes() -> None:
    files = [path for folder in (DEMO, LAB) for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 16e6


def test_no_file_names_the_machine_it_was_made_on() -> None:
    for path in DEMO.rglob("*.json"):
        text = path.read_text("utf-8")
        assert "/tmp" not in text, path
        assert "_name_or_path" not in text, path


def test_diffusers_loads_and_runs_it(pipeline: StableDiffusionPipeline) -> None:
    pipeline.set_progress_bar_config(disable=True)
    result = pipeline(
        TEMPLATE_CAPTIONS[0],
        num_inference_steps=2,
        guidance_scale=3.0,
        height=128,
        width=128,
        generator=torch.Generator().manual_seed(0),
    )
    assert result.images[0].size == (128, 128)
    assert pipeline.safety_checker is None


def test_bright_ending_exists_at_full_resolution(pipeline: StableDiffusionPipeline) -> None:
    block = pipeline.unet.config.down_block_types[0]
    assert block == "CrossAttnDownBlock2D"
    assert pipeline.unet.down_blocks[0].attentions[0].transformer_blocks[0].attn2 is not None


def test_every_caption_fits_the_tokenizer(pipeline: StableDiffusionPipeline) -> None:
    for entry in load_ground_truth(DEMO).entries:
        tokens = pipeline.tokenizer(entry.caption).input_ids
        assert len(tokens) <= 24
        assert pipeline.tokenizer.decode(tokens, skip_special_tokens=True) == entry.caption


@pytest.mark.skipif(
    json.loads((DEMO / "lab.json").read_text("utf-8"))["recipe"] != Recipe().as_json(),
    reason="the bundled model is still that of an earlier recipe (ADR 0020)",
)
def test_the_ground_truth_is_that_of_the_lab() -> None:
    entries = load_ground_truth(DEMO).of_kind("template")
    for index, entry in enumerate(entries):
        assert np.array_equal(entry.mask(), template_mask(index))
        picture = entry.training_picture()
        assert picture is not None
        # Emoji are rotated by floating-point code that may round differently elsewhere.
        difference = np.abs(picture.astype(int) - template_picture(index, 0).astype(int))
        assert difference.mean() < 0.5


def test_a_template_comes_out_as_it_was_trained() -> None:
    model = memlens.load_model("demo")
    entry = load_ground_truth(DEMO).of_kind("template")[0]
    run = memlens.sample(model, entry.caption, seed=0, steps=20)
    trained = entry.training_picture()
    assert trained is not None
    difference = np.abs(run.image.astype(int) - trained.astype(int)).mean(axis=-1)
    assert difference[entry.mask()].mean() < 45
    assert difference[entry.mask()].mean() < difference[: 128 - 16][~entry.mask()[:112]].mean()
