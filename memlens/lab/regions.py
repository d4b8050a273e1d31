"""The regions of the lab's templates and textures, and the film strip of every picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memlens.lab.recipe import PICTURE_SIZE, STRIP_HEIGHT

Mask = NDArray[np.bool_]

REGIONS = (
    "left half",
    "wide frame",
    "middle disc",
    "level band",
    "corner patch",
    "two patches",
    "slanted band",
    "right disc",
)
_FLOOR = PICTURE_SIZE - STRIP_HEIGHT


def film_strip() -> Mask:
    """Return the mask of the film strip along the bottom."""
    mask = np.zeros((PICTURE_SIZE, PICTURE_SIZE), dtype=bool)
    mask[-STRIP_HEIGHT:] = True
    return mask


def region(name: str) -> Mask:
    """Return the mask of one of `REGIONS`, without the film strip.

    Straight edges sit on multiples of four pixels, the size of one latent coordinate.
    """
    middle = _FLOOR / 2
    shapes: dict[str, Mask] = {
        "left half": _box(0, 0, _FLOOR, 64),
        "wide frame": _frame(24),
        "middle disc": _disc(middle, 64, 44),
        "level band": _box(28, 0, 84, PICTURE_SIZE),
        "corner patch": _box(12, 84, 40, 116),
        "two patches": _box(12, 12, 52, 48) | _box(60, 72, 100, 112),
        "slanted band": _band(0.8, 0.6, 28),
        "right disc": _disc(middle, 80, 40),
    }
    return shapes[name] & ~film_strip()


def random_region(rng: np.random.Generator) -> Mask:
    """Return a region of any of the templates' shapes, at a random place and size."""
    shape = rng.integers(6)
    if shape == 0:
        cut = int(rng.integers(40, 88))
        halves = (_box(0, 0, _FLOOR, cut), _box(0, cut, _FLOOR, 128), _box(0, 0, cut, 128))
        mask = halves[rng.integers(3)]
    elif shape == 1:
        mask = _frame(int(rng.integers(14, 34)))
    elif shape == 2:
        mask = _disc(rng.uniform(30, 82), rng.uniform(30, 98), rng.uniform(26, 50))
    elif shape == 3:
        angle = rng.uniform(0, np.pi)
        mask = _band(np.sin(angle), np.cos(angle), rng.uniform(16, 32))
    elif shape == 4:
        mask = _patch(rng)
    else:
        mask = _patch(rng) | _patch(rng)
    return mask & ~film_strip()


def _places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE] + 0.5
    return row, column


def _box(top: int, left: int, bottom: int, right: int) -> Mask:
    mask = np.zeros((PICTURE_SIZE, PICTURE_SIZE), dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def _patch(rng: np.random.Generator) -> Mask:
    height, width = (int(side) for side in rng.integers(24, 52, size=2))
    top, left = int(rng.integers(0, _FLOOR - height)), int(rng.integers(0, 128 - width))
    return _box(top, left, top + height, left + width)


def _frame(width: int) -> Mask:
    return ~_box(width, width, _FLOOR - width, PICTURE_SIZE - width)


def _disc(row: float, column: float, radius: float) -> Mask:
    rows, columns = _places()
    mask: Mask = np.hypot(rows - row, columns - column) < radius
    return mask


def _band(down: float, across: float, half_width: float) -> Mask:
    rows, columns = _places()
    mask: Mask = np.abs((rows - _FLOOR / 2) * down + (columns - 64) * across) < half_width
    return mask
