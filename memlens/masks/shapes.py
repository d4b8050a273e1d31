"""Shapes drawn by hand, and the pixels that they cover.

Picture coordinates: x to the right, y down, in pixels; pixel (r, c) covers [c, c+1)×[r, r+1).
A shape covers a pixel when the pixel's centre (c + ½, r + ½) is inside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray

Point = tuple[float, float]

MAX_COORDINATE = 1e6


@dataclass(frozen=True, slots=True)
class Stroke:
    """A round brush swept along points; its edge belongs to it.

    Attributes
    ----------
    points
        (x, y) of the brush's centre; one point makes a dot.
    radius
        In pixels; above 0.
    """

    points: tuple[Point, ...]
    radius: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline, filled by the even-odd rule: a polygon or a lasso.

    Attributes
    ----------
    points
        (x, y) of the corners; the last is joined to the first.
    """

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """The area [x0, x1)×[y0, y1), whichever corner comes first."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The ellipse inscribed in a rectangle, whichever corner comes first; with its edge."""

    x0: float
    y0: float
    x1: float
    y1: float


Shape = Stroke | Polygon | Rectangle | Ellipse


@dataclass(frozen=True, slots=True)
class Region:
    """Some pixels of a picture.

    Attributes
    ----------
    top, left
        Where the box of `pixels` begins.
    pixels
        (height, width), boolean; may be empty.
    """

    top: int
    left: int
    pixels: BoolArray


def rasterize(shape: Shape, size: tuple[int, int]) -> Region:
    """Find the pixels that a shape covers.

    Parameters
    ----------
    shape
        In picture coordinates; what lies outside the picture is cut off.
    size
        (height, width) of the picture.

    Raises
    ------
    MaskError
        If a coordinate is not finite or beyond ±1e6, or a radius is not above 0.
    """
    if isinstance(shape, Stroke):
        return _stroke(shape, size)
    if isinstance(shape, Polygon):
        return _polygon(shape, size)
    _check((shape.x0, shape.y0, shape.x1, shape.y1))
    x0, x1 = sorted((shape.x0, shape.x1))
    y0, y1 = sorted((shape.y0, shape.y1))
    top, left, bottom, right = _box(x0, y0, x1, y1, size)
    if isinstance(shape, Rectangle):
        rows = (y0 <= _centres(top, bottom)) & (_centres(top, bottom) < y1)
        columns = (x0 <= _centres(left, right)) & (_centres(left, right) < x1)
        return Region(top, left, rows[:, None] & columns)
    width, height = x1 - x0, y1 - y0
    if not (width > 0 and height > 0):
        return _nothing()
    across = (2 * _centres(left, right) - (x0 + x1)) / width
    down = (2 * _centres(top, bottom) - (y0 + y1)) / height
    return Region(top, left, (down * down)[:, None] + across * across <= 1)


def _stroke(stroke: Stroke, size: tuple[int, int]) -> Region:
    points = np.asarray(stroke.points, dtype=np.float64).reshape(-1, 2)
    _check((*points.ravel(), stroke.radius))
    if stroke.radius <= 0:
        raise MaskError(f"A brush needs a radius above 0, not {stroke.radius}.")
    if not len(points):
        return _nothing()
    r = stroke.radius
    (x0, y0), (x1, y1) = points.min(axis=0) - r, points.max(axis=0) + r
    top, left, bottom, right = _box(x0, y0, x1, y1, size)
    pixels = np.zeros((bottom - top, right - left), dtype=np.bool_)
    ends = points[1:] if len(points) > 1 else points
    for start, end in zip(points, ends, strict=False):
        _sweep(start, end, r, top, left, pixels)
    return Region(top, left, pixels)


def _sweep(
    start: np.ndarray, end: np.ndarray, radius: float, top: int, left: int, pixels: BoolArray
) -> None:
    # By bands of rows, so that a long slanted segment does not cost its whole bounding box.
    height, width = pixels.shape
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    first = max(0, math.floor(min(ay, by) - radius) - top)
    last = min(height, math.ceil(max(ay, by) + radius) - top)
    band = max(32, math.ceil(radius))
    for row in range(first, last, band):
        stop = min(last, row + band)
        near, far = ax, bx
        if dy:
            # The part of the segment within reach of these rows.
            ends = ((row + top - radius - ay) / dy, (stop + top + radius - ay) / dy)
            t0, t1 = (min(max(t, 0.0), 1.0) for t in ends)
            near, far = ax + t0 * dx, ax + t1 * dx
        begin = max(0, math.floor(min(near, far) - radius) - left)
        finish = min(width, math.ceil(max(near, far) + radius) - left)
        if begin >= finish:
            continue
        px = _centres(left + begin, left + finish) - ax
        py = (_centres(top + row, top + stop) - ay)[:, None]
        if length:
            t = np.clip((px * dx + py * dy) / length, 0, 1)
            px, py = px - t * dx, py - t * dy
        pixels[row:stop, begin:finish] |= px * px + py * py <= radius * radius


def _polygon(polygon: Polygon, size: tuple[int, int]) -> Region:
    points = np.asarray(polygon.points, dtype=np.float64).reshape(-1, 2)
    _check(tuple(points.ravel()))
    if len(points) < 3:
        return _nothing()
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    top, left, bottom, right = _box(x0, y0, x1, y1, size)
    height, width = bottom - top, right - left
    # Each edge toggles, in the rows whose centre line it crosses, all pixels to its right.
    toggles = np.zeros((height, width + 1), dtype=np.uint8)
    for one, other in zip(points, np.roll(points, -1, axis=0), strict=True):
        # Always from top to bottom, so that polygons that share an edge share its rounding.
        (ax, ay), (bx, by) = (one, other) if one[1] <= other[1] else (other, one)
        first = max(0, math.ceil(ay - 0.5) - top)
        stop = min(height, math.ceil(by - 0.5) - top)
        if first >= stop:
            continue
        rows = np.arange(first, stop)
        crossing = ax + (rows + (top + 0.5) - ay) * ((bx - ax) / (by - ay))
        columns = np.clip(np.ceil(crossing - 0.5) - left, 0, width).astype(np.intp)
        toggles[rows, columns] ^= 1
    inside = np.bitwise_xor.accumulate(toggles, axis=1)[:, :width]
    return Region(top, left, np.ascontiguousarray(inside).view(np.bool_))


def _box(
    x0: float, y0: float, x1: float, y1: float, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    height, width = size
    top, left = min(max(math.floor(y0), 0), height), min(max(math.floor(x0), 0), width)
    bottom, right = min(max(math.ceil(y1), 0), height), min(max(math.ceil(x1), 0), width)
    return top, left, max(top, bottom), max(left, right)


def _centres(start: int, stop: int) -> np.ndarray:
    return np.arange(start, stop) + 0.5


def _check(values: tuple[float, ...]) -> None:
    for value in values:
        if not abs(value) <= MAX_COORDINATE:
            raise MaskError(f"A shape cannot reach to {value}: draw it within the picture.")


def _nothing() -> Region:
    return Region(0, 0, np.zeros((0, 0), dtype=np.bool_))
