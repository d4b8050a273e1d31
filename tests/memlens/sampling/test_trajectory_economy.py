"""One trajectory serves every map: nothing is sampled or predicted twice."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.maps.averaging import average
from memlens.methods.registry import METHODS
from memlens.models.denoiser import PREDICTION_TYPES, Baseline
from memlens.readings.registry import READINGS
from memlens.sampling.schedule import NoiseLevel
from memlens.sampling.trajectory import Trajectory, predicted_x0
from tests.support.analytic_model import AnalyticModel, Mixture


class Counting:
    """A denoiser that counts the rows it is asked for."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.rows: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def eps(self, x: Any, level: Any, condition: Any) -> Any:
        return self.predict(x, level, condition).eps

    def predict(self, x: Any, level: Any, condition: Any) -> Any:
        self.rows.append(len(x))
        return self.inner.predict(x, level, condition)


@pytest.fixture
def counted(model: Any, monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting(model.denoiser)
    monkeypatch.setattr(model, "denoiser", counting)
    return counting


@pytest.fixture
def baseline(model: Any, tiny_early: Path) -> Baseline:
    loaded: Any = memlens.load_baseline(tiny_early, like=model)
    return replace(loaded, denoiser=Counting(loaded.denoiser))


@pytest.fixture(scope="module")
def run(model: Any) -> Trajectory:
    return memlens.sample(model, "a red apple", seed=1, steps=4)


def test_sampling_is_one_call_a_step(model: Any, counted: Counting) -> None:
    memlens.sample(model, "a red apple", steps=4)
    assert counted.rows == [2, 2, 2, 2]


@pytest.mark.parametrize("method", ["score-difference", "guidance-cosine"])
def test_maps_of_all_steps_are_free(run: Trajectory, counted: Counting, method: str) -> None:
    maps = list(memlens.localize_steps(run, method))
    assert [found.step for found in maps] == [0, 1, 2, 3]
    assert sum(found.network_calls for found in maps) == 0
    assert counted.rows == []


def test_a_less_trained_score_difference_is_one_pass_a_step_once(
    run: Trajectory, counted: Counting, baseline: Any
) -> None:
    fresh = replace(run, baseline_noise=type(run.baseline_noise)())
    some = list(memlens.localize_steps(fresh, "score-difference", baseline=baseline, steps=[1, -1]))
    assert baseline.denoiser.rows == [1, 1]
    every = list(memlens.localize_steps(fresh, "score-difference", baseline=baseline))
    assert baseline.denoiser.rows == [1] * 4
    assert [found.network_calls for found in every] == [1, 0, 1, 0]
    assert counted.rows == []
    for again, first in ((every[1], some[0]), (every[3], some[1])):
        assert again.values.tobytes() == first.values.tobytes()
        assert again.provenance == first.provenance


def test_what_is_kept_belongs_to_one_checkpoint_and_one_trajectory(
    run: Trajectory, baseline: Any, model: Any, tiny_pipeline: Path
) -> None:
    itself = memlens.load_baseline(tiny_pipeline / "unet", like=model)
    first = memlens.localize(run, "score-difference", baseline=baseline)
    other = memlens.localize(run, "score-difference", baseline=itself)
    assert other.network_calls == 1
    assert np.abs(first.values).max() > 1e3 * np.abs(other.values).max()
    elsewhere = replace(run, x_t=run.x_t + 1)
    moved = memlens.localize(elsewhere, "score-difference", baseline=baseline)
    assert moved.network_calls == 1
    assert not np.array_equal(moved.values, first.values)


def test_curvature_starts_from_the_stored_latent(run: Trajectory, counted: Counting) -> None:
    memlens.localize(run, "curvature", step=1, estimator="hutchinson", probes=2)
    assert counted.rows == [1]
    memlens.localize(run, "curvature-difference", step=2, estimator="hutchinson", probes=2)
    assert counted.rows == [1, 2]


def test_progress_of_a_series_counts_all_its_calls(run: Trajectory) -> None:
    seen: list[tuple[int, int]] = []
    maps = memlens.localize_steps(
        run,
        "curvature",
        steps=[0, 3],
        estimator="hutchinson",
        probes=3,
        progress=lambda p: seen.append((p.done, p.total)),
    )
    assert [found.step for found in maps] == [0, 3]
    assert seen[0] == (0, 8) and seen[-1] == (8, 8)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("method", METHODS)
def test_a_reopened_run_gives_the_same_bytes(
    model: Any, run: Trajectory, tmp_path: Path, method: str
) -> None:
    before = memlens.localize(run, method, step=2, probes=8, seed=5)
    path = tmp_path / "run.memlens"
    memlens.save_session(memlens.Session(trajectory=run), path)
    reopened = memlens.load_session(path).trajectory.with_model(model)
    after = memlens.localize(reopened, method, step=2, probes=8, seed=5)
    assert after.values.tobytes() == before.values.tobytes()
    assert after.paper.tobytes() == before.paper.tobytes()
    assert after.provenance == before.provenance


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_map(run: Trajectory, method: str) -> None:
    one, two = (memlens.localize(run, method, step=1, probes=8, seed=5) for _ in range(2))
    assert one.values.tobytes() == two.values.tobytes()
    assert (one.standard_error is None) == (two.standard_error is None)
    if one.standard_error is not None and two.standard_error is not None:
        assert one.standard_error.tobytes() == two.standard_error.tobytes()


@pytest.mark.long
@pytest.mark.parametrize("key", [key for key in READINGS if not key.endswith("_bad")])
def test_the_same_seed_gives_the_same_reading(
    model: Any, run: Trajectory, tmp_path: Path, key: str
) -> None:
    path = tmp_path / "run.memlens"
    memlens.save_session(memlens.Session(trajectory=run), path)
    reopened = memlens.load_session(path).trajectory.with_model(model)
    one = memlens.reading(run, key, probes=8, seed=5)
    for other in (memlens.reading(which, key, probes=8, seed=5) for which in (run, reopened)):
        assert (other.value, other.standard_error) == (one.value, one.standard_error)
        assert other.provenance == one.provenance


def test_the_same_seed_gives_the_same_run(model: Any, run: Trajectory) -> None:
    again = memlens.sample(model, "a red apple", seed=1, steps=4)
    for name in ("x_t", "eps_target", "eps_unconditional", "final_latent", "image"):
        assert getattr(again, name).tobytes() == getattr(run, name).tobytes()


@pytest.mark.parametrize("prediction_type", PREDICTION_TYPES)
def test_the_nearest_log_snr_is_comparable_in_any_family(prediction_type: str) -> None:
    mixture = Mixture.random(1)
    schedule = AnalyticModel(mixture, mixture, prediction_type).schedule(50)
    for wanted in (-1.0, 0.0, 1.7):
        found = schedule[schedule.nearest(wanted)]
        assert abs(found.log_snr - wanted) < 0.1
        assert 2 * math.log(found.alpha / found.sigma) == pytest.approx(found.log_snr)
    assert schedule.nearest(-1e9) == 0
    assert schedule.nearest(1e9) == 49
    for nothing in (math.nan, math.inf, -math.inf):
        with pytest.raises(memlens.errors.SettingsError, match="not a finite number"):
            schedule.nearest(nothing)


def test_an_average_is_of_values_units_and_costs(run: Trajectory) -> None:
    two = [memlens.localize(run, "curvature", step=step, probes=8) for step in (1, 2)]
    found = memlens.localize(run, "curvature", step=1, steps_averaged=2, probes=8)
    assert found.network_calls == sum(each.network_calls for each in two)
    for name in ("values", "paper", "standard_error"):
        mean = (getattr(two[0], name).astype(float) + getattr(two[1], name)) / 2
        np.testing.assert_allclose(getattr(found, name), mean, rtol=1e-5, atol=1e-7)
    timed = average(
        [replace(each, seconds=seconds) for each, seconds in zip(two, (1, 2), strict=True)]
    )
    assert timed.seconds == 3 and timed.provenance.steps_averaged == 2


def test_a_series_refuses_a_step_before_it_is_begun(run: Trajectory) -> None:
    with pytest.raises(memlens.errors.SettingsError, match="step 9"):
        memlens.localize_steps(run, "score-difference", steps=[0, 9])


@pytest.mark.parametrize(("alpha", "sigma"), [(0.6, 0.8), (0.9, 0.1)])
def test_the_predicted_picture_is_what_noise_was_added_to(alpha: float, sigma: float) -> None:
    draw = np.random.default_rng(0)
    x0, eps = draw.normal(size=(2, 4, 3, 3)).astype(np.float32)
    found = predicted_x0(alpha * x0 + sigma * eps, eps, NoiseLevel(1.0, alpha, sigma))
    np.testing.assert_allclose(found, x0, atol=1e-5)


def test_the_seconds_of_several_maps_are_those_that_passed(run: Trajectory) -> None:
    """No map counts the time of those made before it in the same call."""
    began = time.perf_counter()
    averaged = memlens.localize(run, "curvature", step=0, steps_averaged=4, probes=8)
    between = time.perf_counter()
    maps = memlens.localize_maps(run, ("attention", "cov"), probes=8)
    ended = time.perf_counter()
    assert averaged.seconds <= between - began
    assert sum(found.seconds for found in maps.values()) <= ended - between
