"""Training from a seed to a model folder, interrupted and not."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from memlens.errors import Cancelled, ModelError
from memlens.lab import Recipe, load_ground_truth, train
from memlens.lab.denoiser import checkpoint_steps, learning_rates
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
    for part in ("unet", "unet-early", "text_encoder", "text_encoder-early", "vae", "scheduler"):
        assert list((model / part).glob("*config.json")), part
    assert (model / "model_index.json").is_file()
    assert len(load_ground_truth(model).entries) == 32
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


def test_the_learning_rate_falls_in_cycles() -> None:
    recipe = Recipe()
    first, second = recipe.cycles
    text, unet = learning_rates(recipe, recipe.warmup)
    assert unet == pytest.approx(first.rate, rel=0.02)
    assert text == pytest.approx(unet * first.text_factor)
    assert learning_rates(recipe, first.steps - 1)[1] < first.rate * 0.05
    text, unet = learning_rates(recipe, first.steps + recipe.warmup)
    assert unet == pytest.approx(second.rate, rel=0.02)
    assert text == pytest.approx(unet * second.text_factor)
