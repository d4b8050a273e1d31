from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.errors import MaskError
from memlens.evaluation.agreement import (
    AgreementCurve,
    agreement,
    agreement_with_curve,
    compare_counts,
)
from memlens.maps.localization_map import LocalizationMap
from tests.support.synthetic import made_map


def a_map(values: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> LocalizationMap:
    return replace(made_map("score_diff", 0), values=values, paper=values, standard_error=None)


def half(shape: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    mask = np.zeros(shape, np.bool_)
    mask[:, : shape[1] // 2] = True
    return mask


@given(seed=st.integers(0, 2**16), levels=st.integers(2, 400), points=st.integers(2, 300))
def test_every_point_is_what_counting_gives(seed: int, levels: int, points: int) -> None:
    random = np.random.default_rng(seed)
    values = (random.integers(0, levels, (12, 10)) / levels).astype(np.float32)
    mask = random.random((12, 10)) < 0.4
    mask[0, 0] = True
    scores, curve = agreement_with_curve(a_map(values), mask, points=points)
    for place, threshold in enumerate(curve.thresholds):
        counts = compare_counts(values > threshold, mask)
        assert curve.iou[place] == pytest.approx(counts.iou, abs=1e-6)
        assert curve.recall[place] == pytest.approx(counts.recall, abs=1e-6)
        if counts.true_positive + counts.false_positive:
            assert curve.precision[place] == pytest.approx(counts.precision, abs=1e-6)
    assert np.all(np.diff(curve.thresholds) < 0)
    assert len(curve.thresholds) <= points + 2
    assert curve.iou.max() == pytest.approx(scores.iou, abs=1e-6)
    assert scores == agreement(a_map(values), mask)


def test_the_curve_begins_with_nothing_and_ends_with_all() -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    _, curve = agreement_with_curve(a_map(values), half((8, 8)))
    assert (curve.recall[0], curve.precision[0], curve.iou[0]) == (0, 1, 0)
    assert (curve.recall[-1], curve.precision[-1], curve.iou[-1]) == (1, 0.5, 0.5)


def test_between_two_thresholds_it_is_linear_and_beyond_them_constant() -> None:
    curve = AgreementCurve(
        thresholds=np.array([0.8, 0.4], np.float32),
        iou=np.array([0.2, 0.6], np.float32),
        precision=np.array([1.0, 0.5], np.float32),
        recall=np.array([0.2, 1.0], np.float32),
    )
    assert curve.at(0.6) == pytest.approx((0.4, 0.75, 0.6))
    assert curve.at(9) == pytest.approx((0.2, 1.0, 0.2))
    assert curve.at(-9) == pytest.approx((0.6, 0.5, 1.0))


def test_many_values_need_few_points() -> None:
    random = np.random.default_rng(1)
    values = random.random((128, 128)).astype(np.float32)
    mask = half((128, 128))
    values[mask] += 0.3
    _, curve = agreement_with_curve(a_map(values), mask)
    for threshold in np.linspace(0.01, 1.25, 57):
        counts = compare_counts(values > np.float32(threshold), mask)
        found = curve.at(float(threshold))
        assert found == pytest.approx((counts.iou, counts.precision, counts.recall), abs=0.006)


def test_a_constant_map_and_an_empty_mask_have_a_curve() -> None:
    constant = np.ones((4, 4), np.float32)
    _, curve = agreement_with_curve(a_map(constant), half((4, 4)))
    assert curve.at(0.0) == pytest.approx((0.5, 0.5, 1.0))
    _, curve = agreement_with_curve(a_map(constant), np.zeros((4, 4), np.bool_))
    assert curve.iou[0] == 1 and curve.iou[-1] == 0
    assert np.isnan(curve.recall).all()


def test_what_is_no_mask_is_refused() -> None:
    with pytest.raises(MaskError):
        agreement_with_curve(made_map("cov", 0), np.zeros((4, 4), np.uint8))  # type: ignore[arg-type]
