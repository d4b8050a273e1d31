from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ui.canvas.picture_item import PictureImages, PictureItem, picture_image


def painted(item: PictureItem, side: int, width: float, height: float) -> QImage:
    """Return the item on the unit square, painted `width` × `height` pixels large."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(width, height)
    painter.setTransform(item.transform(), True)
    item.paint(painter)
    painter.end()
    return image


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def test_pictures_keep_their_pixels() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[1, 2] = (10, 20, 30)
    assert rgb(picture_image(picture), 2, 1) == (10, 20, 30)


def test_the_same_array_is_made_into_an_image_once() -> None:
    images = PictureImages()
    picture = np.zeros((4, 4, 3), np.uint8)
    first = images.image(picture).cacheKey()
    assert images.image(picture).cacheKey() == first
    assert images.image(picture.copy()).cacheKey() != first
    assert images.image(picture, 2).size().toTuple() == (2, 2)


def test_no_more_is_kept_than_may_be_and_the_newest_always() -> None:
    images = PictureImages(most_bytes=2 * 4 * 16 * 16)
    pictures = [np.full((16, 16, 3), shade, np.uint8) for shade in range(3)]
    keys = [images.image(picture).cacheKey() for picture in pictures]
    assert [images.image(picture).cacheKey() for picture in pictures[:0:-1]] == keys[:0:-1]
    assert images.image(pictures[0]).cacheKey() != keys[0]
    large = np.zeros((64, 64, 3), np.uint8)
    assert images.image(large).cacheKey() == images.image(large).cacheKey()


def test_from_near_a_picture_s_pixels_are_squares(qapp: Any) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    item = PictureItem(PictureImages())
    item.show_picture(picture)
    image = painted(item, 24, 20, 24)
    found = [[rgb(image, x, y) for x in range(20)] for y in range(24)]
    np.testing.assert_array_equal(found, np.repeat(np.repeat(picture, 4, axis=0), 4, axis=1))


def test_a_larger_picture_is_interpolated_and_one_from_far_averaged(qapp: Any) -> None:
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:, 4:] = 240
    item = PictureItem(PictureImages())
    item.show_picture(halves)
    shades = [painted(item, 16, 16, 16).pixelColor(x, 8).red() for x in range(16)]
    assert shades == sorted(shades)
    assert shades[0] == 0 and shades[-1] == 240 and 0 < shades[7] < shades[8] < 240
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, :128] = 200
    item.show_picture(stripes)
    far = painted(item, 16, 16, 16)
    assert far.pixelColor(2, 8).red() == 200 and far.pixelColor(13, 8).red() == 0


@pytest.mark.parametrize("place", [QRectF(0, 0, 1, 1), QRectF(0.25, 0.5, 0.5, 0.25)])
def test_it_lies_where_it_is_put_and_none_is_seen_of_none(qapp: Any, place: QRectF) -> None:
    item = PictureItem(PictureImages())
    item.show_picture(np.full((4, 4, 3), 99, np.uint8), place)
    image = painted(item, 40, 40, 40)
    inside = place.center() * 40
    assert image.pixelColor(inside.toPoint()).red() == 99
    if place.left() > 0:
        assert image.pixelColor(1, 1).red() == 0
    item.show_picture(None)
    assert not item.isVisible() and item.image is None
