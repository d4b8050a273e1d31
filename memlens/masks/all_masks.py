"""All masks of a picture written at once: PNG files named after them, COCO, or labelme."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import MaskError, OutputError
from memlens.files.atomic_write import atomic_write
from memlens.masks.coco import coco_of
from memlens.masks.named_mask import BoolArray, NamedMask

Picture = NDArray[np.uint8]

_LABELME_VERSION = "5.5.0"
# Not allowed in names by one of the systems that files travel between.
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_MAX_STEM = 100


def write_all_png(folder: Path, masks: Sequence[NamedMask]) -> tuple[Path, ...]:
    """Write every mask as a PNG (0 and 255) named after it.

    Two masks of one name, and files that are there already with other content, are told apart by
    a number; nothing is overwritten.

    Raises
    ------
    MaskError
        If there is no mask.
    OutputError
        If a file cannot be written; those before it are there.
    """
    _check(masks)
    taken: set[str] = set()
    written = []
    for mask in masks:
        data = _png(mask.pixels)
        path = _free_path(folder / f"{file_stem(mask.name)}.png", data, taken)
        _write(path, data)
        taken.add(path.name.lower())
        written.append(path)
    return tuple(written)


def write_all_coco(path: Path, masks: Sequence[NamedMask], picture: Picture) -> tuple[Path, ...]:
    """Write a COCO data set of run lengths, and beside it the picture that it names.

    Every mask is a category of its own name (told apart by a number), its kind the supercategory.

    Raises
    ------
    MaskError
        If there is no mask.
    OutputError
        If a file cannot be written.
    """
    _check(masks)
    beside = _write_picture(path, picture)
    values = coco_of(_told_apart(masks))
    values["images"][0]["file_name"] = beside.name
    for category, mask in zip(values["categories"], masks, strict=True):
        category["supercategory"] = mask.kind
    _write(path, json.dumps(values, ensure_ascii=True).encode())
    return path, beside


def write_all_labelme(path: Path, masks: Sequence[NamedMask], picture: Picture) -> tuple[Path, ...]:
    """Write a labelme file with a mask shape for each, and beside it the picture that it names.

    Labels are the masks' names, told apart by a number. An empty mask has no shape there.

    Raises
    ------
    MaskError
        If there is no mask.
    OutputError
        If a file cannot be written.
    """
    _check(masks)
    beside = _write_picture(path, picture)
    height, width = masks[0].pixels.shape
    shapes = [_shape(mask) for mask in _told_apart(masks) if mask.pixels.any()]
    values: dict[str, Any] = {
        "version": _LABELME_VERSION,
        "flags": {},
        "shapes": shapes,
        "imagePath": beside.name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    _write(path, json.dumps(values, ensure_ascii=True, indent=2).encode())
    return path, beside


def file_stem(name: str) -> str:
    """Return a mask's name as every system takes it for a file, without ending."""
    stem = _NO_FILE_NAME.sub("_", name)[:_MAX_STEM].strip(" .")
    return f"_{stem}" if not stem or _RESERVED.fullmatch(stem) else stem


def _check(masks: Sequence[NamedMask]) -> None:
    if not masks:
        raise MaskError("There is no mask to export.")


def _told_apart(masks: Sequence[NamedMask]) -> list[NamedMask]:
    taken: set[str] = set()
    made = []
    for mask in masks:
        name, number = mask.name, 2
        while name in taken:
            name, number = f"{mask.name} {number}", number + 1
        taken.add(name)
        made.append(NamedMask(name=name, kind=mask.kind, pixels=mask.pixels))
    return made


def _shape(mask: NamedMask) -> dict[str, Any]:
    rows = np.flatnonzero(mask.pixels.any(axis=1))
    columns = np.flatnonzero(mask.pixels.any(axis=0))
    top, left, bottom, right = (int(n) for n in (rows[0], columns[0], rows[-1], columns[-1]))
    inside = mask.pixels[top : bottom + 1, left : right + 1]
    return {
        "label": mask.name,
        "points": [[left, top], [right, bottom]],
        "group_id": None,
        "description": mask.kind,
        "shape_type": "mask",
        "flags": {},
        "mask": base64.b64encode(_png(inside)).decode(),
    }


def _png(pixels: BoolArray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8) * np.uint8(255)).save(stream, "PNG")
    return stream.getvalue()


def _write_picture(path: Path, picture: Picture) -> Path:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    beside = _free_path(path.with_suffix(".png"), stream.getvalue(), set())
    _write(beside, stream.getvalue())
    return beside


def _free_path(path: Path, data: bytes, taken: set[str]) -> Path:
    """Return a path that is free, or has this content: `NAME.png`, `NAME 2.png` and on."""
    number, free = 2, path
    while free.name.lower() in taken or (free.exists() and not _holds(free, data)):
        free, number = path.with_stem(f"{path.stem} {number}"), number + 1
    return free


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    try:
        with atomic_write(path) as stream:
            stream.write(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path} was not written: {reason}.") from error
