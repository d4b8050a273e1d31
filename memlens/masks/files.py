"""Mask files: read and written by the ending of the name (.png, .npy, .json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from memlens.errors import MaskError, OutputError
from memlens.files.array_files import ArrayFileError, read_array
from memlens.files.atomic_write import atomic_write
from memlens.masks.changes import MAX_PIXELS
from memlens.masks.coco import MAX_TOTAL_PIXELS, coco_of, is_coco, masks_of_coco
from memlens.masks.kinds import IMPORTED
from memlens.masks.labelme import is_labelme, masks_of_labelme
from memlens.masks.named_mask import BoolArray, NamedMask, tidy_name
from memlens.masks.pictures import check_length, read_mask_picture, size_differs

ENDINGS = (".png", ".npy", ".json")
MAX_JSON_BYTES = 64 << 20
_NO_ENDING = f"a mask's name ends in {', '.join(ENDINGS)}"
_DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    MemoryError,
    RecursionError,
    SyntaxError,
)


def read_mask(
    path: Path, size: tuple[int, int] | None, *, resize: bool = False
) -> tuple[NamedMask, ...]:
    """Read the masks in a file: one from a PNG or NPY, any number from JSON (COCO, labelme).

    Parameters
    ----------
    path
        ``.png`` (true above half), ``.npy`` (boolean, or 0 and 1, or 0 and 255) or ``.json``.
    size
        (height, width) of the picture; None takes any.
    resize
        Resample masks of another size (nearest) instead of refusing them.

    Returns
    -------
    tuple of NamedMask
        At least one; imported, named as in the file, or as the file.

    Raises
    ------
    MaskError
        If the file is damaged, too large, of another format or another size.
    """
    demanded = None if resize else size
    try:
        masks = _read(path, demanded)
        _check_resized(masks, size)
    except MaskError as error:
        raise MaskError(f"{path} cannot be read as a mask: {str(error).rstrip('.')}.") from error
    except _DAMAGE as error:
        raise MaskError(f"{path} cannot be read as a mask: {_reason(error)}.") from error
    return tuple(
        NamedMask(
            name=tidy_name(mask.name, instead="mask"),
            kind=mask.kind,
            pixels=mask.pixels if size is None else resized(mask.pixels, size),
        )
        for mask in masks
    )


def write_mask(path: Path, mask: NamedMask | BoolArray) -> None:
    """Write a mask: PNG (0 and 255), NPY (boolean) or COCO JSON (run lengths), atomically.

    Raises
    ------
    MaskError
        If the name ends otherwise.
    OutputError
        If it cannot be written; the old file is whole.
    """
    if not isinstance(mask, NamedMask):
        mask = NamedMask(name=path.stem, kind=IMPORTED, pixels=mask)
    pixels = np.ascontiguousarray(mask.pixels)
    if path.suffix.lower() not in ENDINGS:
        raise MaskError(f"{path} was not written: {_NO_ENDING}.")
    try:
        with atomic_write(path) as stream:
            if path.suffix.lower() == ".png":
                Image.fromarray(pixels.astype(np.uint8) * np.uint8(255)).save(stream, "PNG")
            elif path.suffix.lower() == ".npy":
                np.lib.format.write_array(stream, pixels, version=(1, 0), allow_pickle=False)
            else:
                stream.write(json.dumps(coco_of((mask,)), ensure_ascii=True).encode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} was not written: {reason}.") from error


def resized(pixels: BoolArray, size: tuple[int, int]) -> BoolArray:
    """Resample a mask to `size` = (height, width), nearest."""
    if pixels.shape == size:
        return pixels
    height, width = size
    rows = (np.arange(height) * 2 + 1) * pixels.shape[0] // (2 * height)
    columns = (np.arange(width) * 2 + 1) * pixels.shape[1] // (2 * width)
    sampled: BoolArray = pixels[rows[:, None], columns]
    return sampled


def _check_resized(masks: tuple[NamedMask, ...], size: tuple[int, int] | None) -> None:
    # A file of a thousand tiny masks is small until they are as large as the picture.
    if size is not None and len(masks) * size[0] * size[1] > MAX_TOTAL_PIXELS:
        raise ValueError(f"it holds {len(masks):,} masks, too many for a picture so large")


def _read(path: Path, size: tuple[int, int] | None) -> tuple[NamedMask, ...]:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise MaskError(_NO_ENDING)
    if ending == ".json":
        return _read_json(path, size)
    pixels = read_mask_picture(path, size) if ending == ".png" else _read_array(path, size)
    return (NamedMask(name=path.stem, kind=IMPORTED, pixels=pixels),)


def _read_array(path: Path, size: tuple[int, int] | None) -> BoolArray:
    with path.open("rb") as stream:
        length = path.stat().st_size
        values = read_array(
            stream, kinds="biuf", dimensions=2, max_bytes=min(length, 8 * MAX_PIXELS)
        )
    if values.size == 0 or values.size > MAX_PIXELS:
        raise ValueError(f"it has {values.shape[1]}×{values.shape[0]} pixels")
    if size is not None and values.shape != size:
        raise ValueError(size_differs(values.shape, size))
    if values.dtype == np.bool_:
        # A file may call any byte a boolean.
        return np.not_equal(values.view(np.uint8), 0)
    found: BoolArray = values != 0
    top = values.max()
    if top not in (0, 1, 255) or not np.array_equal(values, found * top):
        raise ValueError("it holds other numbers than 0 and 1, or 0 and 255")
    return found


def _read_json(path: Path, size: tuple[int, int] | None) -> tuple[NamedMask, ...]:
    check_length(path, MAX_JSON_BYTES)
    values: Any = json.loads(path.read_bytes())
    if is_labelme(values):
        masks = masks_of_labelme(values, size)
    elif is_coco(values):
        masks = masks_of_coco(values, size, name=path.stem)
    else:
        raise ValueError("it is neither COCO's nor labelme's JSON")
    if not masks:
        raise ValueError("it holds no region")
    return masks


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    if isinstance(error, ArrayFileError):
        return f"it {error}"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "it is not whole JSON"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it does not fit into memory"
    if isinstance(error, ValueError) and str(error):
        return str(error).splitlines()[0].rstrip(".")
    return f"it is damaged ({type(error).__name__})"
