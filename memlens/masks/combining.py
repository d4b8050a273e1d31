"""One mask out of several by set algebra: merge, intersect, subtract."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import reduce

import numpy as np

from memlens.errors import MaskError
from memlens.masks.named_mask import MAX_NAME, BoolArray


class Combination(StrEnum):
    """How masks are combined."""

    MERGE = "merge"
    INTERSECT = "intersect"
    SUBTRACT = "subtract"


_SIGNS = {Combination.MERGE: "∪", Combination.INTERSECT: "∩", Combination.SUBTRACT: "−"}


def combined(masks: Sequence[BoolArray], how: Combination) -> BoolArray:
    """Combine masks of one size, (height, width) each.

    Parameters
    ----------
    masks
        At least two.
    how
        What is in any of them, in all of them, or in the first and in no other.

    Raises
    ------
    MaskError
        If there are fewer than two, or they differ in size.
    """
    if len(masks) < 2:
        raise MaskError("Combining needs two masks or more.")
    if len({mask.shape for mask in masks}) > 1:
        raise MaskError("Combining needs masks of one size.")
    first, *others = masks
    if how is Combination.INTERSECT:
        return reduce(np.logical_and, others, first)
    joined = reduce(np.logical_or, others)
    return first & ~joined if how is Combination.SUBTRACT else first | joined


def combined_name(names: Sequence[str], how: Combination) -> str:
    """Return what a combination is called: "A ∪ B"; shortened to what a mask may be called."""
    sign = f" {_SIGNS[how]} "
    whole = sign.join(names)
    return whole if len(whole) <= MAX_NAME else f"{whole[: MAX_NAME - 1].rstrip()}…"
