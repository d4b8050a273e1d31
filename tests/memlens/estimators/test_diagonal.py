"""The plans of probes, on matrices small enough to write down."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.estimators.diagonal import (
    DiagonalEstimate,
    ProbePlan,
    exact,
    hutchinson,
    probing,
    stream,
)

SHAPE = (4, 8, 8)
SIZE = 4 * 8 * 8


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _run(plan: ProbePlan, matrix: torch.Tensor, batch: int = 5) -> list[np.ndarray]:
    def products(vectors: torch.Tensor) -> torch.Tensor:
        return (vectors.flatten(1).double() @ matrix).reshape(-1, *plan.shape)

    return [found.diagonal.ravel() for found in stream(plan, products, lambda: batch)]


def _last(plan: ProbePlan, matrix: torch.Tensor) -> DiagonalEstimate:
    def products(vectors: torch.Tensor) -> torch.Tensor:
        return (vectors.flatten(1).double() @ matrix).reshape(-1, *plan.shape)

    *_, found = stream(plan, products, lambda: 16)
    return found


def _local_matrix() -> torch.Tensor:
    """Strong between channels of one place, weaker with distance, as a denoiser's Jacobian."""
    c, y, x = (t.flatten() for t in torch.meshgrid(*map(torch.arange, SHAPE), indexing="ij"))
    distance = (y[:, None] - y).abs() + (x[:, None] - x).abs()
    size = torch.exp(-distance.double()) * torch.where(c[:, None] == c, 1.0, 0.8)
    return size * torch.randn((SIZE, SIZE), generator=_seeded(0), dtype=torch.float64)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 140), seed=st.integers(0, 10))
def test_every_repetition_of_probing_covers_each_coordinate_once(count: int, seed: int) -> None:
    plan = probing(SHAPE, count, _seeded(seed))
    assert plan.count <= count
    assert plan.count % plan.per_repetition == 0
    vectors = plan.draw(0, plan.count)
    covered = vectors.abs().reshape(-1, plan.per_repetition, *SHAPE).sum(dim=1)
    assert (covered == 1).all()
    middle = plan.count // 2
    assert torch.equal(plan.draw(middle, plan.count), vectors[middle:])
    assert plan.separates_channels == (int((vectors != 0).sum(dim=1).max()) == 1)


def test_probing_has_two_repetitions_as_soon_as_the_channels_can_be_separated() -> None:
    counts = {1: (1, 1), 3: (1, 3), 4: (4, 1), 8: (4, 2), 16: (8, 2), 32: (16, 2), 64: (32, 2)}
    for count, (classes, repetitions) in counts.items():
        plan = probing(SHAPE, count, _seeded(0))
        assert (plan.per_repetition, plan.count) == (classes, classes * repetitions)


def test_the_standard_error_needs_two_repetitions() -> None:
    matrix = _local_matrix()
    ends = [_last(probing(SHAPE, count, _seeded(0)), matrix) for count in (4, 8, 16)]
    assert np.isnan(ends[0].standard_error).all() and np.isnan(ends[0].half_width()).all()
    assert ends[0].degrees_of_freedom == 0
    for found in ends[1:]:
        assert found.degrees_of_freedom == 9 * SHAPE[0]
        np.testing.assert_allclose(found.half_width(), 2.028 * found.standard_error, rtol=1e-3)


def test_the_standard_error_is_the_error_s_size() -> None:
    matrix = _local_matrix()
    truth = matrix.diagonal().reshape(SHAPE).mean(dim=0).numpy()
    ends = [_last(probing(SHAPE, 16, _seeded(seed)), matrix) for seed in range(200)]
    errors = np.array([found.mean - truth for found in ends])
    stated = np.array([found.standard_error for found in ends])
    assert np.mean(errors**2) == pytest.approx(np.mean(stated**2), rel=0.05)


def test_probing_separates_channels_of_one_place_and_neighbours() -> None:
    vectors = probing(SHAPE, 32, _seeded(0)).draw(0, 16).abs()
    for support in vectors:
        assert support.sum(dim=0).max() == 1
        places = torch.nonzero(support.sum(dim=0))
        apart = (places[:, None] - places).abs().sum(-1)
        assert apart[apart > 0].min() >= 2


def test_the_exact_plan_reads_the_diagonal() -> None:
    matrix = _local_matrix()
    *_, found = _run(exact(SHAPE), matrix, batch=100)
    np.testing.assert_allclose(found, matrix.diagonal().numpy())


@pytest.mark.parametrize("plan", [hutchinson, probing])
def test_a_diagonal_matrix_is_read_without_error(plan: object) -> None:
    diagonal = torch.arange(SIZE, dtype=torch.float64)
    *_, found = _run(plan(SHAPE, 16, _seeded(1)), torch.diag(diagonal))  # type: ignore[operator]
    np.testing.assert_allclose(found, diagonal.numpy())


def test_errors_are_what_the_matrix_says_and_probing_errs_less() -> None:
    matrix = _local_matrix()
    off_diagonal = matrix - torch.diag(matrix.diagonal())
    errors = []
    for make in (hutchinson, probing):
        plan = make(SHAPE, 16, _seeded(0))
        support = plan.draw(0, plan.per_repetition).abs().flatten(1).double()
        shared = (support.T @ support > 0).double()
        repetitions = plan.count // plan.per_repetition
        # Var of coordinate i: Σ_{j in its class, j≠i} J_ji² over the repetitions.
        predicted = ((off_diagonal**2) * shared).sum(dim=0).mean().item() / repetitions
        ends = [_run(make(SHAPE, 16, _seeded(seed)), matrix)[-1] for seed in range(40)]
        measured = np.mean((np.array(ends) - matrix.diagonal().numpy()) ** 2)
        assert measured == pytest.approx(predicted, rel=0.1)
        errors.append(measured)
    assert errors[1] < errors[0] / 2
