"""One mask out of several annotators' masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray

Rule = Literal["majority", "intersection", "union"]


def consensus(masks: Sequence[BoolArray], rule: str) -> BoolArray:
    """Combine masks of one size, (height, width) each.

    Parameters
    ----------
    masks
        At least one.
    rule
        "majority" (more than half of the masks), "intersection" (all) or "union" (any).

    Raises
    ------
    MaskError
        If there is no mask, they differ in size, or the rule is another.
    """
    if rule not in get_args(Rule):
        raise MaskError(f"A consensus is {', '.join(get_args(Rule))}, not {rule!r}.")
    if not masks:
        raise MaskError("A consensus needs at least one mask.")
    if len({mask.shape for mask in masks}) > 1:
        raise MaskError("A consensus needs masks of one size.")
    votes = np.zeros(masks[0].shape, dtype=np.uint16)
    for mask in masks:
        votes += mask
    needed = {"majority": len(masks) // 2 + 1, "intersection": len(masks), "union": 1}[rule]
    found: BoolArray = votes >= needed
    return found
