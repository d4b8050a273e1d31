"""The magic wand: the area around a pixel whose colours hardly differ from that pixel's."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray
from memlens.masks.regions import region_at
from memlens.masks.shapes import Region

Picture = NDArray[np.uint8]

# Of opposite corners of the colour cube, as `colour_distance` measures it.
MAX_TOLERANCE = 255.0


def colour_distance(picture: Picture, row: int, column: int) -> NDArray[np.float32]:
    """Return how far every colour is from that of one pixel, (height, width), 0..255.

    The root mean square over red, green and blue of the differences in sRGB levels, so that one
    level in every channel is a distance of 1.

    Parameters
    ----------
    picture
        (height, width, 3), uint8.
    row, column
        Of the pixel.
    """
    differs = picture.astype(np.float32) - picture[row, column].astype(np.float32)
    squares: NDArray[np.float32] = np.einsum("hwc,hwc->hw", differs, differs)
    distance: NDArray[np.float32] = np.sqrt(squares / np.float32(3))
    return distance


def similar_region(picture: Picture, x: float, y: float, tolerance: float) -> Region:
    """Return the pixels joined by their sides to that at (x, y) and within a tolerance of it.

    Parameters
    ----------
    picture
        (height, width, 3), uint8.
    x, y
        A point in pixels; outside the picture nothing is found.
    tolerance
        Largest `colour_distance` from the pixel under the point, 0..255.

    Raises
    ------
    MaskError
        If the tolerance is out of range.
    """
    if not 0 <= tolerance <= MAX_TOLERANCE:
        raise MaskError(f"A tolerance is 0 to {MAX_TOLERANCE:.0f}, not {tolerance}.")
    height, width = picture.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        return Region(0, 0, np.zeros((0, 0), dtype=np.bool_))
    row, column = math.floor(y), math.floor(x)
    near: BoolArray = colour_distance(picture, row, column) <= tolerance
    return region_at(near, row, column)


def wand_mask(picture: Picture, x: float, y: float, tolerance: float) -> BoolArray:
    """Return what `similar_region` finds as a mask of the whole picture, (height, width)."""
    found = similar_region(picture, x, y, tolerance)
    height, width = found.pixels.shape
    mask = np.zeros(picture.shape[:2], dtype=np.bool_)
    mask[found.top : found.top + height, found.left : found.left + width] = found.pixels
    return mask
