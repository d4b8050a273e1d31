"""On drawn maps whose truth is known: ordinary p is uniform, a planted region is found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import binomtest

from memlens.controls.cells import cell_means, spread, weights_on_grid
from memlens.controls.checking import fresh, least_p, left_one_out
from memlens.controls.comparing import verdict_of
from memlens.controls.family import Family, p_by_rank
from tests.support.analytic_null import (
    GRID,
    PICTURE,
    STEP,
    controls_of,
    fields,
    localization_map,
)

KINDS = ("cov_bad", "score_diff_bad", "cov")


def _ps(kinds: tuple[str, ...], worlds: int, controls: int) -> Iterator[float]:
    """Yield the p of one ordinary picture in each of many worlds."""
    for world in range(worlds):
        rng = np.random.default_rng([17, world])
        drawn = {kind: fields(controls + 1, rng) for kind in kinds}
        made = controls_of({kind: maps[:-1] for kind, maps in drawn.items()})
        yield least_p({kind: maps[-1] for kind, maps in drawn.items()}, made, STEP)


@pytest.mark.long
@pytest.mark.parametrize("kinds", [KINDS[:1], KINDS], ids=["one kind", "three as one family"])
def test_p_of_an_ordinary_picture_is_uniform(kinds: tuple[str, ...]) -> None:
    worlds, controls = 160, 39
    ps = np.array([*_ps(kinds, worlds, controls)])
    for level in (0.025, 0.05, 0.1):
        count = int(np.count_nonzero(ps <= level))
        assert binomtest(count, worlds, level).pvalue > 0.002, (level, count / worlds)
    # Pictures without any region share the last ranks, and have p = 1.
    for level in (0.25, 0.5, 0.75):
        count = int(np.count_nonzero(ps <= level))
        assert binomtest(count, worlds, level, alternative="greater").pvalue > 0.002


def test_a_planted_region_is_found_where_it_was_planted() -> None:
    rng = np.random.default_rng(3)
    made = controls_of({kind: fields(60, rng) for kind in KINDS})
    hit = 0
    for picture in range(20):
        values = fields(1, np.random.default_rng([5, picture]))[0]
        truth = np.zeros(GRID, np.bool_)
        row, column = np.random.default_rng([6, picture]).integers(0, 8, 2)
        truth[row : row + 8, column : column + 8] = True
        values[truth] += 5.0
        verdict = verdict_of([localization_map("cov_bad", values)], made, picture_size=PICTURE)
        large = np.kron(truth, np.ones((4, 4), np.bool_))
        overlap = (verdict.mask & large).sum() / (verdict.mask | large).sum()
        hit += verdict.found and verdict.p == pytest.approx(1 / 61) and overlap > 0.5
    assert hit >= 19


def test_fresh_ordinary_pictures_are_rarely_beyond() -> None:
    rng = np.random.default_rng(8)
    made = controls_of({kind: fields(100, rng) for kind in KINDS})
    verdicts = [
        verdict_of(
            [localization_map(kind, fields(1, rng)[0]) for kind in KINDS],
            made,
            picture_size=PICTURE,
        )
        for _ in range(100)
    ]
    found = sum(verdict.found for verdict in verdicts)
    assert binomtest(found, 100, 0.05, alternative="greater").pvalue > 0.01
    assert all(verdict.p > 0.05 for verdict in verdicts if not verdict.found)
    assert all(not verdict.mask.any() for verdict in verdicts if not verdict.found)


def test_a_mask_drawn_anywhere_on_an_ordinary_picture_has_uniform_p() -> None:
    worlds, ps = 400, []
    for world in range(worlds):
        rng = np.random.default_rng([23, world])
        maps = fields(40, rng)
        mask = np.zeros(PICTURE, np.bool_)
        row, column, height, width = rng.integers(1, 40, 4)
        mask[row : row + height, column : column + width] = True
        weights = weights_on_grid(mask, (8, 8))
        means = [float((weights * cell_means(each, (8, 8))).sum()) for each in maps]
        # As the test reads it off the picture's own map.
        whole = float((spread(weights, GRID) * maps[-1]).sum())
        assert whole == pytest.approx(means[-1], abs=1e-5)
        ps.append(p_by_rank(whole, np.array(means[:-1])))
    for level in (0.05, 0.1, 0.25, 0.5):
        count = int(np.count_nonzero(np.array(ps) <= level))
        assert binomtest(count, worlds, level).pvalue > 0.002, (level, count / worlds)


def test_several_kinds_cost_a_family_price() -> None:
    """With K kinds, K of N pictures lead in one kind each: none of them is 1 in N."""
    count = 59
    masses = {kind: np.zeros(count, np.float32) for kind in KINDS}
    for place, kind in enumerate(KINDS):
        masses[kind][:] = np.roll(np.arange(count, dtype=np.float32), place * 20)
    family = Family(masses)
    nothing = dict.fromkeys(KINDS, 0.0)
    beyond = family.p("cov", 1e3, {**nothing, "cov": 1e3})
    # Two controls lead in the kinds that the picture does not.
    assert beyond == pytest.approx(3 / 60)
    everywhere = family.p("cov", 1e3, dict.fromkeys(KINDS, 1e3))
    assert everywhere == pytest.approx(1 / 60)
    assert Family({"cov": masses["cov"]}).p("cov", 1e3, {"cov": 1e3}) == pytest.approx(1 / 60)


def test_a_region_is_not_carried_by_another_kinds_find() -> None:
    rng = np.random.default_rng(4)
    family = Family({kind: rng.gamma(2.0, 2.0, 99).astype(np.float32) for kind in KINDS[:2]})
    middle = float(np.median(family.masses["cov_bad"]))
    p = family.p("cov_bad", middle, {"cov_bad": middle, "score_diff_bad": 1e6})
    assert p > 0.4


def test_left_one_out_rates_of_one_kind_are_what_ranks_allow() -> None:
    made = controls_of({"cov_bad": fields(40, np.random.default_rng(9))})
    at_five, at_one = left_one_out(made, ("cov_bad",), STEP)
    assert (at_five.found, at_five.pictures, at_five.fresh) == (2, 40, False)
    assert (at_one.found, at_one.low) == (0, 0.0)
    assert at_five.low < at_five.rate < at_five.high


def test_fresh_rates_are_counted() -> None:
    rng = np.random.default_rng(10)
    made = controls_of({"cov_bad": fields(40, rng)})

    class _Part:
        def __init__(self, maps: object) -> None:
            self.maps = maps

    ordinary = [_Part({("cov_bad", STEP): each}) for each in fields(10, rng)]
    beyond = [_Part({("cov_bad", STEP): each + 50.0}) for each in fields(10, rng)]
    at_five, _ = fresh(made, [*ordinary, *beyond], ("cov_bad",), STEP)  # type: ignore[list-item]
    assert 10 <= at_five.found <= 13 and at_five.fresh
    assert at_five.pictures == 20
