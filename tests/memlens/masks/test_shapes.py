"""Which pixels a shape covers, against pictures drawn by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memlens.errors import MaskError
from memlens.masks.named_mask import BoolArray
from memlens.masks.shapes import Ellipse, Polygon, Rectangle, Shape, Stroke, rasterize


def drawn(shape: Shape, size: tuple[int, int]) -> list[str]:
    return ["".join("#" if pixel else "." for pixel in row) for row in whole(shape, size)]


def whole(shape: Shape, size: tuple[int, int]) -> BoolArray:
    region = rasterize(shape, size)
    pixels = np.zeros(size, dtype=np.bool_)
    height, width = region.pixels.shape
    pixels[region.top : region.top + height, region.left : region.left + width] = region.pixels
    return pixels


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Rectangle(1, 1, 4, 3), [".....", ".###.", ".###.", "....."]),
        # A centre on the left or upper edge is inside, on the right or lower one outside.
        (Rectangle(1.5, 1.5, 3.5, 2.5), [".....", ".##..", ".....", "....."]),
        (Rectangle(3.5, 2.5, 1.5, 1.5), [".....", ".##..", ".....", "....."]),
        (Rectangle(1.51, 1.5, 3.51, 2.5), [".....", "..##.", ".....", "....."]),
        (Rectangle(-9, -9, 1, 99), ["#....", "#....", "#....", "#...."]),
        (Rectangle(2, 2, 2, 4), ["....."] * 4),
        (Rectangle(7, 7, 9, 9), ["....."] * 4),
        (Stroke(((2.5, 1.5),), 0.4), [".....", "..#..", ".....", "....."]),
        (Stroke(((2, 2),), 0.4), [".....", ".....", ".....", "....."]),
        (Stroke(((2, 2),), 0.71), [".....", ".##..", ".##..", "....."]),
        (Stroke(((2.5, 1.5),), 1), ["..#..", ".###.", "..#..", "....."]),
        (Stroke(((0.5, 1.5), (3.5, 1.5)), 1), ["####.", "#####", "####.", "....."]),
        (Stroke(((0.5, 0.5), (3.5, 3.5)), 0.1), ["#....", ".#...", "..#..", "...#."]),
        (Polygon(((0, 0), (4, 0), (0, 4))), ["###..", "##...", "#....", "....."]),
        (
            Polygon(((1.5, 0.5), (3.5, 0.5), (3.5, 2.5), (1.5, 2.5))),
            [".##..", ".##..", *["....."] * 2],
        ),
        (Polygon(((0, 0), (5, 0))), ["....."] * 4),
        (Polygon(()), ["....."] * 4),
        (Ellipse(0, 0, 5, 4), [".###.", "#####", "#####", ".###."]),
        (Ellipse(1, 1, 4, 4), [".....", ".###.", ".###.", ".###."]),
        (Ellipse(5, 3, 0, 0), [".###.", "#####", ".###.", "....."]),
        (Ellipse(1.1, 1.1, 1.1, 3), ["....."] * 4),
    ],
)
def test_shapes_cover_the_pixels_whose_centres_are_inside(
    shape: Shape, expected: list[str]
) -> None:
    assert drawn(shape, (4, 5)) == expected


def test_an_outline_that_crosses_itself_is_filled_by_the_even_odd_rule() -> None:
    square = ((0, 0), (5, 0), (5, 5), (0, 5), (0, 0), (1, 1), (4, 1), (4, 4), (1, 4), (1, 1))
    assert drawn(Polygon(square), (5, 5)) == ["#####", "#...#", "#...#", "#...#", "#####"]


_coordinate = st.floats(-8, 24, width=32) | st.integers(-16, 48).map(lambda half: half / 2)
_points = st.lists(st.tuples(_coordinate, _coordinate), min_size=1, max_size=6).map(tuple)
_SIZE = (13, 16)


@given(points=_points, radius=st.floats(0.25, 9, width=32))
def test_a_stroke_is_all_pixels_within_its_radius(
    points: tuple[tuple[float, float], ...], radius: float
) -> None:
    pixels = whole(Stroke(points, radius), _SIZE)
    segments = list(itertools.pairwise(points)) or [(points[0], points[0])]
    for row, column in np.ndindex(_SIZE):
        distance = min(_distance((column + 0.5, row + 0.5), *ends) for ends in segments)
        if abs(distance - radius) > 1e-9:
            assert pixels[row, column] == (distance < radius)


def _distance(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    p, a, b = (np.array(each) for each in (point, start, end))
    length = float(np.dot(b - a, b - a))
    along = np.clip(np.dot(p - a, b - a) / length, 0, 1) if length else 0.0
    return float(np.hypot(*(p - a - along * (b - a))))


@given(points=_points)
def test_a_polygon_holds_a_centre_if_an_odd_number_of_edges_lies_to_its_left(
    points: tuple[tuple[float, float], ...],
) -> None:
    pixels = whole(Polygon(points), _SIZE)
    closed = [*points, points[0]]
    for row, column in np.ndindex(_SIZE):
        x, y = column + 0.5, row + 0.5
        inside, near = False, False
        for (ax, ay), (bx, by) in itertools.pairwise(closed):
            if (ay <= y) != (by <= y):
                crossing = ax + (y - ay) / (by - ay) * (bx - ax)
                inside ^= crossing < x
                near |= abs(crossing - x) < 1e-9
        if not near:
            assert pixels[row, column] == inside


@given(y=st.floats(0, 13), left=_points, right=_points)
def test_polygons_that_share_an_outline_neither_overlap_nor_leave_a_gap(
    y: float, left: tuple[tuple[float, float], ...], right: tuple[tuple[float, float], ...]
) -> None:
    seam = ((8.0, 0.0), *left, (8.0, y), *right, (8.0, 13.0))
    one = whole(Polygon(((0.0, 0.0), *seam, (0.0, 13.0))), _SIZE)
    other = whole(Polygon(((16.0, 0.0), *seam, (16.0, 13.0))), _SIZE)
    assert (one ^ other).all()


@settings(max_examples=50)
@given(
    zoom=st.sampled_from((0.3, 0.75, 1.0, 1.5, 3.7, 17.0)),
    ratio=st.sampled_from((1.0, 1.25, 1.5, 2.0, 2.625)),
    across=st.integers(0, 400),
    down=st.integers(0, 400),
)
def test_a_dot_covers_the_pixel_under_the_pointer_at_any_zoom(
    zoom: float, ratio: float, across: int, down: int
) -> None:
    # A point of the screen, in device pixels, as the window turns it into the picture's.
    x, y = across / ratio / zoom, down / ratio / zoom
    region = rasterize(Stroke(((x, y),), 0.7072), (2000, 2000))
    row, column = int(y) - region.top, int(x) - region.left
    assert region.pixels[row, column]
    assert region.pixels.sum() <= 4


@pytest.mark.parametrize(
    "shape",
    [
        Stroke(((float("nan"), 1.0),), 1),
        Stroke(((1.0, 1.0),), float("nan")),
        Stroke(((1.0, 1.0),), -1),
        Polygon(((0.0, 0.0), (1e300, 1.0), (2.0, 2.0))),
        Rectangle(0, float("-inf"), 1, 1),
        Ellipse(0, 0, float("nan"), 1),
    ],
)
def test_coordinates_that_are_no_place_are_refused(shape: Shape) -> None:
    with pytest.raises(MaskError):
        rasterize(shape, _SIZE)


def test_a_long_slanted_stroke_is_the_same_as_its_parts() -> None:
    ends = [(3.25 + 4 * step, 5.5 + 3 * step) for step in range(60)]
    at_once = whole(Stroke((ends[0], ends[-1]), 6.3), (200, 260))
    in_parts = whole(Stroke(tuple(ends), 6.3), (200, 260))
    assert (at_once == in_parts).all()
