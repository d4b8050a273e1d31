from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF, QSize

from memlens.maps import resize_bilinear
from ui.canvas.mask_sampling import MaskSampling
from ui.canvas.place import Place
from ui.canvas.predicted import PredictedMasks, drawn_shape
from ui.mask_picture import MaskPicture


def test_the_mask_is_that_of_the_map_resized_to_the_picture() -> None:
    values = np.random.default_rng(0).random((8, 8)).astype(np.float32)
    masks = PredictedMasks()
    mask = masks.mask(values, 0.4, (64, 48))
    assert np.array_equal(mask, resize_bilinear(values, (64, 48)) > 0.4)
    assert masks.mask(values, 0.4, (64, 48)) is mask
    assert masks.mask(values, 0.5, (64, 48)) is not mask
    assert masks.mask(values.copy(), 0.4, (64, 48)) is not mask


def test_very_large_pictures_get_a_mask_as_fine_as_a_screen() -> None:
    assert drawn_shape((1024, 768)) == (1024, 768)
    assert drawn_shape((4096, 2048)) == (1024, 512)
    assert PredictedMasks().mask(np.ones((4, 4), np.float32), 0.5, (4096, 4096)).shape == (
        1024,
        1024,
    )


@given(
    zoom=st.floats(1.0, 9.0),
    left=st.floats(-90, 30),
    top=st.floats(-90, 30),
    threshold=st.floats(0, 1),
    margin=st.integers(0, 6),
)
def test_a_threshold_that_moves_shows_what_the_mask_itself_shows(
    zoom: float, left: float, top: float, threshold: float, margin: int
) -> None:
    values = np.random.default_rng(0).random((4, 5)).astype(np.float32)
    values[1, 1] = np.nan
    place = Place(QRectF(left, top, 25 * zoom, 20 * zoom), QSize(50, 40))
    masks, shape = PredictedMasks(), (20, 25)
    masks.mask(values, 0.3, shape)
    assert masks.seen(values, 0.3, shape, place, margin) is None
    mask = (
        masks.mask(values, threshold, shape) if threshold != 0.3 else masks.mask(values, 0, shape)
    )
    seen = masks.seen(values, 0 if threshold == 0.3 else threshold, shape, place, margin)
    assert seen is not None
    area = QRect(0, 0, 50, 40).adjusted(-margin, -margin, margin, margin)
    looked = MaskSampling().look(MaskPicture.still(mask), place.target, area)
    np.testing.assert_array_equal(seen, looked.some)


def test_where_the_screen_is_coarser_the_mask_itself_is_looked_at() -> None:
    values = np.random.default_rng(0).random((4, 4)).astype(np.float32)
    masks = PredictedMasks()
    for threshold in (0.2, 0.4, 0.6):
        masks.mask(values, threshold, (64, 64))
    coarse = Place(QRectF(0, 0, 60, 60), QSize(60, 60))
    fine = Place(QRectF(0, 0, 64, 64), QSize(64, 64))
    assert masks.seen(values, 0.6, (64, 64), coarse, 0) is None
    assert masks.seen(values, 0.6, (64, 64), fine, 0) is not None


def test_maps_that_were_let_go_are_not_looked_at() -> None:
    masks = PredictedMasks()
    many = [np.full((4, 4), level, np.float32) for level in range(20)]
    for values in many:
        for threshold in (0.5, 1.5):
            masks.mask(values, threshold, (8, 8))
    place = Place(QRectF(0, 0, 8, 8), QSize(8, 8))
    assert masks.seen(many[0], 1.5, (8, 8), place, 0) is None
    assert masks.seen(many[-1], 1.5, (8, 8), place, 0) is not None
