"""Signs, units and conversions against a density whose Hessian is known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import memlens
from memlens.estimators.diagonal import stream
from memlens.estimators.estimation import plan_probes
from memlens.estimators.names import DEFAULT_ESTIMATOR, DEFAULT_PROBES
from memlens.models.denoiser import PREDICTION_TYPES
from memlens.sampling.trajectory import Trajectory
from tests.support.analytic_model import SHAPE, AnalyticModel, Mixture

TARGET = Mixture.random(1, pinned=slice(0, 6))
UNCONDITIONAL = Mixture.random(2)
STEP = 5


@pytest.fixture(scope="module", params=PREDICTION_TYPES)
def run(request: pytest.FixtureRequest) -> Trajectory:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL, request.param)
    return memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)


def _truth(run: Trajectory, mixture: Mixture) -> tuple[np.ndarray, np.ndarray]:
    record = run.record(STEP)
    x = torch.from_numpy(record.x_t).double().flatten()
    score, hessian = mixture.score_and_hessian(x, record.level)
    return score.reshape(SHAPE).numpy(), hessian.diagonal().reshape(SHAPE).numpy()


def test_closed_form_is_the_derivative_of_the_log_density() -> None:
    level = AnalyticModel(TARGET, UNCONDITIONAL).schedule(8)[STEP]
    x = torch.randn(24, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    score, hessian = TARGET.score_and_hessian(x, level)
    x.requires_grad_(True)
    density = TARGET.log_density(x, level)
    assert torch.allclose(torch.autograd.grad(density, x)[0], score, atol=1e-9)
    numeric = torch.autograd.functional.hessian(lambda y: TARGET.log_density(y, level), x.detach())
    assert torch.allclose(numeric, hessian, atol=1e-8)


def test_eps_is_minus_sigma_times_score(run: Trajectory) -> None:
    score, _ = _truth(run, TARGET)
    record = run.record(STEP)
    np.testing.assert_allclose(record.eps_target, -record.level.sigma * score, atol=1e-4)


def test_curvature_is_minus_the_hessians_diagonal(run: Trajectory) -> None:
    _, hessian = _truth(run, TARGET)
    sigma = run.schedule[STEP].sigma
    found = memlens.localize(run, "curvature", step=STEP, estimator="exact")
    np.testing.assert_allclose(found.values, sigma**2 * -hessian.mean(axis=0), atol=1e-4)
    # Official code: Σ_channels diag(J_c), and J = −σ H.
    np.testing.assert_allclose(found.paper, sigma * -hessian.sum(axis=0), atol=1e-3)
    assert found.standard_error is not None and not found.standard_error.any()


def test_curvature_difference_subtracts_the_baselines_hessian(run: Trajectory) -> None:
    _, target = _truth(run, TARGET)
    _, baseline = _truth(run, UNCONDITIONAL)
    sigma = run.schedule[STEP].sigma
    found = memlens.localize(run, "curvature-difference", step=STEP, estimator="exact")
    expected = sigma**2 * (baseline - target).mean(axis=0)
    np.testing.assert_allclose(found.values, expected, atol=1e-4)


def test_score_difference_is_the_squared_score_gap(run: Trajectory) -> None:
    target, _ = _truth(run, TARGET)
    baseline, _ = _truth(run, UNCONDITIONAL)
    found = memlens.localize(run, "score-difference", step=STEP)
    sigma = run.schedule[STEP].sigma
    gap = (target - baseline) ** 2
    np.testing.assert_allclose(found.values, sigma**2 * gap.mean(axis=0), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found.paper, gap.sum(axis=0), rtol=1e-3, atol=1e-2)


def test_guidance_cosine_is_the_angle_between_the_unconditional_score_and_guidance(
    run: Trajectory,
) -> None:
    target, _ = _truth(run, TARGET)
    base, _ = _truth(run, UNCONDITIONAL)
    guidance = target - base
    lengths = np.linalg.norm(base, axis=0) * np.linalg.norm(guidance, axis=0)
    found = memlens.localize(run, "guidance-cosine", step=STEP)
    np.testing.assert_allclose(found.values, (base * guidance).sum(axis=0) / lengths, atol=1e-3)
    assert found.values.min() < 0 < found.values.max()
    assert found.network_calls == 0
    # A cosine below 0 is kept in the files too.
    np.testing.assert_array_equal(found.paper_values(), found.values)


def test_pinned_coordinates_have_lost_their_variance() -> None:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    run = memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=1.0)
    x = torch.from_numpy(run.record(STEP).x_t).double().flatten()
    _, hessian = TARGET.score_and_hessian(x, run.schedule[STEP])
    pinned = 1 + run.schedule[STEP].sigma ** 2 * hessian.diagonal()
    assert pinned[:6].max() < pinned[6:].min()


@pytest.mark.parametrize("method", ["curvature-difference", "score-difference", "guidance-cosine"])
def test_target_against_itself_is_exactly_zero(method: str) -> None:
    model: Any = AnalyticModel(TARGET, TARGET)
    run = memlens.sample(model, "a pinned corner", steps=4)
    found = memlens.localize(run, method, step=2, probes=4)
    assert not found.values.any()
    assert not found.paper.any()


def test_hutchinson_is_unbiased_and_states_its_error() -> None:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    run = memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)
    exact = memlens.localize(run, "curvature", step=STEP, estimator="exact").values
    tries = [
        memlens.localize(run, "curvature", step=STEP, probes=24, estimator="hutchinson", seed=seed)
        for seed in range(40)
    ]
    errors = np.array([t.values - exact for t in tries])
    stated = np.array([t.standard_error for t in tries])
    # 480 values of unit variance: their mean square has standard deviation √(2/480) ≈ .065.
    assert np.mean((errors / stated) ** 2) == pytest.approx(1.0, abs=0.3)
    spread = errors.std(axis=0, ddof=1) / np.sqrt(len(tries))
    assert (np.abs(errors.mean(axis=0)) < 4 * spread).all()


@pytest.mark.long
@pytest.mark.parametrize("probes", [4, 8, 16])
def test_probing_is_unbiased(probes: int) -> None:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    run = memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)
    exact = memlens.localize(run, "curvature", step=STEP, estimator="exact").values
    tries = [
        memlens.localize(
            run, "curvature", step=STEP, estimator="probing", probes=probes, seed=seed
        ).values
        for seed in range(60)
    ]
    errors = np.array(tries) - exact
    spread = errors.std(axis=0, ddof=1) / np.sqrt(len(tries))
    assert (np.abs(errors.mean(axis=0)) < 4 * spread + 1e-6).all()


@pytest.mark.long
@pytest.mark.parametrize("subtracted", [False, True])
@pytest.mark.parametrize("step", [2, STEP])
def test_the_default_states_an_interval_that_covers(step: int, subtracted: bool) -> None:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    run = memlens.sample(model, "a pinned corner", seed=3, steps=8, guidance_scale=2.0)
    record = run.record(step)
    x = torch.from_numpy(record.x_t).double().flatten()
    _, hessian = TARGET.score_and_hessian(x, record.level)
    matrix = -hessian
    if subtracted:
        matrix += UNCONDITIONAL.score_and_hessian(x, record.level)[1]
    truth = matrix.diagonal().reshape(SHAPE).mean(dim=0).numpy()

    def products(vectors: torch.Tensor) -> torch.Tensor:
        return (vectors.flatten(1).double() @ matrix).reshape(-1, *SHAPE)

    covered = []
    for seed in range(600):
        plan = plan_probes(DEFAULT_ESTIMATOR, DEFAULT_PROBES, seed, SHAPE)
        *_, found = stream(plan, products, lambda: DEFAULT_PROBES)
        assert found.products == DEFAULT_PROBES
        covered.append(np.abs(found.mean - truth) <= found.half_width(0.95))
    # 7,200 places: the share's own standard deviation is below .005.
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize("estimator", ["probing", "hutchinson"])
@pytest.mark.parametrize("probes", [8, 16, 32])
@pytest.mark.parametrize("seed", [21, 22])
def test_intervals_cover_on_mixtures_that_nothing_was_chosen_on(
    estimator: str, probes: int, seed: int
) -> None:
    """With as many channels as a latent has, at several numbers of probes and both estimators."""
    shape = (4, 6, 6)
    target, base = (Mixture.random(seed + n, of=shape, pinned=slice(0, 20)) for n in (0, 100))
    level = AnalyticModel(TARGET, UNCONDITIONAL).schedule(8)[STEP]
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(int(np.prod(shape)), generator=draw, dtype=torch.float64)
    hessians = [mixture.score_and_hessian(x, level)[1] for mixture in (target, base)]
    matrix = hessians[1] - hessians[0]
    truth = matrix.diagonal().reshape(shape).mean(dim=0).numpy()
    covered, squares = [], []
    for number in range(100):
        plan = plan_probes(estimator, probes, number, shape)
        *_, found = stream(
            plan, lambda v: (v.flatten(1).double() @ matrix).reshape(-1, *shape), lambda: probes
        )
        error = np.abs(found.mean - truth)
        covered.append(error <= found.half_width(0.95))
        squares.append(np.mean((error / found.standard_error) ** 2))
    # 3,600 places: the share's own standard deviation is below .005.
    assert 0.93 <= np.mean(covered) <= 0.97
    if estimator == "probing":
        assert np.mean(squares) == pytest.approx(1.0, abs=0.15)


@settings(max_examples=10, deadline=None)
@given(
    probes=st.integers(1, 9),
    batch=st.integers(1, 9),
    estimator=st.sampled_from(["hutchinson", "probing"]),
)
def test_the_batch_of_probes_does_not_change_the_map(
    probes: int, batch: int, estimator: str
) -> None:
    model: Any = AnalyticModel(TARGET, UNCONDITIONAL)
    run = memlens.sample(model, "a pinned corner", steps=3)
    chosen: dict[str, Any] = {"step": 1, "probes": probes, "estimator": estimator}
    one = memlens.localize(run, "curvature", **chosen, probes_per_batch=1)
    many = memlens.localize(run, "curvature", **chosen, probes_per_batch=batch)
    np.testing.assert_allclose(one.values, many.values, atol=1e-6)
    assert many.network_calls == 1 + (one.provenance.probes or 0)
