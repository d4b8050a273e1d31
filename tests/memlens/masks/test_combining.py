from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.errors import MaskError
from memlens.masks.annotators import first_annotators, possible_annotators
from memlens.masks.combining import Combination, combined, combined_name
from memlens.masks.kinds import KINDS
from memlens.masks.mask_list import MaskEntry
from memlens.masks.regions import area_of

_sets = st.lists(st.frozensets(st.integers(0, 11)), min_size=2, max_size=5)


def raster(places: frozenset[int]) -> np.ndarray:
    return np.isin(np.arange(12).reshape(3, 4), list(places))


@given(sets=_sets)
def test_combinations_are_those_of_sets(sets: list[frozenset[int]]) -> None:
    masks = [raster(places) for places in sets]
    for how, expected in (
        (Combination.MERGE, frozenset.union(*sets)),
        (Combination.INTERSECT, frozenset.intersection(*sets)),
        (Combination.SUBTRACT, sets[0].difference(*sets[1:])),
    ):
        assert np.array_equal(combined(masks, how), raster(expected))
    assert all(np.array_equal(mask, raster(s)) for mask, s in zip(masks, sets, strict=True))


def test_one_mask_or_two_sizes_are_refused() -> None:
    with pytest.raises(MaskError, match="two masks"):
        combined([raster(frozenset())], Combination.MERGE)
    with pytest.raises(MaskError, match="one size"):
        combined([np.zeros((2, 3), bool), np.zeros((3, 2), bool)], Combination.MERGE)


def test_names_say_what_was_combined() -> None:
    assert combined_name(["a", "b", "c"], Combination.MERGE) == "a ∪ b ∪ c"
    assert combined_name(["a", "b"], Combination.INTERSECT) == "a ∩ b"
    assert combined_name(["a", "b"], Combination.SUBTRACT) == "a − b"
    assert len(combined_name(["x" * 150, "y" * 150], Combination.MERGE)) == 200


def entries(*kinds: str) -> list[MaskEntry]:
    # Named as a consensus and a ground truth: names say nothing.
    return [
        MaskEntry(n, ("Consensus (union)", "ground truth")[n % 2], kind)
        for n, kind in enumerate(kinds, 1)
    ]


def test_neither_ground_truth_nor_a_consensus_votes() -> None:
    everyone = entries(*KINDS)
    kinds = {entry.id: entry.kind for entry in everyone}
    voting = {kinds[mask] for mask in possible_annotators(everyone)}
    assert voting == {"drawn", "annotator", "imported", "found"}


def test_who_votes_at_first() -> None:
    some = entries("drawn", "annotator", "annotator", "found", "imported", "ground truth")
    assert first_annotators(some) == (2, 3)
    assert first_annotators(some, {1, 4}) == (1, 4)
    assert first_annotators(some, {1, 6}) == (2, 3)
    assert first_annotators(entries("drawn", "annotator", "found", "imported")) == (1, 2, 4)


@given(
    box=st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)),
    large=st.booleans(),
)
def test_where_a_mask_lies(box: tuple[int, int, int, int], large: bool) -> None:
    top, left, bottom, right = box
    mask = np.zeros((8, 10), bool)
    mask[top:bottom, left:right] = True
    found = area_of(mask)
    if not mask.any():
        assert found is None
    else:
        expected = (left / 10, top / 8, (right - left) / 10, (bottom - top) / 8)
        assert found == pytest.approx(expected)


def test_a_speck_on_a_large_picture_is_not_passed_over() -> None:
    mask = np.zeros((4096, 4096), bool)
    mask[1001, 2047] = True
    assert area_of(mask) == (2047 / 4096, 1001 / 4096, 1 / 4096, 1 / 4096)
