from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF, QSize

from memlens.maps.localization_map import resize_bilinear
from ui.canvas.mask_sampling import MaskSampling
from ui.canvas.place import Place
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
    place = Place(QRectF(left, top, 25 * zoom, 20 * zoom), QSize(50, 40))
    mask = PredictedMask(values, threshold, (20, 25))
    seen = mask.seen(place, margin)
    assert seen is not None
    area = QRect(0, 0, 50, 40).adjusted(-margin, -margin, margin, margin)
    looked = MaskSampling().look(MaskPicture.still(mask.pixels()), place.target, area)
    np.testing.assert_array_equal(seen, looked.some)


def test_where_the_screen_is_coarser_or_the_map_finer_the_mask_itself_is_looked_at() -> None:
    values = np.random.default_rng(0).random((4, 4)).astype(np.float32)
    coarse = Place(QRectF(0, 0, 60, 60), QSize(60, 60))
    fine = Place(QRectF(0, 0, 64, 64), QSize(64, 64))
    assert PredictedMask(values, 0.6, (64, 64)).seen(coarse, 0) is None
    assert PredictedMask(values, 0.6, (64, 64)).seen(fine, 0) is not None
    assert PredictedMask(values, 0.6, (3, 64)).seen(fine, 0) is None


def test_a_mask_is_told_from_others_by_map_threshold_and_size() -> None:
    values = np.zeros((4, 4), np.float32)
    key = PredictedMask(values, 0.5, (8, 8)).key
    assert PredictedMask(values, 0.5, (8, 8)).key == key
    assert PredictedMask(values.copy(), 0.5, (8, 8)).key != key
    assert PredictedMask(values, 0.6, (8, 8)).key != key
    assert PredictedMask(values, 0.5, (8, 9)).key != key
