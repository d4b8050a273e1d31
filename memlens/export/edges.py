"""The exact edge of a mask, along the sides of its pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Segment = tuple[tuple[float, float], tuple[float, float]]


def edge_segments(mask: NDArray[np.bool_]) -> list[Segment]:
    """Return straight pieces ((x0, y0), (x1, y1)) between inside and outside.

    Pixel (r, c) covers [c, c+1)×[r, r+1); the picture's border is an edge where the mask
    touches it. Neighbouring sides in a line are one piece.
    """
    padded = np.pad(mask, 1)
    across = padded[1:, 1:-1] != padded[:-1, 1:-1]
    down = padded[1:-1, 1:] != padded[1:-1, :-1]
    level = [((x0, y), (x1, y)) for y, x0, x1 in _runs(across)]
    upright = [((x, y0), (x, y1)) for x, y0, y1 in _runs(down.T)]
    return level + upright


def _runs(sides: NDArray[np.bool_]) -> list[tuple[float, float, float]]:
    """Return (row, first, end) of each run of True along the rows."""
    steps = np.diff(np.pad(sides.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return [
        (float(row), float(start), float(end))
        for row, start, end in zip(rows, starts, ends, strict=True)
    ]


def edge_pixels(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of a mask, (height, width), that have a neighbour outside; by sides."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def corner_of(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """Return row and column of the leftmost pixel in the first row of a mask that has any."""
    row = int(np.flatnonzero(mask.any(axis=1))[0])
    return row, int(np.flatnonzero(mask[row])[0])
