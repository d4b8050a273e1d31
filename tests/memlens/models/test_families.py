"""What families have in common: capabilities, classes, sizes, and one added from outside."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import MethodUnavailable, ModelError, SettingsError
from memlens.methods.registry import MAP_KINDS
from memlens.models import families
from memlens.models.custom import custom_baseline, custom_model
from memlens.models.families import Family, add_family
from memlens.readings.registry import READINGS
from tests.support.golden_families import FOLDER, load

needs_golden = pytest.mark.skipif(not FOLDER.is_dir(), reason="no golden families here")
SIGNAL = np.cumprod(1 - np.linspace(1e-3, 0.2, 50))


def gaussian_eps(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
    """ε̂ of x₀ ~ N(m, s²) with m the condition: s² pins, m does not bend J."""
    mean = condition.reshape(-1, 1, 1, 1)
    spread = level.alpha**2 * 0.25 + level.sigma**2
    return level.sigma * (x - level.alpha * mean) / spread


def encode(prompt: str) -> torch.Tensor:
    return torch.full((1, 1), float(len(prompt)) / 10)


@pytest.fixture
def custom() -> Any:
    return custom_model(gaussian_eps, shape=(3, 4, 4), schedule=SIGNAL, encode=encode)


def test_a_module_of_ones_own_is_sampled_and_localized(custom: Any) -> None:
    run = memlens.sample(custom, "a prompt", steps=10, guidance_scale=2.0)
    level = run.schedule[-1]
    found = memlens.localize(run, "curvature", estimator="exact")
    # J = σ/(α² s² + σ²) on the diagonal, so 1 − ρ = σ² over the whole variance.
    expected = level.sigma**2 / (level.alpha**2 * 0.25 + level.sigma**2)
    np.testing.assert_allclose(found.values, expected, rtol=1e-5)
    sharper = custom_baseline(
        lambda x, level, condition: 0.5 * gaussian_eps(x, level, condition), like=custom
    )
    difference = memlens.localize(run, "curvature-difference", baseline=sharper, estimator="exact")
    np.testing.assert_allclose(difference.values, expected / 2, rtol=1e-5)
    apart = level.sigma * level.alpha * 0.8 / (level.alpha**2 * 0.25 + level.sigma**2)
    score = memlens.localize(run, "score-difference")
    np.testing.assert_allclose(score.values, apart**2, rtol=1e-4)


def test_a_flow_of_ones_own(custom: Any) -> None:
    def velocity(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
        eps = gaussian_eps(x, level, condition)
        return eps - (x - level.sigma * eps) / level.alpha

    model = custom_model(velocity, shape=(3, 4, 4), schedule="flow", encode=encode)
    run = memlens.sample(model, "a prompt", steps=20)
    assert run.schedule[0].log_snr < -20
    assert np.isfinite(run.record(0).x0_prediction).all()
    spread = run.schedule[-1].alpha ** 2 * 0.25 + run.schedule[-1].sigma ** 2
    found = memlens.localize(run, "curvature", estimator="exact")
    np.testing.assert_allclose(found.values, run.schedule[-1].sigma ** 2 / spread, rtol=1e-3)
    level = model.level(1.5)
    assert level.log_snr == pytest.approx(1.5)
    assert level.alpha + level.sigma == 1.0


def test_epsilon_and_v_twins_agree_in_canonical_units() -> None:
    def twin(prediction_type: str) -> Any:
        network = torch.nn.Conv2d(3, 3, 3, padding=1, bias=False)
        generator = torch.Generator().manual_seed(3)
        network.weight.data = 0.3 * torch.randn(network.weight.shape, generator=generator)

        def eps(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
            return torch.tanh(network(x)) + condition.reshape(-1, 1, 1, 1)

        def output(x: torch.Tensor, level: Any, condition: torch.Tensor) -> torch.Tensor:
            noise = eps(x, level, condition)
            picture = (x - level.sigma * noise) / level.alpha
            return level.alpha * noise - level.sigma * picture

        chosen = eps if prediction_type == "epsilon" else output
        return custom_model(
            chosen,
            shape=(3, 8, 8),
            schedule=SIGNAL,
            encode=encode,
            network=network,
            prediction_type=prediction_type,
        )

    noise, velocity = twin("epsilon"), twin("v_prediction")
    latent = np.random.default_rng(0).standard_normal((3, 8, 8))
    for step in (2, 9):
        runs = [
            memlens.run_at(model, latent, prompt="a prompt", step=step, steps=10)
            for model in (noise, velocity)
        ]
        for method in ("curvature", "curvature-difference", "score-difference"):
            one, other = (memlens.localize(run, method, estimator="exact") for run in runs)
            np.testing.assert_allclose(one.values, other.values, atol=1e-4)


def test_a_family_is_added_from_outside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("a_module_of_somebody_else")

    def load_it(parts: Any) -> Any:
        spread = parts.index["spread"]
        return custom_model(
            lambda x, level, condition: (
                level.sigma * x / (level.alpha**2 * spread + level.sigma**2)
            ),
            shape=(3, 4, 4),
            schedule=SIGNAL,
            name=parts.name,
            family=parts.pipeline,
        )

    module.load = load_it  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(families, "FAMILIES", dict(families.FAMILIES))
    (tmp_path / "model_index.json").write_text(
        json.dumps({"_class_name": "SomebodysPipeline", "spread": 0.5})
    )
    with pytest.raises(ModelError, match="SomebodysPipeline, which memlens does not know"):
        memlens.load_model(tmp_path)
    add_family(
        Family(pipeline="SomebodysPipeline", module=module.__name__, denoiser="net", parts=())
    )
    model = memlens.load_model(tmp_path, device="cpu")
    assert model.description.family == "SomebodysPipeline"
    run = memlens.sample(model, "", steps=5)
    level = run.schedule[-1]
    found = memlens.localize(run, "curvature", estimator="exact")
    expected = level.sigma**2 / (level.alpha**2 * 0.5 + level.sigma**2)
    np.testing.assert_allclose(found.values, expected, rtol=1e-5)


@needs_golden
def test_what_a_family_cannot_offer_says_why() -> None:
    _, flux, _ = load("flux")
    for name in ("cov", "score_diff", "guidance_cosine"):
        assert "embedded guidance has no unconditional" in MAP_KINDS[name].unavailable(flux)
    for name in ("cov_bad", "score_diff_bad", "curvature"):
        assert not MAP_KINDS[name].unavailable(flux)
    assert READINGS["wen"].unavailable(flux)
    golden, model, _ = load("flux")
    run = memlens.sample(model, golden.prompt(0), steps=2)
    assert not run.keeps_unconditional
    with pytest.raises(MethodUnavailable, match="no unconditional"):
        memlens.localize(run, "score-difference")
    assert memlens.readings(run) == {}
    _, ddpm, _ = load("ddpm")
    assert "conditioned on nothing" in MAP_KINDS["cov"].unavailable(ddpm)
    with pytest.raises(SettingsError, match="takes no prompt"):
        memlens.sample(ddpm, "a prompt", steps=2)


@needs_golden
def test_flux_subtracts_another_prompt() -> None:
    golden, model, _ = load("flux")
    there = golden.at(0, 1)
    run = memlens.run_at(model, there["x"], prompt=golden.prompt(0), step=9, **golden.settings(0))
    empty = memlens.load_baseline("prompt:", like=model)
    found = memlens.localize(run, "score-difference", baseline=empty)
    expected = ((there["eps"] - there["eps_empty"]) ** 2).mean(axis=0)
    assert np.abs(found.values - expected).max() < 1e-3 * expected.max()


@needs_golden
def test_a_class_is_named_by_number_or_label() -> None:
    _, model, _ = load("dit")
    classes = [
        model.encode_prompt(words).extra["classes"].item()
        for words in ("207", "kind 207", "Alias 207", "")
    ]
    assert classes == [207, 207, 207, 1000]
    for wrong in ("1000", "-1", "a dog"):
        with pytest.raises(SettingsError, match="no class"):
            model.encode_prompt(wrong)
    with pytest.raises(SettingsError, match="class's number"):
        memlens.sample(model, " ", steps=2)


@needs_golden
@pytest.mark.parametrize("name", ["sdxl", "flux", "sd3", "sd-single-file"])
def test_pictures_of_other_sizes(name: str) -> None:
    golden, model, _ = load(name)
    run = memlens.sample(model, golden.prompt(0), steps=2, size=(32, 48))
    assert run.image.shape == (32, 48, 3)
    assert run.latent_shape == (4, 8, 12)
    assert memlens.localize(run, "curvature", probes=8).shape == (8, 12)
    assert model.description.latent_shape == (4, 8, 8)
    with pytest.raises(SettingsError, match="multiples of"):
        memlens.sample(model, golden.prompt(0), steps=2, size=(30, 32))


def test_latents_that_cannot_be_run_are_refused(custom: Any) -> None:
    for wrong in (np.zeros((2, 4, 4)), np.zeros((3, 4)), np.full((3, 4, 4), np.nan)):
        with pytest.raises(SettingsError, match="latent"):
            memlens.run_at(custom, wrong, prompt="a")
    run = memlens.run_at(custom, np.zeros((3, 4, 4)), prompt="a", step=3, steps=10)
    assert run.provenance.one_step == 3
    assert run.provenance.steps == 10
    assert run.schedule[0] == custom.schedule(10)[3]
