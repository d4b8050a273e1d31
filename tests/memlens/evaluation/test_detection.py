"""Detection figures against definitions written out plainly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.evaluation.bootstrap import interval, prompt_places
from memlens.evaluation.detection import Detection

SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=25)


@given(SCORED)
def test_auc_is_the_share_of_pairs_in_order(scored: list[tuple[int, bool]]) -> None:
    up = [score for score, memorized in scored if memorized]
    down = [score for score, memorized in scored if not memorized]
    found = detection(scored).auc(np.ones((1, len(scored))))[0]
    if not up or not down:
        assert np.isnan(found)
        return
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in up for b in down]
    assert found == pytest.approx(np.mean(pairs))


@given(SCORED)
def test_the_true_rate_is_of_the_best_allowed_threshold(
    scored: list[tuple[int, bool]],
) -> None:
    up = [score for score, memorized in scored if memorized]
    down = [score for score, memorized in scored if not memorized]
    found = detection(scored).true_rate(np.ones((1, len(scored))), 0.3)[0]
    if not up or not down:
        assert np.isnan(found)
        return
    allowed = [
        np.mean(np.array(up) > threshold)
        for threshold in range(-1, 8)
        if np.mean(np.array(down) > threshold) <= 0.3
    ]
    assert found == pytest.approx(max(allowed))


@given(SCORED.filter(lambda scored: any(memorized for _, memorized in scored)))
def test_average_precision_is_the_sum_over_thresholds(scored: list[tuple[int, bool]]) -> None:
    total, before = 0.0, 0.0
    memorized = sum(m for _, m in scored)
    for threshold in sorted({score for score, _ in scored}, reverse=True):
        taken = [m for score, m in scored if score >= threshold]
        total += (sum(taken) / memorized - before) * sum(taken) / len(taken)
        before = sum(taken) / memorized
    found = detection(scored).average_precision(np.ones((1, len(scored))))[0]
    assert found == pytest.approx(total)


@given(SCORED, st.integers(0, 99))
def test_a_weight_is_a_repetition(scored: list[tuple[int, bool]], seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, 3, len(scored))
    repeated = [pair for pair, count in zip(scored, times, strict=True) for _ in range(count)]
    weighted = detection(scored).auc(times[None].astype(float))[0]
    if len({memorized for _, memorized in repeated}) < 2:
        assert np.isnan(weighted)
        return
    plain = detection(repeated).auc(np.ones((1, len(repeated))))[0]
    assert weighted == pytest.approx(plain)


def test_an_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    low, high = interval(lambda w: (w @ values) / w.sum(axis=1), 400, draws=2000)
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)
    assert np.isnan(interval(lambda w: w[:, 0], 1)).all()


def test_pictures_of_one_prompt_go_together() -> None:
    place, prompts = prompt_places(["a", "b", "a", "c"])
    assert (place.tolist(), prompts) == ([0, 1, 0, 2], 3)


def detection(scored: list[tuple[int, bool]]) -> Detection:
    return Detection(
        np.array([score for score, _ in scored], float),
        np.array([memorized for _, memorized in scored], bool),
    )
