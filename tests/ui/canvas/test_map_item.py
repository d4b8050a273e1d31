from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF

from memlens.maps.scale import Scale
from ui.canvas import colormaps
from ui.canvas.map_item import MapItem, entries, resampled, smooth_entries, square_entries

WHOLE = (QRectF(0, 0, 40, 40), QRect(0, 0, 40, 40))


def between(values: np.ndarray, target: QRectF, seen: QRect) -> np.ndarray:
    """A second implementation: one pixel after the other, from the four values around it."""
    high, wide = values.shape
    made = np.zeros((seen.height(), seen.width()))
    for j in range(seen.height()):
        for i in range(seen.width()):
            x = (seen.x() + i + 0.5 - target.x()) / target.width() * wide - 0.5
            y = (seen.y() + j + 0.5 - target.y()) / target.height() * high - 0.5
            x, y = min(max(x, 0), wide - 1), min(max(y, 0), high - 1)
            c, r = min(int(x), wide - 2), min(int(y), high - 2)
            left = values[r, c] + (values[r + 1, c] - values[r, c]) * (y - r)
            right = values[r, c + 1] + (values[r + 1, c + 1] - values[r, c + 1]) * (y - r)
            made[j, i] = left + (right - left) * (x - c)
    return made


@given(
    seed=st.integers(0, 99),
    left=st.floats(-30, 10),
    zoom=st.floats(1.0, 9.0),
    width=st.integers(1, 25),
)
def test_values_are_interpolated_between_their_centres(
    seed: int, left: float, zoom: float, width: int
) -> None:
    values = np.random.default_rng(seed).normal(0.4, 0.6, (5, 4)).astype(np.float32)
    target = QRectF(left, -7.5, 4 * zoom, 5 * zoom)
    seen = QRect(0, 0, width, 14) & target.toAlignedRect()
    if seen.isEmpty():
        return
    found = resampled(values, target, seen)
    np.testing.assert_allclose(found, between(values, target, seen), atol=2e-5)


@pytest.mark.parametrize("log_scale", [True, False])
def test_smooth_entries_are_those_of_the_interpolated_values(log_scale: bool) -> None:
    values = np.random.default_rng(3).normal(0.4, 0.6, (8, 8)).astype(np.float32)
    scale = Scale.of((0.0, 1.0), log_scale)
    made = smooth_entries(values, scale, *WHOLE).astype(int)
    expected = entries(between(values, *WHOLE).astype(np.float32), scale).astype(int)
    # A rounding may decide between two neighbouring colours.
    assert np.abs(made - expected).max() <= 1


def test_squares_change_at_the_edges_of_coordinates() -> None:
    values = np.array([[0, 0.25], [0.5, 0.75]], np.float32)
    place = (QRectF(0, 0, 10, 6), QRect(0, 0, 10, 6))
    made = square_entries(values, Scale(0.0, 1.0), *place)
    expected = np.repeat(np.repeat(np.array([[0, 64], [128, 192]]), 3, axis=0), 5, axis=1)
    np.testing.assert_array_equal(made, expected)
    part = square_entries(values, Scale(0.0, 1.0), QRectF(-3, -2, 10, 6), QRect(0, 0, 4, 2))
    np.testing.assert_array_equal(part, expected[2:4, 3:7])


@pytest.mark.parametrize("name", [*colormaps.NAMES, colormaps.DIVERGING])
def test_values_at_the_levels_take_the_ends_of_the_colormap(qapp: Any, name: str) -> None:
    colours = colormaps.table(name)
    item = MapItem()
    values = np.array([[-0.2, 0.5, 0.75, 1.0, 1.3]], np.float32)
    item.show_map(values, Scale(0.5, 1.0), name, nearest=True)
    item.render_seen(QRectF(0, 0, 5, 1), QRect(0, 0, 5, 1))
    seen = [item.qimage.pixel(x, 0) for x in range(5)]
    assert seen[0] == seen[1] == colours[0]
    assert seen[2] == colours[128]
    assert seen[3] == seen[4] == colours[255]


@pytest.mark.parametrize("nearest", [True, False])
def test_missing_values_are_transparent_and_spoil_no_other(qapp: Any, nearest: bool) -> None:
    values = np.full((8, 8), 0.5, np.float32)
    values[0, 0] = np.nan
    values[7, 0] = np.inf
    item = MapItem()
    item.show_map(values, Scale(0.0, 1.0), "grey", nearest)
    item.render_seen(*WHOLE)
    assert item.qimage.pixelColor(0, 0).alpha() == 0
    assert item.qimage.pixelColor(39, 39).getRgb() == (128, 128, 128, 255)
    # What is beyond the levels has an end's colour, next to the one that stands for nothing.
    assert item.qimage.pixelColor(0, 39).getRgb() in ((254, 254, 254, 255), (0, 0, 0, 0))
    assert entries(np.array([[np.nan, np.inf, -np.inf]], np.float32), Scale(0.0, 1.0)).tolist() == [
        [255, 254, 0]
    ]


@pytest.mark.parametrize("nearest", [True, False])
def test_values_on_both_sides_of_one_level_have_the_two_ends_colours(
    qapp: Any, nearest: bool
) -> None:
    item = MapItem()
    values = np.array([[0.1, 0.4]], np.float32)
    item.show_map(values, Scale.of((0.25, 0.25), False), "viridis", nearest)
    item.render_seen(QRectF(0, 0, 8, 4), QRect(0, 0, 8, 4))
    ends = colormaps.table("viridis")[[0, -1]]
    assert [item.qimage.pixel(0, 0), item.qimage.pixel(7, 3)] == ends.tolist()


def test_grey_is_grey() -> None:
    colours = colormaps.table("grey")
    assert [int(colours[place]) for place in (0, 128, 255)] == [0xFF000000, 0xFF808080, 0xFFFFFFFF]
