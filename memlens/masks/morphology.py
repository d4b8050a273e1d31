"""Growing, shrinking and smoothing a mask."""

from __future__ import annotations

import math

import numpy as np

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray

MAX_DISTANCE = 200


def grown(pixels: BoolArray, distance: int) -> BoolArray:
    """Return the pixels within `distance` of a true one, between centres.

    Exact: first along columns, then along rows, as a Euclidean distance separates.

    Raises
    ------
    MaskError
        If the distance is not 1 to 200.
    """
    check_distance(distance)
    height, width = pixels.shape
    # How many rows away the nearest true pixel of the column is; distance + 1 if farther.
    away = np.where(pixels, np.uint8(0), np.uint8(distance + 1))
    for rows in range(1, min(distance, height - 1) + 1):
        near = np.where(pixels, np.uint8(rows), np.uint8(distance + 1))
        np.minimum(away[rows:], near[:-rows], out=away[rows:])
        np.minimum(away[:-rows], near[rows:], out=away[:-rows])
    result: BoolArray = away == 0
    for columns in range(min(distance, width - 1) + 1):
        within = away <= math.isqrt(distance * distance - columns * columns)
        result[:, columns:] |= within[:, : width - columns]
        result[:, : width - columns] |= within[:, columns:]
    return result


def smoothed(pixels: BoolArray, radius: int) -> BoolArray:
    """Return what most of the (2·radius + 1)² pixels around each are; the border is repeated.

    Raises
    ------
    MaskError
        If the radius is not 1 to 200.
    """
    check_distance(radius)
    side = 2 * radius + 1
    counts = np.pad(pixels, radius, mode="edge").astype(np.int32)
    for axis in (0, 1):
        sums = np.cumsum(counts, axis=axis, dtype=np.int32)
        sums = np.insert(sums, 0, 0, axis=axis)
        size = sums.shape[axis]
        ahead = sums.take(range(side, size), axis=axis)
        counts = ahead - sums.take(range(size - side), axis=axis)
    majority: BoolArray = counts > side * side // 2
    return majority


def check_distance(distance: int) -> None:
    """Raise MaskError if a distance in pixels is not 1 to 200."""
    if not 1 <= distance <= MAX_DISTANCE:
        raise MaskError(f"Choose a distance of 1 to {MAX_DISTANCE} pixels, not {distance}.")
