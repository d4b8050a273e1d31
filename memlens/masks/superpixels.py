"""Superpixels: small areas of about one colour, that are added with a click."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.masks.named_mask import BoolArray
from memlens.masks.shapes import Region

Picture = NDArray[np.uint8]

FEWEST, MOST = 4, 4000
# Larger pictures are cut up at a smaller size: a second for this one, and it cannot be cancelled.
MAX_CUT_SIDE = 1024
# Between colour (low) and squareness (high); scikit-image's own default.
_COMPACTNESS = 10.0
# As a share of the mean size; at scikit-image's own half, small tiles run into each other.
_SMALLEST = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Superpixels:
    """A picture cut up.

    Attributes
    ----------
    labels
        (height, width), int32: which superpixel a pixel belongs to, from 0.
    boxes
        Rows and columns of the box around each; None for a number that no pixel has.
    """

    labels: NDArray[np.int32]
    boxes: tuple[tuple[slice, slice] | None, ...]

    def at(self, x: float, y: float) -> int | None:
        """Return the superpixel under a point in pixels; None outside the picture."""
        height, width = self.labels.shape
        if not (0 <= x < width and 0 <= y < height):
            return None
        return int(self.labels[math.floor(y), math.floor(x)])

    def region(self, label: int) -> Region:
        """Return the pixels of one superpixel, cut to their box."""
        box = self.boxes[label]
        if box is None:
            return Region(0, 0, np.zeros((0, 0), dtype=np.bool_))
        return Region(box[0].start, box[1].start, self.labels[box] == label)

    def edges(self) -> BoolArray:
        """Return the pixels whose right or lower neighbour is of another superpixel."""
        found = np.zeros(self.labels.shape, dtype=np.bool_)
        found[:-1] |= self.labels[:-1] != self.labels[1:]
        found[:, :-1] |= self.labels[:, :-1] != self.labels[:, 1:]
        return found


def count_for(size: tuple[int, int], radius: float) -> int:
    """Return how many superpixels a picture of (height, width) is cut into.

    Each about as large as a round brush of `radius` pixels, within 4 to 4,000.
    """
    wanted = size[0] * size[1] / (math.pi * radius * radius)
    return int(min(max(FEWEST, round(wanted)), MOST, size[0] * size[1]))


def superpixels(picture: Picture, count: int) -> Superpixels:
    """Cut a picture into about `count` superpixels (SLIC, Achanta et al., TPAMI 2012).

    Pictures with a side beyond 1,024 pixels are cut up at a smaller size, and their superpixels
    enlarged.

    Parameters
    ----------
    picture
        (height, width, 3), uint8.
    count
        At least 1.
    """
    # Importing it takes longer than opening the window may.
    from scipy import ndimage
    from skimage.segmentation import slic

    height, width = picture.shape[:2]
    shrink = max(height, width) / MAX_CUT_SIDE
    small = picture
    if shrink > 1:
        size = (max(1, round(width / shrink)), max(1, round(height / shrink)))
        small = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BOX))
    found = slic(
        small,
        n_segments=count,
        compactness=_COMPACTNESS,
        min_size_factor=_SMALLEST,
        start_label=0,
        channel_axis=-1,
    )
    labels = found.astype(np.int32)
    if shrink > 1:
        rows = (np.arange(height) * 2 + 1) * labels.shape[0] // (2 * height)
        columns = (np.arange(width) * 2 + 1) * labels.shape[1] // (2 * width)
        labels = labels[rows[:, None], columns]
    labels = np.ascontiguousarray(labels)
    return Superpixels(labels, tuple(ndimage.find_objects(labels + 1)))
