"""Readings against a density whose score and Hessian are known in closed form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import memlens
from memlens.errors import Cancelled, MethodUnavailable, ModelError, SettingsError
from memlens.models.denoiser import PREDICTION_TYPES
from memlens.readings.registry import READINGS, Scope
from memlens.sampling.trajectory import Trajectory
from tests.support.analytic_model import SHAPE, AnalyticModel, Mixture

TARGET = Mixture.random(1, pinned=slice(0, 6))
UNCONDITIONAL = Mixture.random(2)
DIMENSIONS = int(np.prod(SHAPE))
STEP = 5
EXACT: dict[str, Any] = {"estimator": "exact"}


@pytest.fixture(scope="module", params=PREDICTION_TYPES)
def run(request: pytest.FixtureRequest) -> Trajectory:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL, request.param)
    return memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)


@pytest.fixture(scope="module")
def plain() -> Trajectory:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    return memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)


def closed_form(
    run: Trajectory, mixture: Mixture, step: int, x: np.ndarray | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    record = run.record(step)
    at = torch.from_numpy(record.x_t if x is None else x).double().flatten()
    return mixture.score_and_hessian(at, record.level)


def test_wen_is_the_mean_length_of_the_noise_difference(run: Trajectory) -> None:
    lengths = [
        level.sigma
        * float((closed_form(run, TARGET, i)[0] - closed_form(run, UNCONDITIONAL, i)[0]).norm())
        for i, level in enumerate(run.schedule.levels)
    ]
    found = memlens.reading(run, "wen")
    assert found.per_step is not None
    np.testing.assert_allclose(found.per_step, lengths, rtol=1e-4)
    assert found.value == pytest.approx(np.mean(lengths), rel=1e-4)
    assert (found.standard_error, found.network_calls, found.step) == (None, 0, None)
    assert memlens.reading(run, "wen", step=-1).value == pytest.approx(lengths[-1], rel=1e-4)


def test_the_guidance_on_pure_noise_is_read_at_the_first_step(run: Trajectory) -> None:
    score, _ = closed_form(run, TARGET, 0)
    base, _ = closed_form(run, UNCONDITIONAL, 0)
    found = memlens.reading(run, "asthana-norm")
    assert found.value == pytest.approx(run.schedule[0].sigma * float((score - base).norm()), 1e-4)
    assert (found.step, found.network_calls) == (0, 0)


@pytest.mark.parametrize("step", [None, STEP - 1])
def test_the_cosine_on_pure_noise_takes_noise_for_a_late_step(
    run: Trajectory, step: int | None
) -> None:
    # x_T itself, though the network is told the level of the third step from the end.
    late = len(run.schedule) - 3 if step is None else step
    noise = torch.from_numpy(run.x_t[0].copy()).double().flatten()
    score, _ = TARGET.score_and_hessian(noise, run.schedule[late])
    base, _ = UNCONDITIONAL.score_and_hessian(noise, run.schedule[late])
    expected = torch.nn.functional.cosine_similarity(base, score - base, dim=0)
    found = memlens.reading(run, "asthana-cosine", step=step)
    assert found.value == pytest.approx(float(expected), abs=1e-4)
    assert (found.step, found.network_calls) == (late, 1)


@pytest.mark.parametrize("step", [None, STEP])
def test_jeon_is_the_hessian_difference_on_the_score_difference(
    run: Trajectory, step: int | None
) -> None:
    score, hessian = closed_form(run, TARGET, step or 0)
    base_score, base_hessian = closed_form(run, UNCONDITIONAL, step or 0)
    expected = float(((hessian - base_hessian) @ (score - base_score)).norm())
    found = memlens.reading(run, "jeon", step=step)
    assert found.value == pytest.approx(expected, rel=1e-3)
    assert (found.step, found.network_calls) == (step or 0, 2)
    assert found.provenance.sigma == run.schedule[step or 0].sigma


def test_free_dimensions_are_the_trace_term(run: Trajectory) -> None:
    _, hessian = closed_form(run, TARGET, STEP)
    sigma = run.schedule[STEP].sigma
    expected = DIMENSIONS + sigma**2 * float(hessian.trace())
    found = memlens.reading(run, "free-dimensions", step=STEP, **EXACT)
    assert found.value == pytest.approx(expected, abs=1e-3)
    assert found.standard_error == 0.0
    assert found.network_calls == 1 + DIMENSIONS


def test_flipd_is_its_definition_at_the_scaled_picture(run: Trajectory) -> None:
    level = run.schedule[STEP]
    score, hessian = closed_form(run, TARGET, STEP, level.alpha * run.final_latent)
    expected = DIMENSIONS + level.sigma**2 * float(hessian.trace() + score @ score)
    found = memlens.reading(run, "flipd", step=STEP, **EXACT)
    assert found.value == pytest.approx(expected, abs=1e-2)
    assert (found.step, found.network_calls) == (STEP, 2 + DIMENSIONS)
    assert (found.provenance.step, found.provenance.sigma) == (STEP, level.sigma)


def test_flipd_counts_the_dimensions_of_a_flat_manifold() -> None:
    size, flat = DIMENSIONS, 7
    spread = torch.zeros(size, dtype=torch.float64)
    spread[:flat] = 1.0
    spread[flat:] = 1e-9
    manifold = Mixture(
        torch.ones(1, dtype=torch.float64),
        torch.zeros((1, size), dtype=torch.float64),
        torch.diag(spread)[None],
    )
    model: Any = AnalyticModel(manifold, UNCONDITIONAL)
    run = memlens.sample(model, "flat", steps=8, guidance_scale=1.0)
    # A Gaussian of width 1 on the manifold takes σ²(1 − x²) of each of its dimensions away.
    level = run.schedule[-1]
    on_it = (level.alpha * run.final_latent.ravel()[:flat]).astype(float)
    taken = level.sigma**2 * (flat - float((on_it**2).sum()))
    found = memlens.reading(run, "flipd", step=-1, **EXACT)
    assert found.value == pytest.approx(flat - taken, abs=0.01)
    free = memlens.reading(run, "free-dimensions", step=-1, **EXACT)
    assert free.value == pytest.approx(flat * (1 - level.sigma**2), abs=0.01)


def test_flipd_reads_by_default_three_tenths_into_the_schedule(plain: Trajectory) -> None:
    times = [level.timestep for level in plain.schedule.levels]
    found = memlens.reading(plain, "flipd", probes=2)
    assert found.step is not None
    assert abs(times[found.step] - 0.3 * times[0]) == min(abs(t - 0.3 * times[0]) for t in times)


@pytest.mark.long
@pytest.mark.parametrize("key", ["free-dimensions", "flipd", "mean-cov"])
@pytest.mark.parametrize("estimator", ["hutchinson", "probing"])
def test_estimated_readings_state_their_error(plain: Trajectory, key: str, estimator: str) -> None:
    exact = memlens.reading(plain, key, step=STEP, **EXACT).value
    tries = [
        memlens.reading(plain, key, step=STEP, estimator=estimator, probes=32, seed=seed)
        for seed in range(60)
    ]
    errors = np.array([found.value - exact for found in tries])
    stated = np.array([found.standard_error for found in tries], dtype=float)
    assert abs(errors.mean()) < 4 * errors.std(ddof=1) / np.sqrt(len(tries))
    # Right, or up to √2 too large; 60 values scatter by √(2/60) ≈ .18 of their square.
    ratio = np.mean(errors**2) / np.mean(stated**2)
    assert 0.5 * (1 - 4 * 0.18) < ratio < 1 + 4 * 0.18


def test_a_map_mean_is_the_maps_mean(run: Trajectory) -> None:
    found = memlens.localize(run, "curvature-difference", step=STEP, probes=4, seed=2)
    read = memlens.reading(run, "mean-cov", step=STEP, probes=4, seed=2)
    assert read.value == pytest.approx(float(found.values.mean()), rel=1e-5)
    assert (read.network_calls, read.provenance.method) == (5, "curvature-difference")
    assert read.provenance.reading == "mean-cov"


def test_a_free_map_is_read_at_every_step_and_without_a_model(plain: Trajectory) -> None:
    from dataclasses import replace

    alone = replace(plain, model=None)
    for name, method in (("score_diff", "score-difference"), ("guidance_cosine",) * 2):
        read = memlens.reading(alone, f"mean-{name}")
        assert read.per_step is not None
        for step in (0, STEP):
            found = memlens.localize(plain, method.replace("_", "-"), step=step)
            assert read.per_step[step] == pytest.approx(float(found.values.mean()), rel=1e-4)
        assert read.value == pytest.approx(float(read.per_step[-1]), rel=1e-6)


def test_maps_that_are_there_are_not_computed_again(plain: Trajectory) -> None:
    curvature = memlens.localize(plain, "curvature", step=STEP, probes=4)
    fresh = memlens.reading(plain, "free-dimensions", step=STEP, probes=4)
    read = memlens.reading(plain, "free-dimensions", step=STEP, maps=[curvature])
    assert (read.value, read.standard_error) == (fresh.value, fresh.standard_error)
    assert (read.network_calls, fresh.network_calls) == (0, 5)
    for other in (curvature.smoothed(3), memlens.localize(plain, "curvature", step=0, probes=4)):
        again = memlens.reading(plain, "free-dimensions", step=STEP, maps=[other], probes=4)
        assert (again.value, again.network_calls) == (fresh.value, 5)


def test_a_run_that_did_not_begin_from_noise_has_no_reading_of_it(plain: Trajectory) -> None:
    made = replace(plain.provenance, picture="photo@0123456789ab")
    of_picture = replace(plain, provenance=made)
    for key in ("asthana-norm", "asthana-cosine"):
        with pytest.raises(MethodUnavailable, match="did not begin"):
            memlens.reading(of_picture, key)
    assert "asthana-norm" not in memlens.readings(of_picture)


def test_readings_takes_all_that_are_free(plain: Trajectory) -> None:
    found = memlens.readings(plain)
    assert list(found) == ["wen", "asthana-norm", "mean-score_diff", "mean-guidance_cosine"]
    assert all(read.network_calls == 0 for read in found.values())
    assert list(memlens.readings(plain, ["jeon", "wen", "jeon"])) == ["jeon", "wen"]


def test_target_against_itself_reads_zero() -> None:
    model: Any = AnalyticModel(TARGET, TARGET)
    run = memlens.sample(model, "a pinned corner", steps=4)
    for key in ("wen", "jeon", "mean-cov", "mean-score_diff"):
        assert memlens.reading(run, key, probes=4).value == 0.0


@pytest.mark.parametrize("key", READINGS)
def test_every_reading_says_what_it_is(key: str) -> None:
    kind = READINGS[key]
    assert kind.about.endswith(".") and kind.source and kind.label and kind.symbol
    assert kind.scope in Scope


def test_what_cannot_be_read_says_why(plain: Trajectory) -> None:
    from dataclasses import replace

    alone = replace(plain, model=None)
    assert memlens.reading(alone, "wen").value == memlens.reading(plain, "wen").value
    with pytest.raises(ModelError, match="no model attached"):
        memlens.reading(alone, "jeon")
    with pytest.raises(MethodUnavailable, match="no attention"):
        memlens.reading(plain, "mean-attention")
    with pytest.raises(SettingsError, match="less-trained baseline"):
        memlens.reading(plain, "mean-cov_bad")
    with pytest.raises(SettingsError, match="no reading is called 'iq'"):
        memlens.reading(plain, "iq")
    with pytest.raises(SettingsError, match="step 8 does not exist"):
        memlens.reading(plain, "wen", step=8)


@pytest.mark.parametrize("key", ["wen", "jeon", "flipd", "free-dimensions"])
def test_a_set_token_cancels(plain: Trajectory, key: str) -> None:
    token = memlens.CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        memlens.reading(plain, key, cancel=token)
