"""Two masks of one picture compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskComparison:
    """How far two masks agree.

    Attributes
    ----------
    iou, dice
        0..1; 1 when both are empty.
    kappa
        Cohen's κ over all pixels, −1..1: agreement beyond chance. NaN when chance alone
        explains everything (both empty, or both full).
    hausdorff95
        95 % Hausdorff distance between the outlines, in pixels: the larger of the two
        directions' 95th percentiles. NaN when one mask is empty, 0 when both are.
    agree, only_a, only_b
        Pixels in both masks, and in one of them only.
    """

    iou: float
    dice: float
    kappa: float
    hausdorff95: float
    agree: int
    only_a: int
    only_b: int


def compare_masks(a: BoolArray, b: BoolArray) -> MaskComparison:
    """Compare two masks, (height, width) each.

    Raises
    ------
    MaskError
        If they differ in size.
    """
    if a.shape != b.shape or a.ndim != 2:
        raise MaskError(f"Masks of shape {a.shape} and {b.shape} cannot be compared.")
    agree = int(np.count_nonzero(a & b))
    only_a = int(np.count_nonzero(a)) - agree
    only_b = int(np.count_nonzero(b)) - agree
    union = agree + only_a + only_b
    return MaskComparison(
        iou=agree / union if union else 1.0,
        dice=2 * agree / (union + agree) if union else 1.0,
        kappa=kappa_of(agree, only_a, only_b, a.size),
        hausdorff95=_hausdorff95(a, b),
        agree=agree,
        only_a=only_a,
        only_b=only_b,
    )


def kappa_of(agree: int, only_a: int, only_b: int, pixels: int) -> float:
    """Return Cohen's κ from counts of pixels; NaN where chance explains everything."""
    if not pixels:
        return math.nan
    observed = (pixels - only_a - only_b) / pixels
    share_a, share_b = (agree + only_a) / pixels, (agree + only_b) / pixels
    chance = share_a * share_b + (1 - share_a) * (1 - share_b)
    return (observed - chance) / (1 - chance) if chance < 1 else math.nan


def _hausdorff95(a: BoolArray, b: BoolArray) -> float:
    if not (a.any() and b.any()):
        return math.nan if a.any() or b.any() else 0.0
    union = a | b
    rows, columns = np.flatnonzero(union.any(axis=1)), np.flatnonzero(union.any(axis=0))
    # Both outlines lie within this box, so the distances are the same as in the whole picture.
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    outline_a, outline_b = _outline(a[box]), _outline(b[box])
    return max(_directed(outline_a, outline_b), _directed(outline_b, outline_a))


def _outline(mask: BoolArray) -> BoolArray:
    # Imported here: a quarter of the time of opening the window would go into it.
    from scipy import ndimage

    outline: BoolArray = mask & ~ndimage.binary_erosion(mask)
    return outline


def _directed(start: BoolArray, end: BoolArray) -> float:
    from scipy import ndimage

    return float(np.percentile(ndimage.distance_transform_edt(~end)[start], 95))
