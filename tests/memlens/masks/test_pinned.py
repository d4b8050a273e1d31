from __future__ import annotations

import numpy as np
import pytest

from memlens.masks.named_mask import NamedMask
from memlens.masks.pinned import pinned_in_view, pinned_place


def named(name: str, kind: str = "ground truth") -> NamedMask:
    return NamedMask(name=name, kind=kind, pixels=np.zeros((4, 4), bool))


def test_without_a_view_it_is_the_ground_truth() -> None:
    masks = (named("above .3", "found"), named("Mask 1"), named("ground truth"))
    assert pinned_place(masks) == 2
    assert pinned_place(masks[:2]) == 1
    assert pinned_place(masks[:1]) == 0
    assert pinned_place(()) is None
    assert pinned_place((named("ground truth", "found"), named("Mask 1"))) == 1


def test_a_view_brings_back_the_one_it_was_kept_with() -> None:
    masks = (named("ground truth"), named("twin"), named("twin"))
    for place in range(3):
        assert pinned_place(masks, pinned_in_view(masks, place)) == place
    assert pinned_place(masks, pinned_in_view(masks, None)) == 0


def test_a_view_of_other_masks_goes_by_the_name() -> None:
    kept = pinned_in_view((named("mine"), named("yours")), 1)
    assert pinned_place((named("yours"), named("mine")), kept) == 0
    assert pinned_place((named("mine"), named("ground truth")), kept) == 1


@pytest.mark.parametrize("place", [-1, 2, "0", True, None, 0.5])
def test_a_damaged_view_is_no_view(place: object) -> None:
    masks = (named("mine"), named("ground truth"))
    assert pinned_place(masks, {"pinned_mask": place, "pinned_mask_name": 3}) == 1
