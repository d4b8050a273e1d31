"""Read a training picture to compare a run with."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from memlens.errors import PictureError

_MOST_PIXELS = 100_000_000
# How far channels differ in a grey, how far from an end is near it, and shares of the picture.
_GREY, _NEAR, _MOST, _SOME = 24, 48, 0.9, 0.01


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
    with opened_picture(path) as picture:
        try:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            fitted = ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
        except (OSError, ValueError, SyntaxError) as error:
            raise PictureError(f"{path} is damaged: {error}.") from error
    return np.asarray(fitted, np.uint8).copy()


@dataclass(frozen=True, slots=True, eq=False)
class TrainingPicture:
    """A picture that a run is compared with.

    Attributes
    ----------
    name
        Of its file, without its folder.
    pixels
        At the run's size, (height, width, 3), uint8.
    """

    name: str
    pixels: NDArray[np.uint8]


def nearly_black_and_white(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture is grey, has much of both ends, and little between: a resampled mask.

    Parameters
    ----------
    pixels
        (height, width, 3).
    """
    low, high = pixels.min(axis=2), pixels.max(axis=2)
    grey = np.subtract(high, low) <= _GREY
    dark, bright = high <= _NEAR, low >= 255 - _NEAR
    ends = dark.mean(), bright.mean()
    return bool(grey.mean() > _MOST and min(ends) > _SOME and sum(ends) > _MOST)


def looks_like_mask(path: Path) -> bool:
    """Whether a picture holds nothing but black and white.

    Raises
    ------
    PictureError
        As `read_training_picture`.
    """
    with opened_picture(path) as picture:
        try:
            colours = picture.convert("RGB").getcolors(2)
        except (OSError, ValueError, SyntaxError) as error:
            raise PictureError(f"{path} is damaged: {error}.") from error
    return colours is not None and {c for _, c in colours} <= {(0, 0, 0), (255, 255, 255)}


def opened_picture(path: Path) -> Image.Image:
    """Open a picture; its pixels are not read yet.

    Raises
    ------
    PictureError
        If it is not a picture, or too large.
    """
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
