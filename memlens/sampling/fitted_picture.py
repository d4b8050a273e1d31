"""Bring a picture to a model's size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from memlens.errors import PictureError, SettingsError
from memlens.files.training_picture import opened_picture

CROP, PAD = "crop", "pad"
FITS = (CROP, PAD)
_GREY = (127, 127, 127)


def read_picture_file(path: Path) -> NDArray[np.uint8]:
    """Read a picture, turned as its EXIF data say, (height, width, 3).

    Raises
    ------
    PictureError
        If it is not a picture, damaged or too large.
    """
    with opened_picture(path) as picture:
        try:
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"), np.uint8).copy()
        except (OSError, ValueError, SyntaxError) as error:
            raise PictureError(f"{path} is damaged: {error}.") from error


def fitted(pixels: NDArray[np.uint8], size: tuple[int, int], fit: str = CROP) -> NDArray[np.uint8]:
    """Return a picture at `size` = (height, width), resampled (Lanczos) where it differs.

    Parameters
    ----------
    pixels
        (height, width, 3).
    size
        (height, width).
    fit
        "crop": cut to the proportions about its middle, as training pipelines do; "pad": whole,
        filled up with grey.

    Raises
    ------
    SettingsError
        If `fit` is another word.
    """
    if fit not in FITS:
        raise SettingsError(f"a picture cannot be fitted by {fit!r}: choose {' or '.join(FITS)}.")
    if pixels.shape[:2] == size:
        return pixels
    picture, sides = Image.fromarray(pixels), (size[1], size[0])
    if fit == CROP:
        made = ImageOps.fit(picture, sides, Image.Resampling.LANCZOS)
    else:
        made = ImageOps.pad(picture, sides, Image.Resampling.LANCZOS, color=_GREY)
    return np.asarray(made, np.uint8).copy()
