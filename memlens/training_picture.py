"""Read a training picture to compare a run with."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from memlens.errors import PictureError

_MOST_PIXELS = 100_000_000


def read_training_picture(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture at `size` = (height, width) as (height, width, 3).

    It is turned as its EXIF data say, cut to the proportions of `size` about its middle, as
    training pipelines do, and resampled (Lanczos).

    Raises
    ------
    PictureError
        If it is not a picture, damaged or too large.
    """
    height, width = size
    with _opened(path) as picture:
        try:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            fitted = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
        except (OSError, ValueError, SyntaxError) as error:
            raise PictureError(f"{path} is damaged: {error}.") from error
    return np.asarray(fitted, np.uint8).copy()


def looks_like_mask(path: Path) -> bool:
    """Whether a picture holds nothing but black and white.

    Raises
    ------
    PictureError
        As `read_training_picture`.
    """
    with _opened(path) as picture:
        try:
            colours = picture.convert("RGB").getcolors(2)
        except (OSError, ValueError, SyntaxError) as error:
            raise PictureError(f"{path} is damaged: {error}.") from error
    return colours is not None and {c for _, c in colours} <= {(0, 0, 0), (255, 255, 255)}


def _opened(path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(path)
    except UnidentifiedImageError as error:
        raise PictureError(f"{path} is not a picture that can be read.") from error
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(f"{path} cannot be read: {error}.") from error
    if picture.width * picture.height > _MOST_PIXELS:
        picture.close()
        raise PictureError(
            f"{path} has {picture.width} × {picture.height} pixels: 100 million are the most."
        )
    return picture
