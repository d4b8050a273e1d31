"""From an edit to the pixels that it flips; looks only at the box that the edit can reach."""

from __future__ import annotations

import math

import numpy as np

from memlens.errors import MaskError
from memlens.masks.edits import (
    Clear,
    DropSmall,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    Paint,
    PaintRegion,
    PixelEdit,
    ReplacePixels,
    Shrink,
    Smooth,
    Wand,
)
from memlens.masks.morphology import check_distance, grown, smoothed
from memlens.masks.named_mask import BoolArray
from memlens.masks.regions import largest_region, region_at, without_small_regions
from memlens.masks.shapes import Region, rasterize
from memlens.masks.wand import similar_region


def flips_of(edit: PixelEdit, pixels: BoolArray) -> Region:
    """Return the pixels of a mask that an edit flips.

    Parameters
    ----------
    edit
        What to do.
    pixels
        The mask, (height, width); not changed.

    Raises
    ------
    MaskError
        If the edit does not fit the mask or has a value out of range.
    """
    if isinstance(edit, Paint):
        return _towards(edit.add, rasterize(edit.shape, pixels.shape), pixels)
    if isinstance(edit, Fill):
        return _fill(edit, pixels)
    if isinstance(edit, Wand):
        if edit.picture.shape[:2] != pixels.shape:
            raise MaskError("The picture is not as large as the mask.")
        found = similar_region(edit.picture, edit.x, edit.y, edit.tolerance)
        return _towards(edit.add, found, pixels)
    if isinstance(edit, PaintRegion):
        _check_inside(edit.region, pixels)
        return _towards(edit.add, edit.region, pixels)
    if isinstance(edit, Invert):
        return Region(0, 0, np.ones_like(pixels))
    if isinstance(edit, ReplacePixels):
        if edit.pixels.shape != pixels.shape or edit.pixels.dtype != np.bool_:
            height, width = pixels.shape
            raise MaskError(
                f"The new pixels are {edit.pixels.dtype} of shape {edit.pixels.shape}; "
                f"the picture has {width}×{height}."
            )
        return Region(0, 0, pixels ^ edit.pixels)
    return _reshape(edit, pixels)


def _reshape(
    edit: Clear | Grow | Shrink | Smooth | LargestRegion | DropSmall, pixels: BoolArray
) -> Region:
    if isinstance(edit, Grow):
        check_distance(edit.pixels)
        top, left, window = _around(pixels, edit.pixels)
        return Region(top, left, window ^ grown(window, edit.pixels) if window.size else window)
    if isinstance(edit, Shrink):
        check_distance(edit.pixels)
        outside = ~pixels
        top, left, window = _around(outside, edit.pixels)
        return Region(top, left, window ^ grown(window, edit.pixels) if window.size else window)
    if isinstance(edit, Smooth):
        check_distance(edit.radius)
        # The smoothed window repeats its border, which is right only at the picture's own.
        top, left, window = _around(pixels, 2 * edit.radius)
        return Region(top, left, window ^ smoothed(window, edit.radius) if window.size else window)
    top, left, window = _around(pixels, 1)
    if isinstance(edit, LargestRegion):
        return Region(top, left, window ^ largest_region(window))
    if isinstance(edit, DropSmall):
        return Region(top, left, window ^ without_small_regions(window, edit.minimum_area))
    return Region(top, left, window)


def _fill(edit: Fill, pixels: BoolArray) -> Region:
    height, width = pixels.shape
    if not (0 <= edit.x < width and 0 <= edit.y < height):
        return Region(0, 0, np.zeros((0, 0), dtype=np.bool_))
    row, column = math.floor(edit.y), math.floor(edit.x)
    if bool(pixels[row, column]) == edit.add:
        return Region(0, 0, np.zeros((0, 0), dtype=np.bool_))
    return region_at(pixels, row, column)


def _check_inside(region: Region, pixels: BoolArray) -> None:
    height, width = region.pixels.shape
    bottom, right = region.top + height, region.left + width
    within = region.top >= 0 and region.left >= 0
    if not (within and bottom <= pixels.shape[0] and right <= pixels.shape[1]):
        raise MaskError("The pixels to change reach beyond the picture.")


def _towards(add: bool, region: Region, pixels: BoolArray) -> Region:
    height, width = region.pixels.shape
    now = pixels[region.top : region.top + height, region.left : region.left + width]
    flips = region.pixels & ~now if add else region.pixels & now
    return Region(region.top, region.left, flips)


def _around(pixels: BoolArray, margin: int) -> tuple[int, int, BoolArray]:
    """Return the box around the true pixels and a margin, cut to the picture."""
    rows = np.flatnonzero(pixels.any(axis=1))
    if not rows.size:
        return 0, 0, pixels[:0, :0]
    columns = np.flatnonzero(pixels[rows[0] : rows[-1] + 1].any(axis=0))
    top, left = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
    bottom, right = int(rows[-1]) + 1 + margin, int(columns[-1]) + 1 + margin
    return top, left, pixels[top:bottom, left:right]
