"""Reading the ground truth of a picture, whatever form it has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import DatasetError, MaskError
from memlens.masks.files import read_mask as read_mask_file
from memlens.masks.files import resized

BoolArray = NDArray[np.bool_]
# The mask's file; True: all of the picture; False: nothing; None: not known.
Truth = Path | bool | None
_OWN_FORMATS = (".npy", ".json")


def read_truth(truth: Truth, size: tuple[int, int]) -> BoolArray | None:
    """Return what is memorized at `size` = (height, width); None where it is not known.

    Pictures are resampled as the official evaluation does (nearest, white meaning memorized).

    Raises
    ------
    DatasetError
        If the mask is missing or damaged; the message is a clause.
    """
    if truth is None or isinstance(truth, bool):
        return None if truth is None else np.full(size, truth)
    if truth.suffix.lower() in _OWN_FORMATS:
        return resized(_own(truth), size)
    try:
        with Image.open(truth) as picture:
            grey = picture.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(f"its mask {truth.name} cannot be read") from error
    height, width = size
    if grey.size != (width, height):
        grey = grey.resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(grey) > 127


def _own(path: Path) -> BoolArray:
    try:
        (first, *others) = read_mask_file(path, None)
    except MaskError as error:
        raise DatasetError(f"its mask {path.name} cannot be read") from error
    if others:
        raise DatasetError(f"its mask {path.name} holds several masks")
    return first.pixels
