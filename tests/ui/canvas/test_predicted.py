from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor

from memlens.maps.localization_map import resize_bilinear
from ui.canvas.mask_item import MaskLayers
from ui.canvas.mask_sampling import MaskSampling
from ui.canvas.predicted import PredictedMask, drawn_shape
from ui.vocabulary.mask_picture import MaskPicture


@pytest.mark.parametrize("shape", [(64, 48), (8, 8), (5, 6), (5, 40)])
def test_the_mask_is_that_of_the_map_resized_to_the_picture(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(0).random((8, 8)).astype(np.float32)
    mask = PredictedMask(values, 0.4, shape).pixels()
    assert np.array_equal(mask, resize_bilinear(values, shape) > 0.4)


def test_very_large_pictures_get_a_mask_as_fine_as_a_screen() -> None:
    assert drawn_shape((1024, 768)) == (1024, 768)
    assert drawn_shape((4096, 2048)) == (1024, 512)
    mask = PredictedMask(np.ones((4, 4), np.float32), 0.5, (4096, 4096))
    assert mask.pixels().shape == (1024, 1024)


@given(
    zoom=st.floats(1.0, 9.0),
    left=st.floats(-90, 30),
    top=st.floats(-90, 30),
    threshold=st.floats(0, 1),
    margin=st.integers(0, 6),
)
def test_the_screen_s_pixels_show_what_the_mask_itself_shows(
    zoom: float, left: float, top: float, threshold: float, margin: int
) -> None:
    values = np.random.default_rng(0).random((4, 5)).astype(np.float32)
    values[1, 1] = np.nan
    target = QRectF(left, top, 25 * zoom, 20 * zoom)
    area = QRect(0, 0, 50, 40).adjusted(-margin, -margin, margin, margin)
    mask = PredictedMask(values, threshold, (20, 25))
    seen = mask.seen(target, area)
    assert seen is not None
    looked = MaskSampling().look(MaskPicture.still(mask.pixels()), target, area)
    np.testing.assert_array_equal(seen, looked.some)


def test_where_the_screen_is_coarser_or_the_map_finer_the_mask_itself_is_looked_at() -> None:
    values = np.random.default_rng(0).random((4, 4)).astype(np.float32)
    coarse = QRectF(0, 0, 60, 60), QRect(0, 0, 60, 60)
    fine = QRectF(0, 0, 64, 64), QRect(0, 0, 64, 64)
    assert PredictedMask(values, 0.6, (64, 64)).seen(*coarse) is None
    assert PredictedMask(values, 0.6, (64, 64)).seen(*fine) is not None
    assert PredictedMask(values, 0.6, (3, 64)).seen(*fine) is None


def test_a_layer_is_told_from_others_by_map_threshold_size_and_fill() -> None:
    values = np.zeros((4, 4), np.float32)
    layers, fill = MaskLayers(), QColor(0, 0, 0)

    def key(values: np.ndarray, threshold: float, wide: int, fill: QColor | None) -> object:
        return layers.predicted(PredictedMask(values, threshold, (8, wide)), fill).key

    one = key(values, 0.5, 8, None)
    assert key(values, 0.5, 8, None) == one
    kept = values.copy()
    for other in (
        key(kept, 0.5, 8, None),
        key(values, 0.6, 8, None),
        key(values, 0.5, 9, None),
        key(values, 0.5, 8, fill),
    ):
        assert other != one
