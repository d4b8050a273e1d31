"""Masks found rather than drawn: in a map, by the training picture, by several renderings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from memlens.errors import MaskError
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.named_mask import BoolArray
from memlens.masks.regions import largest_region, without_small_regions

Picture = NDArray[np.uint8]

PAIR_THRESHOLD = 0.03
TRAINING_THRESHOLD = 0.1
SEEDS_THRESHOLD = 0.02
# A difference counts as small only together with its neighbours'.
_NEIGHBOURHOOD = 5
_SQUARE = np.ones((3, 3), dtype=np.bool_)


def from_map(
    map_: LocalizationMap,
    size: tuple[int, int],
    threshold: float,
    largest_only: bool = False,
    minimum_area: int = 0,
) -> BoolArray:
    """Return where a map, resampled to the picture's `size`, is above a threshold.

    Parameters
    ----------
    map_
        Its canonical values count.
    size
        (height, width) of the picture.
    threshold
        In canonical units.
    largest_only
        Keep the largest region alone.
    minimum_area
        Drop regions of fewer pixels.

    Raises
    ------
    SettingsError
        If a side of `size` is below 1.
    """
    found: BoolArray = map_.resized(size) > threshold
    if minimum_area > 1:
        found = without_small_regions(found, minimum_area)
    return largest_region(found) if largest_only else found


def from_training_picture(
    generated: Picture, training: Picture, threshold: float = TRAINING_THRESHOLD
) -> BoolArray:
    """Return where a generated picture repeats its training picture.

    The training picture is resampled to the generated one's size; the difference, averaged
    over the channels and 5×5 pixels, must be below the threshold; 3×3 opening.

    Parameters
    ----------
    generated, training
        (height, width, 3), uint8.
    threshold
        0..1, as a share of the full range.

    Raises
    ------
    MaskError
        If one is not a colour picture.
    """
    _check_pictures((generated, training))
    height, width = generated.shape[:2]
    if training.shape != generated.shape:
        resized = Image.fromarray(training).resize((width, height), Image.Resampling.BICUBIC)
        training = np.asarray(resized)
    difference = _differences(generated, training) / 3
    local = ndimage.uniform_filter(difference, _NEIGHBOURHOOD, mode="nearest")
    return _opened(local < threshold)


def from_pair(a: Picture, b: Picture, threshold: float = PAIR_THRESHOLD) -> BoolArray:
    """Return what two renderings of one template share.

    Σ over channels |a − b| < threshold on 0..1, then erosion and dilation 3×3, as the official
    templates' masks were made.

    Parameters
    ----------
    a, b
        (height, width, 3), uint8, of one size.
    threshold
        0..3.

    Raises
    ------
    MaskError
        If they are not colour pictures of one size.
    """
    _check_pictures((a, b), one_size=True)
    return _opened(_differences(a, b) < threshold)


def from_seeds(pictures: Sequence[Picture], threshold: float = SEEDS_THRESHOLD) -> BoolArray:
    """Return the pixels that hardly vary between seeds of one prompt.

    Their standard deviation over the pictures, averaged over the channels, must be below the
    threshold; 3×3 opening.

    Parameters
    ----------
    pictures
        At least two, (height, width, 3), uint8, of one size.
    threshold
        0..½, as a share of the full range.

    Raises
    ------
    MaskError
        If there are fewer than two, or they are not colour pictures of one size.
    """
    if len(pictures) < 2:
        raise MaskError("Finding what repeats needs pictures of at least two seeds.")
    _check_pictures(pictures, one_size=True)
    total = np.zeros(pictures[0].shape, dtype=np.float32)
    squares = np.zeros_like(total)
    for picture in pictures:
        values = picture.astype(np.float32)
        total += values
        squares += values * values
    mean = total / len(pictures)
    variance = np.maximum(squares / len(pictures) - mean * mean, 0)
    return _opened(np.sqrt(variance).mean(axis=2) / 255 < threshold)


def _differences(a: Picture, b: Picture) -> NDArray[np.float32]:
    """Return Σ over channels |a − b| on 0..1, (height, width)."""
    apart = np.abs(a.astype(np.int16) - b)
    total: NDArray[np.float32] = apart.sum(axis=2, dtype=np.int32).astype(np.float32)
    return total / np.float32(255)


def _opened(mask: BoolArray) -> BoolArray:
    # The picture goes on beyond its border, as it were: what touches it is not eaten away.
    eroded = ndimage.binary_erosion(mask, _SQUARE, border_value=1)
    opened: BoolArray = ndimage.binary_dilation(eroded, _SQUARE)
    return opened


def _check_pictures(pictures: Sequence[Picture], *, one_size: bool = False) -> None:
    for picture in pictures:
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
            raise MaskError(f"A picture of shape {picture.shape} is not a colour picture.")
    sizes = {picture.shape[:2] for picture in pictures}
    if one_size and len(sizes) > 1:
        named = " and ".join(f"{width}×{height}" for height, width in sorted(sizes))
        raise MaskError(f"The pictures differ in size ({named}): give pictures of one size.")
