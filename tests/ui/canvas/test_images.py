from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize

from ui.canvas import colormaps
from ui.canvas.images import ImageStore, picture_image
from ui.canvas.map_images import Seen, interpolated, map_image
from memlens.maps.scale import Scale


@pytest.mark.parametrize("name", [*colormaps.NAMES, colormaps.DIVERGING])
def test_values_at_the_levels_take_the_ends_of_the_colormap(name: str) -> None:
    colours = colormaps.table(name)
    values = np.array([[-0.2, 0.5, 0.75, 1.0, 1.3]], np.float32)
    image = map_image(values, Scale(0.5, 1.0), colours)
    seen = [image.pixel(x, 0) for x in range(5)]
    assert seen[0] == seen[1] == colours[0]
    assert seen[2] == colours[128]
    assert seen[3] == seen[4] == colours[255]


def test_missing_values_are_transparent_and_spoil_no_other() -> None:
    values = np.array([[np.nan, 1.0, np.inf, -np.inf]], np.float32)
    image = map_image(values, Scale(0.0, 1.0), colormaps.table("inferno"))
    colours = colormaps.table("inferno")
    assert [image.pixel(x, 0) for x in range(4)] == [0, colours[255], colours[255], colours[0]]


def test_one_level_for_both_ends_does_not_fail() -> None:
    image = map_image(np.array([[0.0, 0.1]], np.float32), Scale(0.0, 0.0), colormaps.table("grey"))
    assert [image.pixel(x, 0) for x in range(2)] == [0xFF000000, 0xFFFFFFFF]


def test_grey_is_grey() -> None:
    colours = colormaps.table("grey")
    assert int(colours[0]) == 0xFF000000
    assert int(colours[128]) == 0xFF808080
    assert int(colours[255]) == 0xFFFFFFFF


def test_interpolation_keeps_pixel_centres_and_edges() -> None:
    values = np.array([[0.0, 1.0]], np.float32)
    finer = interpolated(values, 4)
    assert finer.shape == (4, 8)
    np.testing.assert_allclose(finer[0], [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-6)


def test_interpolation_is_exact_on_a_plane() -> None:
    y, x = np.mgrid[:6, :9].astype(np.float32)
    finer = interpolated(2 * x + 3 * y, 3)
    high, wide = np.mgrid[:18, :27].astype(np.float32)
    expected = 2 * ((wide + 0.5) / 3 - 0.5) + 3 * ((high + 0.5) / 3 - 0.5)
    inner = np.s_[2:-2, 2:-2]
    np.testing.assert_allclose(finer[inner], expected[inner], atol=1e-4)


def test_pictures_keep_their_pixels() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[1, 2] = (10, 20, 30)
    assert picture_image(picture).pixelColor(2, 1).getRgb()[:3] == (10, 20, 30)


def test_the_same_array_is_made_into_an_image_once() -> None:
    store = ImageStore()
    picture = np.zeros((4, 4, 3), np.uint8)

    def made(picture: np.ndarray, side: int = 8) -> int:
        return store.picture(picture, QSize(side, side)).cacheKey()

    first = made(picture)
    assert made(picture) == first
    assert made(picture.copy()) != first
    assert made(picture, 9) != first


def test_the_store_keeps_no_more_than_it_may_and_the_newest_always() -> None:
    store = ImageStore(most_bytes=2 * 4 * 16 * 16)
    pictures = [np.full((16, 16, 3), shade, np.uint8) for shade in range(3)]
    keys = [store.picture(picture).cacheKey() for picture in pictures]
    assert [store.picture(picture).cacheKey() for picture in pictures[:0:-1]] == keys[:0:-1]
    assert store.picture(pictures[0]).cacheKey() != keys[0]
    large = np.zeros((64, 64, 3), np.uint8)
    assert store.picture(large).cacheKey() == store.picture(large).cacheKey()


def test_a_larger_picture_is_interpolated_and_a_smaller_one_averaged() -> None:
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:, 4:] = 240
    larger = ImageStore().picture(halves, QSize(16, 16))
    shades = [larger.pixelColor(x, 8).red() for x in range(16)]
    assert shades == sorted(shades)
    assert shades[0] == 0 and shades[-1] == 240 and 0 < shades[7] < shades[8] < 240
    smaller = ImageStore().picture(halves, QSize(1, 1))
    assert abs(smaller.pixelColor(0, 0).red() - 120) <= 2


def test_a_picture_s_pixels_are_squares_wherever_it_is_looked_at() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    whole = np.repeat(np.repeat(picture, 4, axis=0), 4, axis=1)
    for seen, part in (
        (Seen((0.0, 5.0), (0.0, 6.0), 20, 24), whole),
        (Seen((1.25, 4.0), (2.5, 3.5), 11, 4), whole[10:14, 5:16]),
    ):
        image = ImageStore().squares(picture, seen)
        found = [
            [image.pixelColor(x, y).getRgb()[:3] for x in range(seen.width)]
            for y in range(seen.height)
        ]
        np.testing.assert_array_equal(found, part)
