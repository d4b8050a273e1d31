from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor

from ui.canvas.outline import LINE, OutlineStore, edges


def test_one_pixel_has_the_square_around_it() -> None:
    mask = np.zeros((4, 5), np.bool_)
    mask[1, 2] = True
    lines = {tuple(line) for line in edges(mask).tolist()}
    assert lines == {(2, 1, 3, 1), (2, 2, 3, 2), (2, 1, 2, 2), (3, 1, 3, 2)}


def test_straight_edges_are_one_run_and_the_border_closes_them() -> None:
    lines = {tuple(line) for line in edges(np.ones((3, 7), np.bool_)).tolist()}
    assert lines == {(0, 0, 7, 0), (0, 3, 7, 3), (0, 0, 0, 3), (7, 0, 7, 3)}


def test_an_empty_mask_has_no_outline() -> None:
    assert edges(np.zeros((3, 3), np.bool_)).shape == (0, 4)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("zoom", [1.0, 1.7, 3.0, 5.3, 11.0])
def test_the_line_follows_pixel_edges(zoom: float, ratio: float) -> None:
    mask = np.zeros((16, 16), np.bool_)
    mask[4:9, 3:12] = True
    side = round(16 * zoom * ratio)
    image = OutlineStore().layer(
        mask, QRectF(0, 0, side, side), QSize(side, side), ratio, QColor(LINE)
    )
    white = np.array([[image.pixel(x, y) == 0xFFFFFFFF for x in range(side)] for y in range(side)])
    rows, columns = np.nonzero(white)
    # A line covers at most as many device pixels beside its edge as it is thick.
    for found, low, high in ((rows, 4, 9), (columns, 3, 12)):
        assert abs(found.min() - low * zoom * ratio) <= ratio + 0.5
        assert abs(found.max() + 1 - high * zoom * ratio) <= ratio + 0.5
    middle = white[round(6.5 * zoom * ratio)]
    assert 2 <= np.flatnonzero(middle).size <= 4 * ratio


def test_one_layer_serves_all_panels_of_one_size() -> None:
    store = OutlineStore()
    mask = np.eye(8, dtype=np.bool_)
    place = QRectF(0, 0, 64, 64)
    first = store.layer(mask, place, QSize(64, 64), 1.0)
    assert store.layer(mask, place, QSize(64, 64), 1.0).cacheKey() == first.cacheKey()
    assert store.layer(mask, place, QSize(65, 64), 1.0).cacheKey() != first.cacheKey()


def test_a_noisy_mask_at_the_highest_zoom_is_drawn_in_the_window_only() -> None:
    noise = np.random.default_rng(0).random((128, 128)) > 0.5
    target = QRectF(-40_000, -40_000, 128_000, 128_000)
    image = OutlineStore().layer(noise, target, QSize(100, 100), 1.0)
    assert image.size() == QSize(100, 100)
