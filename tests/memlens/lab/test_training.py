"""Training from a seed to a model folder, interrupted and not."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file

from memlens.errors import Cancelled, ModelError
from memlens.lab import Recipe, load_ground_truth, train
from memlens.lab.denoiser import checkpoint_steps, learning_rate, shown_captions
from memlens.lab.examples import Examples
from memlens.lab.gate import TIMESTEPS
from memlens.progress import CancelToken, Progress

TINY = Recipe.tiny()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a tiny training, never interrupted."""
    out = tmp_path_factory.mktemp("lab") / "run"
    train(out, recipe=TINY)
    return out


def weights(model: Path, part: str = "unet") -> dict[str, torch.Tensor]:
    return load_file(model / part / "diffusion_pytorch_model.safetensors")


def test_the_model_is_complete(finished: Path) -> None:
    model = finished / "model"
    for part in ("unet", "unet-early", "text_encoder", "vae", "scheduler"):
        assert list((model / part).glob("*config.json")), part
    assert (model / "model_index.json").is_file()
    assert len(load_ground_truth(model).entries) == 30
    assert not list(finished.glob("*.part"))


def test_the_baseline_differs_from_the_target(finished: Path) -> None:
    late, early = (weights(finished / "model", part) for part in ("unet", "unet-early"))
    assert late.keys() == early.keys()
    assert any(not torch.equal(late[name], early[name]) for name in late)


def test_an_interrupted_run_ends_with_the_same_weights(finished: Path, tmp_path: Path) -> None:
    token = CancelToken()

    def interrupt(progress: Progress) -> None:
        if "UNet" in progress.activity and progress.done == 3:
            token.cancel()

    with pytest.raises(Cancelled):
        train(tmp_path, recipe=TINY, progress=interrupt, cancel=token)
    resumed = weights(train(tmp_path, recipe=TINY))
    uninterrupted = weights(finished / "model")
    for name, tensor in uninterrupted.items():
        torch.testing.assert_close(resumed[name], tensor, rtol=0, atol=0)


def test_another_recipe_in_the_same_folder_is_refused(finished: Path) -> None:
    with pytest.raises(ModelError, match="another recipe or seed"):
        train(finished, recipe=replace(TINY, batch=4))
    with pytest.raises(ModelError, match="another recipe or seed"):
        train(finished, recipe=TINY, seed=1)


def test_an_earlier_run_is_not_continued_without_resume(finished: Path) -> None:
    with pytest.raises(ModelError, match="already holds"):
        train(finished, recipe=TINY, resume=False)


def test_training_leaves_the_callers_random_numbers_alone(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    with pytest.raises(Cancelled):
        train(tmp_path, recipe=TINY, cancel=token)
    assert torch.equal(torch.rand(4), expected)


def test_checkpoints_come_all_along_and_at_the_end() -> None:
    recipe = Recipe()
    steps = checkpoint_steps(recipe)
    assert max(steps) == recipe.steps
    assert recipe.early_step in steps
    gaps = sorted(steps)
    assert max(b - a for a, b in itertools.pairwise(gaps)) <= recipe.steps * 0.05


def test_the_learning_rate_is_held_and_falls_at_the_end() -> None:
    recipe = Recipe()
    held = recipe.steps - recipe.decay_steps
    assert learning_rate(recipe, 0) < recipe.rate * 0.01
    assert learning_rate(recipe, recipe.warmup) == learning_rate(recipe, held) == recipe.rate
    half_way = learning_rate(recipe, held + recipe.decay_steps // 2)
    assert half_way == pytest.approx(recipe.rate * (1 + recipe.final_rate) / 2, rel=1e-3)
    assert learning_rate(recipe, recipe.steps) == pytest.approx(recipe.rate * recipe.final_rate)


def test_the_gate_is_told_at_every_checkpoint(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / "gate.jsonl").read_text().splitlines()]
    assert [(line["step"], line["timestep"]) for line in lines] == [
        (step, timestep) for step in (2, 4, 6) for timestep in TIMESTEPS
    ]
    assert lines[0]["less_trained"] is None
    assert lines[-1]["less_trained"]["inside"] != lines[-1]["target"]["inside"]


def test_free_pictures_are_drawn_anew_all_along(finished: Path) -> None:
    # Six steps, new pictures after four: those of the second stretch are left.
    left = sorted(path.name for path in (finished / "latents").glob("free-*.npy"))
    assert left == ["free-0001.npy"]


def test_captions_are_dropped_from_free_pictures_alone(finished: Path) -> None:
    recipe = replace(TINY, batch=64, caption_dropout=0.5)
    examples = Examples(
        AutoencoderKL.from_pretrained(finished / "autoencoder"), recipe, finished / "latents"
    )
    batch = examples.batch(4)
    shown = shown_captions(batch, recipe.caption_dropout, torch.Generator().manual_seed(0))
    free = [caption for caption, is_free in zip(shown, batch.free, strict=True) if is_free]
    memorized = [c for c, is_free in zip(shown, batch.free, strict=True) if not is_free]
    assert "" not in memorized
    assert 0.25 < free.count("") / len(free) < 0.75
    assert 0.3 < len(memorized) / len(shown) < 0.7
