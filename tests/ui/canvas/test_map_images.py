from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from ui.canvas import colormaps
from ui.canvas.map_images import MapImages, Seen, map_image, resampled
from memlens.maps.scale import Scale

GREY = colormaps.table("grey")
WHOLE = Seen((0.0, 8.0), (0.0, 8.0), 40, 40)


def shades(image: QImage) -> np.ndarray:
    """Return the places on the grey colormap."""
    made = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 0].astype(int)


@given(
    seed=st.integers(0, 99),
    left=st.floats(-1, 7),
    wide=st.floats(0.25, 9),
    width=st.integers(1, 61),
    log_scale=st.booleans(),
)
def test_smooth_maps_are_the_interpolated_values_through_the_colormap(
    seed: int, left: float, wide: float, width: int, log_scale: bool
) -> None:
    values = np.random.default_rng(seed).normal(0.4, 0.6, (8, 5)).astype(np.float32)
    seen = Seen((left, left + wide), (0.5, 6.5), width, 33)
    scale = Scale.of((0.0, 1.0), log_scale)
    whole = resampled(values, seen.columns, seen.rows, width, 33)
    expected = shades(map_image(whole, scale, GREY))
    made = shades(MapImages().smooth(values, scale, "grey", seen))
    # A rounding may decide between two neighbouring colours.
    assert np.abs(made - expected).max() <= 1


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_missing_values_spoil_no_other(missing: float, smooth: bool) -> None:
    values = np.full((8, 8), 0.5, np.float32)
    values[0, 0] = missing
    images = MapImages()
    image = (images.smooth if smooth else images.squares)(values, Scale(0.0, 1.0), "grey", WHOLE)
    assert image.pixelColor(39, 39).getRgb() == (128, 128, 128, 255)
    corner = image.pixelColor(0, 0)
    assert corner.alpha() == 0 if np.isnan(missing) or smooth else corner.red() == 255


def test_one_level_for_both_ends_is_drawn_smoothly_too() -> None:
    values = np.array([[0.0, 0.0], [1.0, 1.0]], np.float32)
    seen = Seen((0.0, 2.0), (0.0, 2.0), 2, 8)
    made = shades(MapImages().smooth(values, Scale(0.0, 0.0), "grey", seen))
    assert set(made.ravel()) <= {0, 255}


def test_squares_change_at_the_edges_of_coordinates() -> None:
    values = np.arange(4, dtype=np.float32).reshape(2, 2) / 4
    seen = Seen((0.0, 2.0), (0.0, 2.0), 10, 6)
    made = shades(MapImages().squares(values, Scale(0.0, 1.0), "grey", seen))
    expected = np.repeat(np.repeat(np.array([[0, 64], [128, 192]]), 3, axis=0), 5, axis=1)
    np.testing.assert_array_equal(made, expected)


def test_a_later_map_leaves_an_earlier_image_alone() -> None:
    images = MapImages()
    for make in (images.smooth, images.squares):
        first = make(np.zeros((8, 8), np.float32), Scale(0.0, 1.0), "grey", WHOLE)
        make(np.ones((8, 8), np.float32), Scale(0.0, 1.0), "grey", WHOLE)
        assert not shades(first).any()


@pytest.mark.parametrize("smooth", [True, False])
def test_values_on_both_sides_of_one_level_have_the_two_ends_colours(smooth: bool) -> None:
    values = np.array([[0.1, 0.4]], np.float32)
    scale = Scale.of((0.25, 0.25), False)
    made = MapImages()
    draw = made.smooth if smooth else made.squares
    image = draw(values, scale, "viridis", Seen((0.0, 2.0), (0.0, 1.0), 8, 4))
    ends = colormaps.table("viridis")[[0, -1]]
    assert [image.pixel(0, 0), image.pixel(7, 3)] == ends.tolist()
