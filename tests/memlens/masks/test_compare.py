"""Comparing and combining masks, against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from memlens.errors import MaskError
from memlens.masks.compare import compare_masks
from memlens.masks.consensus import consensus
from memlens.masks.named_mask import BoolArray

_masks = arrays.arrays(np.bool_, (7, 9))


def test_the_numbers_of_two_masks() -> None:
    a, b = np.zeros((2, 10, 10), dtype=np.bool_)
    a[2:6, 2:6] = True
    b[2:6, 4:9] = True
    found = compare_masks(a, b)
    assert (found.agree, found.only_a, found.only_b) == (8, 8, 12)
    assert found.iou == pytest.approx(8 / 28)
    assert found.dice == pytest.approx(16 / 36)
    # Observed .8; by chance .16·.2 + .84·.8 = .704.
    assert found.kappa == pytest.approx((0.8 - 0.704) / (1 - 0.704))
    # From a to b at most 2 columns, from b to a at most 3 (a fourth of b's outline).
    assert found.hausdorff95 == pytest.approx(3)


def test_one_stray_pixel_does_not_make_the_distance() -> None:
    a = np.zeros((60, 60), dtype=np.bool_)
    a[10:40, 10:40] = True
    b = a.copy()
    b[55, 55] = True
    assert compare_masks(a, b).hausdorff95 == 0


def test_empty_and_full_masks() -> None:
    empty, full = np.zeros((4, 4), dtype=np.bool_), np.ones((4, 4), dtype=np.bool_)
    both = compare_masks(empty, empty)
    assert (both.iou, both.dice, both.hausdorff95) == (1, 1, 0)
    assert math.isnan(both.kappa)
    one = compare_masks(empty, full)
    assert (one.iou, one.dice, one.kappa) == (0, 0, 0)
    assert math.isnan(one.hausdorff95)
    assert math.isnan(compare_masks(full, full).kappa)


def test_masks_of_two_sizes_are_refused() -> None:
    with pytest.raises(MaskError):
        compare_masks(np.zeros((2, 3), dtype=np.bool_), np.zeros((3, 2), dtype=np.bool_))
    with pytest.raises(MaskError):
        consensus([np.zeros((2, 3), dtype=np.bool_), np.zeros((3, 2), dtype=np.bool_)], "union")


@given(a=_masks, b=_masks)
def test_comparing_does_not_depend_on_the_order(a: BoolArray, b: BoolArray) -> None:
    one, other = compare_masks(a, b), compare_masks(b, a)
    assert (one.agree, one.only_a, one.only_b) == (other.agree, other.only_b, other.only_a)
    for name in ("iou", "dice", "kappa", "hausdorff95"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True)


@given(a=_masks)
def test_a_mask_agrees_with_itself(a: BoolArray) -> None:
    same = compare_masks(a, a)
    assert (same.iou, same.dice, same.hausdorff95) == (1, 1, 0)
    assert same.kappa == (1 if 0 < a.sum() < a.size else pytest.approx(math.nan, nan_ok=True))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("majority", "0001"), ("intersection", "0001"), ("union", "0111")],
)
def test_a_consensus_of_two(rule: str, expected: str) -> None:
    masks = [np.array([[False, False, True, True]]), np.array([[False, True, False, True]])]
    assert consensus(masks, rule).tolist() == [[mark == "1" for mark in expected]]


@given(masks=st.lists(_masks, min_size=1, max_size=6))
def test_a_consensus_counts_the_votes(masks: list[BoolArray]) -> None:
    votes = np.sum(masks, axis=0)
    assert (consensus(masks, "majority") == (2 * votes > len(masks))).all()
    assert (consensus(masks, "intersection") == (votes == len(masks))).all()
    assert (consensus(masks, "union") == (votes > 0)).all()


def test_a_consensus_of_nothing_or_by_another_rule_is_refused() -> None:
    with pytest.raises(MaskError):
        consensus([], "union")
    with pytest.raises(MaskError):
        consensus([np.zeros((1, 1), dtype=np.bool_)], "staple")
