"""Pictures that nobody has vouched for, as files or bytes: the size first, then the pixels."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import MaskError
from memlens.masks.changes import MAX_PIXELS
from memlens.masks.named_mask import BoolArray

MAX_FILE_BYTES = 256 << 20

_NOT_A_PICTURE = (
    OSError,
    SyntaxError,
    EOFError,
    ValueError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class PictureError(ValueError):
    """A picture is damaged or too large; the message is a clause."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture, (height, width, 3).

    Raises
    ------
    MaskError
        If the file is not a picture, or has more than 8192² pixels.
    """
    try:
        check_length(path)
        with path.open("rb") as stream, _opened(stream, None, None) as picture:
            return np.array(_converted(picture, "RGB"))
    except _NOT_A_PICTURE as error:
        raise MaskError(f"{path} cannot be read as a picture: {reason_of(error)}.") from error


def read_mask_picture(
    source: Path | bytes, size: tuple[int, int] | None, *, formats: tuple[str, ...] = ("PNG",)
) -> BoolArray:
    """Read a picture as a mask: true where it is brighter than half.

    Parameters
    ----------
    source
        A file, or its content.
    size
        (height, width) demanded before anything is decoded; None takes any.
    formats
        Pillow's names of those accepted.

    Raises
    ------
    PictureError
        If it is not such a picture.
    OSError
        If the file cannot be opened.
    """
    if isinstance(source, Path):
        check_length(source)
        with source.open("rb") as stream:
            return read_mask_picture(stream.read(), size, formats=formats)
    try:
        with _opened(io.BytesIO(source), formats, size) as picture:
            if picture.mode.startswith("I"):
                return np.array(picture) > 0x7FFF
            return np.array(_converted(picture, "L")) > 127
    except _NOT_A_PICTURE as error:
        raise PictureError(reason_of(error)) from error


def check_length(path: Path, limit: int = MAX_FILE_BYTES) -> None:
    """Raise PictureError if a file is longer than `limit` bytes."""
    length = path.stat().st_size
    if length > limit:
        raise PictureError(f"it has {length:,} bytes, more than {limit:,}")


def reason_of(error: BaseException) -> str:
    """Say in a clause why a picture could not be read."""
    if isinstance(error, PictureError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return "it is not a whole picture, or too large a one"


def _opened(
    stream: BinaryIO, formats: tuple[str, ...] | None, size: tuple[int, int] | None
) -> Image.Image:
    picture = Image.open(stream, formats=formats)
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise PictureError(f"it has {width}×{height} pixels")
    if size is not None and size != (height, width):
        raise PictureError(size_differs((height, width), size))
    return picture


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    with warnings.catch_warnings():
        # Advice about transparency, which is dropped here.
        warnings.simplefilter("ignore", UserWarning)
        return picture.convert(mode)


def size_differs(found: tuple[int, int], wanted: tuple[int, int]) -> str:
    """Say in a clause that a mask has another size than the picture."""
    return (
        f"it has {found[1]}×{found[0]} pixels, the picture {wanted[1]}×{wanted[0]}; "
        "choose to resize it if it shows the same"
    )
