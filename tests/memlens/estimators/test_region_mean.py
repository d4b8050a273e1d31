"""A region's mean from a few full probes: unbiased, with an error that is what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import memlens
from memlens.errors import Cancelled, MaskError, SettingsError
from memlens.estimators.region_mean import region_means_stream
from memlens.sampling.trajectory import Trajectory
from tests.support.analytic_model import SHAPE, AnalyticModel, Mixture


@pytest.fixture(scope="module")
def run() -> Trajectory:
    model: Any = AnalyticModel(Mixture.random(0, pinned=slice(0, 8)), Mixture.random(1))
    return memlens.sample(model, "a prompt", seed=2, steps=6)


@pytest.fixture(scope="module")
def weights() -> np.ndarray:
    drawn = np.zeros((2, *SHAPE[1:]))
    drawn[0, :2, :3] = 1.0
    drawn[1] = np.random.default_rng(0).random(SHAPE[1:])
    return drawn / drawn.sum(axis=(1, 2), keepdims=True)


@pytest.mark.long
@pytest.mark.parametrize("step", [2, -1])
@pytest.mark.parametrize("kind", ["cov", "curvature"])
@pytest.mark.parametrize("probes", [1, 2, 4])
def test_the_error_is_what_it_says(
    run: Trajectory, weights: np.ndarray, kind: str, step: int, probes: int
) -> None:
    method = {"cov": "curvature-difference", "curvature": "curvature"}[kind]
    exact = memlens.localize(run, method, step=step, estimator="exact").values
    truth = (weights * exact).sum(axis=(1, 2))
    means, errors = [], []
    for seed in range(150):
        *_, found = region_means_stream(run, kind, weights, step=step, probes=probes, seed=seed)
        means.append(found.means)
        errors.append(found.standard_errors)
        assert (found.probes, found.network_calls) == (probes, 1 + probes)
    spread = np.std(means, axis=0)
    # Unbiased: the mean of 150 lies within 4 of its own errors.
    assert (np.abs(np.mean(means, axis=0) - truth) < 4 * spread / np.sqrt(150) + 1e-7).all()
    told = np.sqrt(np.mean(np.square(errors), axis=0))
    # Never far below the truth. Above it, since a border's neighbours outside the mask count
    # twice, and since one probe alone knows the diagonal by its mean only.
    assert (told > 0.85 * spread).all()
    if probes > 1:
        assert (told < 2.0 * spread + 1e-9).all()


def test_other_kinds_are_exact(run: Trajectory, weights: np.ndarray) -> None:
    (found,) = region_means_stream(run, "score_diff", weights)
    values = memlens.localize(run, "score-difference").values
    assert found.means == pytest.approx((weights * values).sum(axis=(1, 2)))
    assert (found.probes, found.network_calls) == (0, 0) and not found.standard_errors.any()


def test_each_probe_makes_it_better(run: Trajectory, weights: np.ndarray) -> None:
    told = [*region_means_stream(run, "cov", weights, probes=4)]
    assert [each.network_calls for each in told] == [2, 3, 4, 5]
    assert told[-1].standard_errors.max() < told[0].standard_errors.max()


def test_cancelled_within_one_call(run: Trajectory, weights: np.ndarray) -> None:
    token = memlens.CancelToken()
    stream = region_means_stream(run, "cov", weights, probes=4, cancel=token)
    next(stream)
    token.cancel()
    with pytest.raises(Cancelled):
        next(stream)


@pytest.fixture(scope="module")
def calibrated(model: Any, early: Any) -> memlens.Controls:
    return memlens.calibrate(
        model, [f"a red apple {index}" for index in range(21)], baseline=early,
        kinds=("cov", "score_diff_bad"), readings=(), sampling_steps=2, probes=4,
    )  # fmt: skip


def _half() -> np.ndarray:
    mask = np.zeros((64, 64), np.bool_)
    mask[:32] = True
    return mask


@pytest.mark.long
def test_a_drawn_region_is_ranked_among_the_same_mask_on_controls(
    model: Any, early: Any, calibrated: memlens.Controls
) -> None:
    run = memlens.sample(model, "a green pear", seed=3, steps=2)
    found = memlens.test_region(run, calibrated, _half(), kind="score_diff_bad", baseline=early)
    values = memlens.localize(run, "score-difference", baseline=early).values
    assert found.mean == pytest.approx(float(values[:8].mean()), rel=1e-5)
    # Cells of whole coordinates: the coarse grid says the same.
    assert found.compared == pytest.approx(found.mean, rel=1e-5)
    assert found.p == (1 + (found.controls >= found.compared).sum()) / 22
    assert (found.standard_error, found.share, found.step) == (0.0, 0.5, 1)
    own = calibrated.maps["score_diff_bad", 1].cells[:, :4].mean(axis=(1, 2))
    assert found.controls == pytest.approx(own, rel=1e-5)


def test_curvature_takes_one_to_four_products(model: Any, calibrated: memlens.Controls) -> None:
    run = memlens.sample(model, "a green pear", seed=3, steps=2)
    found = memlens.test_region(run, calibrated, _half(), kind="cov")
    assert 2 <= found.network_calls <= 5
    assert 1 / 22 <= found.p <= 1 and found.standard_error > 0
    assert found.sentence.startswith(("This region's mean is", "Inconclusive: ± 1"))
    (one,) = {memlens.test_region(run, calibrated, _half(), kind="cov", probes=1).network_calls}
    assert one == 2


def test_a_region_of_another_setting_has_a_mean_and_no_p(
    model: Any, calibrated: memlens.Controls
) -> None:
    run = memlens.sample(model, "a green pear", seed=3, steps=2, guidance_scale=1.0)
    found = memlens.test_region(run, calibrated, _half(), kind="score_diff")
    assert np.isnan(found.p) and np.isfinite(found.mean)
    assert "guidance scale 1, the controls' 7.5" in found.sentence
    assert "map score_diff, the controls' are cov, score_diff_bad" in found.inconclusive


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        (np.zeros((64, 64), np.bool_), "empty"),
        (np.ones((32, 32), np.bool_), "64x64"),
        (np.ones((64, 64), np.uint8), "not booleans"),
    ],
)
def test_masks_that_cannot_be_used(
    model: Any, calibrated: memlens.Controls, mask: np.ndarray, reason: str
) -> None:
    run = memlens.sample(model, "a green pear", seed=3, steps=2)
    with pytest.raises(MaskError, match=reason):
        memlens.test_region(run, calibrated, mask, kind="cov")


def test_a_kind_without_its_baseline_is_refused(model: Any, calibrated: memlens.Controls) -> None:
    run = memlens.sample(model, "a green pear", seed=3, steps=2)
    with pytest.raises(SettingsError, match="less-trained baseline"):
        memlens.test_region(run, calibrated, _half())
