"""COCO's JSON of masks: run lengths column by column, compressed or as a list, or outlines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_masks

from memlens.masks.changes import MAX_PIXELS
from memlens.masks.kinds import IMPORTED
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.outlines import MAX_POINTS, OutlineDrawing, point_of
from memlens.masks.pictures import size_differs
from memlens.masks.shapes import Polygon, rasterize

MAX_MASKS = 1000
# Of all masks of a file together.
MAX_TOTAL_PIXELS = 4 * MAX_PIXELS


def is_coco(values: Any) -> bool:
    """Whether JSON looks like a COCO data set, a list of its annotations, or one mask."""
    if isinstance(values, list):
        return bool(values) and all(is_coco(value) for value in values[:1])
    return isinstance(values, dict) and bool({"annotations", "segmentation", "counts"} & {*values})


def masks_of_coco(values: Any, size: tuple[int, int] | None, *, name: str) -> tuple[NamedMask, ...]:
    """Read the masks of COCO JSON.

    Parameters
    ----------
    values
        A data set, a list of annotations or masks, one annotation, or one mask; of one picture.
    size
        (height, width) demanded; None takes any.
    name
        For masks without a category.

    Raises
    ------
    ValueError
        If it is damaged or too large; judged before memory is taken.
    KeyError, TypeError
        If something is missing or of another type.
    """
    names: dict[Any, str] = {}
    sizes: dict[Any, tuple[int, int]] = {}
    if isinstance(values, dict) and "annotations" in values:
        names = {each["id"]: str(each["name"]) for each in values.get("categories", ())}
        sizes = {each["id"]: (each["height"], each["width"]) for each in values.get("images", ())}
        values = values["annotations"]
    if isinstance(values, dict):
        values = [values]
    if len(values) > MAX_MASKS:
        raise ValueError(f"it holds {len(values):,} masks, more than {MAX_MASKS:,}")
    _check_annotations(values)
    drawing, masks, total = OutlineDrawing(), [], 0
    for value in values:
        coded = value.get("segmentation", value)
        outlined = not isinstance(coded, Mapping)
        stated = sizes.get(value.get("image_id")) if outlined else coded["size"]
        if stated is None:
            raise ValueError("its outlines do not say how large the picture is")
        height, width = _checked_size(stated)
        if size is not None and (height, width) != size:
            raise ValueError(size_differs((height, width), size))
        total += height * width
        if total > MAX_TOTAL_PIXELS:
            raise ValueError(f"its masks have more than {MAX_TOTAL_PIXELS:,} pixels")
        if outlined:
            pixels = _drawn(coded, (height, width), drawing)
        else:
            pixels = _decoded(coded["counts"], height, width)
        called = names.get(value.get("category_id"), name)
        masks.append(NamedMask(name=called, kind=IMPORTED, pixels=pixels))
    return tuple(masks)


def coco_of(masks: Sequence[NamedMask]) -> dict[str, Any]:
    """Return a COCO data set of one picture's masks, a category each."""
    height, width = masks[0].pixels.shape
    annotations = []
    for number, mask in enumerate(masks, start=1):
        coded = coco_masks.encode(np.asfortranarray(mask.pixels.astype(np.uint8)))
        annotations.append(
            {
                "id": number,
                "image_id": 1,
                "category_id": number,
                "segmentation": {"size": [height, width], "counts": coded["counts"].decode()},
                "area": int(coco_masks.area(coded)),
                "bbox": [float(side) for side in coco_masks.toBbox(coded)],
                "iscrowd": 1,
            }
        )
    return {
        "images": [{"id": 1, "width": width, "height": height, "file_name": ""}],
        "annotations": annotations,
        "categories": [
            {"id": number, "name": mask.name} for number, mask in enumerate(masks, start=1)
        ],
    }


def _check_annotations(values: Sequence[Any]) -> None:
    if not all(isinstance(value, Mapping) for value in values):
        raise ValueError("one of its masks is no object of JSON")
    pictures = {value.get("image_id") for value in values}
    if len(pictures) > 1:
        raise ValueError(f"it is about {len(pictures)} pictures, not one")
    outlines = [value.get("segmentation") for value in values]
    points = sum(
        len(part)
        for outline in outlines
        if isinstance(outline, list)
        for part in outline
        if isinstance(part, list)
    )
    if points > 2 * MAX_POINTS:
        raise ValueError(f"its outlines have {points // 2:,} points, more than {MAX_POINTS:,}")


def _drawn(outlines: Any, size: tuple[int, int], drawing: OutlineDrawing) -> BoolArray:
    """Draw the outlines (x, y, x, y, …) of one mask together."""
    if not isinstance(outlines, list) or not all(
        isinstance(part, list) and len(part) >= 6 and len(part) % 2 == 0 for part in outlines
    ):
        raise ValueError("its outlines are not lists of three points or more")
    pixels = np.zeros(size, dtype=np.bool_)
    for part in outlines:
        points = tuple(point_of(point) for point in zip(part[::2], part[1::2], strict=True))
        drawing.add(rasterize(Polygon(points), size), pixels)
    return pixels


def _checked_size(size: Any) -> tuple[int, int]:
    height, width = size
    if not (type(height) is int and type(width) is int and height > 0 and width > 0):
        raise ValueError(f"its size {size!r} is no size")
    if height * width > MAX_PIXELS:
        raise ValueError(f"it has {width}×{height} pixels")
    return height, width


def _decoded(counts: Any, height: int, width: int) -> BoolArray:
    if isinstance(counts, str):
        lengths = _uncompressed(counts)
    elif isinstance(counts, list) and all(type(count) is int for count in counts):
        if not all(0 <= count <= height * width for count in counts):
            raise ValueError("its run lengths are out of range")
        lengths = np.array(counts, dtype=np.int64)
    else:
        raise ValueError("its run lengths are neither text nor whole numbers")
    within = lengths.size and lengths.min() >= 0 and lengths.max() <= height * width
    if not within or int(lengths.sum()) != height * width:
        raise ValueError(f"its run lengths do not make {width}×{height} pixels")
    # The library decodes unchecked, and in a way that NumPy is about to drop.
    column_wise = np.repeat(np.arange(lengths.size) % 2 == 1, lengths)
    return np.ascontiguousarray(column_wise.reshape(width, height).T)


def _uncompressed(counts: str) -> NDArray[np.int64]:
    """Undo COCO's text form: groups of 5 bits, signed, each the difference to the last but one."""
    data = np.frombuffer(counts.encode("ascii"), dtype=np.uint8).astype(np.int64) - 48
    if not data.size or data.min() < 0 or data.max() > 63 or data[-1] & 32:
        raise ValueError("its run lengths are damaged")
    ends = np.flatnonzero((data & 32) == 0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    digits = ends - starts + 1
    if digits.max() > 7:
        raise ValueError("its run lengths are out of range")
    shifts = 5 * (np.arange(data.size) - np.repeat(starts, digits))
    lengths = np.add.reduceat((data & 31) << shifts, starts)
    lengths -= np.where(data[ends] & 16, 1 << (5 * digits), 0)
    if lengths.size * int(np.abs(lengths).max()) > math.floor(2**62):
        raise ValueError("its run lengths are out of range")
    # The first three stand for themselves.
    lengths[1::2] = np.cumsum(lengths[1::2])
    lengths[2::2] = np.cumsum(lengths[2::2])
    return lengths
