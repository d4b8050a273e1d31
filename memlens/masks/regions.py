"""Regions of a mask: pixels that are joined by their sides."""

from __future__ import annotations

from typing import cast

import numpy as np

from memlens.masks.named_mask import BoolArray
from memlens.masks.shapes import Region

_FIRST_WINDOW = 256


def region_at(pixels: BoolArray, row: int, column: int) -> Region:
    """Find the area of equal pixels around one of them.

    Looks at a window around it, and at a larger one as long as the area reaches the edge.
    """
    height, width = pixels.shape
    reach = _FIRST_WINDOW // 2
    while True:
        top, left = max(0, row - reach), max(0, column - reach)
        bottom, right = min(height, row + reach), min(width, column + reach)
        window = pixels[top:bottom, left:right]
        labels, _ = _labelled(window == pixels[row, column])
        found = cast("BoolArray", labels == labels[row - top, column - left])
        cut = (
            (top > 0 and found[0].any())
            or (left > 0 and found[:, 0].any())
            or (bottom < height and found[-1].any())
            or (right < width and found[:, -1].any())
        )
        if not cut:
            return Region(top, left, found)
        reach *= 4


def area_of(pixels: BoolArray) -> tuple[float, float, float, float] | None:
    """Return where a mask lies: left, top, width and height in shares of the picture.

    Of masks beyond 2,048 pixels a side some rows and columns are passed over, unless nothing is
    found so. None for an empty mask.
    """
    height, width = pixels.shape
    stride = max(1, max(height, width) // 2048)
    for apart in dict.fromkeys((stride, 1)):
        seen = pixels[::apart, ::apart]
        rows = np.flatnonzero(seen.any(axis=1))
        if rows.size:
            columns = np.flatnonzero(seen[rows[0] : rows[-1] + 1].any(axis=0))
            left, right = int(columns[0]) * apart, min(width, (int(columns[-1]) + 1) * apart)
            top, bottom = int(rows[0]) * apart, min(height, (int(rows[-1]) + 1) * apart)
            return left / width, top / height, (right - left) / width, (bottom - top) / height
    return None


def largest_region(pixels: BoolArray) -> BoolArray:
    """Keep the largest region; the first, row by row, of several as large."""
    labels, count = _labelled(pixels)
    if count < 2:
        return pixels
    areas = _areas(labels, count)
    return cast("BoolArray", labels == 1 + int(areas[1:].argmax()))


def without_small_regions(pixels: BoolArray, minimum_area: int) -> BoolArray:
    """Drop the regions of fewer than `minimum_area` pixels."""
    labels, count = _labelled(pixels)
    kept = _areas(labels, count) >= minimum_area
    kept[0] = False
    return cast("BoolArray", kept[labels])


def _labelled(pixels: BoolArray) -> tuple[np.ndarray, int]:
    # Half the time of opening the window would go into importing this.
    from scipy import ndimage

    labels, count = ndimage.label(pixels)
    return labels, count


def _areas(labels: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(labels.ravel(), minlength=count + 1)
