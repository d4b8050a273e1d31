from __future__ import annotations

import numpy as np

from memlens.maps import resize_bilinear
from ui.canvas.predicted import PredictedMasks, drawn_shape


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
