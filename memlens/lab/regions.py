"""The regions of the lab's templates, and the film strip that no ground truth contains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memlens.lab.recipe import PICTURE_SIZE, STRIP_HEIGHT

Mask = NDArray[np.bool_]

REGIONS = (
    "left half",
    "right half",
    "wide frame",
    "narrow frame",
    "middle disc",
    "left disc",
    "level band",
    "slanted band",
)


def film_strip() -> Mask:
    """Return the mask of the film strip along the bottom."""
    mask = np.zeros((PICTURE_SIZE, PICTURE_SIZE), dtype=bool)
    mask[-STRIP_HEIGHT:] = True
    return mask


def region(name: str) -> Mask:
    """Return the mask of one of `REGIONS`, without the film strip.

    Straight edges sit on multiples of four pixels, the size of one latent coordinate.
    """
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE] + 0.5
    floor = PICTURE_SIZE - STRIP_HEIGHT
    middle = floor / 2
    shapes: dict[str, Mask] = {
        "left half": column < 64,
        "right half": column > 64,
        "wide frame": _frame(row, column, 24, floor),
        "narrow frame": _frame(row, column, 20, floor),
        "middle disc": np.hypot(row - middle, column - 64) < 48,
        "left disc": np.hypot(row - middle, column - 50) < 46,
        "level band": (row > 28) & (row < 84),
        "slanted band": np.abs((row - middle) * 0.8 + (column - 64) * 0.6) < 28,
    }
    mask: Mask = shapes[name] & ~film_strip()
    return mask


def _frame(row: NDArray[np.float64], column: NDArray[np.float64], width: int, floor: int) -> Mask:
    inside = (
        (row > width) & (row < floor - width) & (column > width) & (column < PICTURE_SIZE - width)
    )
    return ~inside
