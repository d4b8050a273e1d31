"""Numbers of one picture: of its maps, and of what is found beyond controls."""

from __future__ import annotations

import numpy as np
import pytest

from memlens.evaluation.agreement import agreement_of_values
from memlens.evaluation.picture_numbers import SIZE, control_numbers, map_numbers
from memlens.maps.localization_map import resize_bilinear
from tests.support.analytic_null import STEP, controls_of, fields, localization_map

KINDS = ("cov_bad", "score_diff_bad")


def planted(strength: float) -> np.ndarray:
    values = fields(1, np.random.default_rng(1))[0] * 0.2
    values[2:10, 3:12] += strength
    return values


def truth() -> np.ndarray:
    mask = np.zeros(SIZE, np.bool_)
    mask[2 * 16 : 10 * 16, 3 * 16 : 12 * 16] = True
    return mask


def test_maps_are_scored_at_the_official_size_and_named_by_step() -> None:
    here, there = (localization_map("cov", planted(s), step=at) for s, at in ((2, STEP), (1, 40)))
    numbers = map_numbers([here, there], truth(), main_step=STEP)
    assert numbers["mean cov"] == pytest.approx(np.maximum(planted(2), 0).mean(), rel=1e-5)
    scores = agreement_of_values(resize_bilinear(np.maximum(planted(2), 0), SIZE), truth())
    told = (numbers["best iou cov"], numbers["auroc cov"], numbers["ap cov"])
    assert told == (scores.iou, scores.auroc, scores.average_precision)
    assert {"mean cov step 40", "auroc cov step 40"} < set(numbers)
    for nothing in (None, np.zeros(SIZE, np.bool_), np.ones(SIZE, np.bool_)):
        assert set(map_numbers([here], nothing, main_step=STEP)) == {"mean cov"}


def test_what_is_found_is_compared_without_a_threshold() -> None:
    rng = np.random.default_rng(0)
    controls = controls_of({kind: fields(40, rng) for kind in KINDS})
    found = [localization_map(kind, planted(5.0)) for kind in KINDS]
    numbers, verdict = control_numbers(found, controls, truth())
    assert verdict.found and numbers["found"] == 1.0
    assert numbers["p"] == numbers["p cov_bad"] == pytest.approx(1 / 41)
    # The 3×3 filter of the controls widens the region of 72 coordinates by a rim of 38 at most.
    assert 72 / 110 <= numbers["iou controls cov_bad"] <= 1.0
    flat = [localization_map("cov_bad", np.zeros((16, 16), np.float32))]
    numbers, verdict = control_numbers(flat, controls, np.zeros(SIZE, np.bool_))
    assert not verdict.found and numbers["iou controls cov_bad"] == 1.0
    assert control_numbers(flat, controls, truth())[0]["iou controls cov_bad"] == 0.0
    assert "iou controls cov_bad" not in control_numbers(flat, controls, None)[0]


def test_too_few_controls_give_no_figure() -> None:
    controls = controls_of({"cov_bad": fields(5, np.random.default_rng(0))})
    numbers, verdict = control_numbers([localization_map("cov_bad", planted(5))], controls, truth())
    assert "20 are needed" in verdict.sentence
    assert set(numbers) == {"p", "p cov_bad", "found"} and numbers["found"] == 0.0
    other = [localization_map("cov", planted(5))]
    numbers, verdict = control_numbers(other, controls, truth())
    assert not numbers and "Inconclusive" in verdict.sentence
