"""Superpixels: a partition of the picture that follows its edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage
from skimage.segmentation import find_boundaries

from memlens.errors import MaskError
from memlens.masks import superpixels as module
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, PaintRegion
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Region
from memlens.masks.superpixels import Superpixels, count_for, superpixels


def blocks(side: int = 48) -> np.ndarray:
    """Four squares of plain colours."""
    picture = np.zeros((side, side, 3), np.uint8)
    half = side // 2
    picture[:half, :half], picture[:half, half:] = (255, 0, 0), (0, 255, 0)
    picture[half:, :half], picture[half:, half:] = (0, 0, 255), (255, 255, 0)
    return picture


def of_labels(labels: np.ndarray) -> Superpixels:
    return Superpixels(labels, tuple(ndimage.find_objects(labels + 1)))


def test_every_pixel_is_in_the_superpixel_that_is_under_it() -> None:
    cut = superpixels(blocks(), 16)
    counted = np.zeros(cut.labels.shape, int)
    for label in range(int(cut.labels.max()) + 1):
        region = cut.region(label)
        height, width = region.pixels.shape
        counted[region.top : region.top + height, region.left : region.left + width] += (
            region.pixels
        )
        assert ndimage.label(region.pixels)[1] == 1
    assert (counted == 1).all()
    assert 8 <= cut.labels.max() + 1 <= 32


def test_none_crosses_an_edge_of_the_picture() -> None:
    picture = blocks()
    cut = superpixels(picture, 16)
    for label in range(int(cut.labels.max()) + 1):
        assert len(np.unique(picture[cut.labels == label], axis=0)) == 1


def test_a_large_picture_is_cut_at_a_smaller_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CUT_SIDE", 32)
    picture = blocks(96)[:80]
    cut = superpixels(picture, 16)
    assert cut.labels.shape == (80, 96)
    agree = [
        np.bincount(picture[cut.labels == label].astype(int) @ (1, 2, 4)).max()
        for label in np.unique(cut.labels)
    ]
    assert sum(agree) > 0.95 * cut.labels.size


@settings(max_examples=60)
@given(
    labels=arrays.arrays(
        np.int32,
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        elements=st.integers(0, 3),
    ),
    x=st.floats(-1, 10, width=32),
    y=st.floats(-1, 10, width=32),
)
def test_places_regions_and_edges_are_those_of_the_labels(
    labels: np.ndarray, x: float, y: float
) -> None:
    cut = of_labels(labels)
    height, width = labels.shape
    inside = 0 <= x < width and 0 <= y < height
    assert cut.at(x, y) == (labels[int(y), int(x)] if inside else None)
    for label in np.unique(labels):
        region, whole = cut.region(int(label)), np.zeros(labels.shape, bool)
        bottom, right = np.add((region.top, region.left), region.pixels.shape)
        whole[region.top : bottom, region.left : right] = region.pixels
        assert np.array_equal(whole, labels == label)
    # Its thick boundaries lie on both sides of each edge; ours on the first.
    thick = find_boundaries(labels, connectivity=1, mode="thick", background=-1)
    assert not (cut.edges() & ~thick).any()
    assert cut.edges().any() == thick.any()


def test_a_superpixel_is_about_as_large_as_the_brush() -> None:
    assert count_for((100, 100), 10) == round(10_000 / (math.pi * 100))
    assert count_for((100, 100), 1000) == 4
    assert count_for((4096, 4096), 1) == 4000
    assert count_for((1, 2), 0.5) == 2


def test_a_region_is_added_as_an_edit_and_may_not_reach_beyond() -> None:
    document = MaskDocument((4, 4))
    document.edit(AddMask(NamedMask(name="m", kind="drawn", pixels=np.zeros((4, 4), bool))))
    region = Region(1, 2, np.array([[True, False], [True, True]]))
    document.edit(PaintRegion(region))
    assert document.undo_text == "Superpixels"
    assert document.pixels(1).sum() == 3 and document.pixels(1)[2, 3]
    document.edit(PaintRegion(region, add=False))
    assert not document.pixels(1).any()
    with pytest.raises(MaskError, match="beyond the picture"):
        document.edit(PaintRegion(Region(3, 0, np.ones((2, 2), bool))))
