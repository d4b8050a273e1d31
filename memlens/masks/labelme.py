"""labelme's JSON, read without labelme: polygons, rectangles, circles and masks."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from memlens.errors import MaskError
from memlens.masks.changes import MAX_PIXELS
from memlens.masks.coco import MAX_MASKS, MAX_TOTAL_PIXELS
from memlens.masks.kinds import IMPORTED
from memlens.masks.named_mask import BoolArray, NamedMask
from memlens.masks.outlines import MAX_POINTS, OutlineDrawing, point_of
from memlens.masks.pictures import read_mask_picture, size_differs
from memlens.masks.shapes import Ellipse, Point, Polygon, Rectangle, Region, Shape, rasterize

MAX_SHAPES = 10_000
_OUTLINES = ("polygon", "oriented_rectangle")


def is_labelme(values: Any) -> bool:
    """Whether JSON looks like a labelme file."""
    return isinstance(values, dict) and isinstance(values.get("shapes"), list)


def masks_of_labelme(
    values: Mapping[str, Any], size: tuple[int, int] | None
) -> tuple[NamedMask, ...]:
    """Read a labelme file: one mask per label, all its shapes together.

    Shapes that cover no area (points and lines) are passed over.

    Parameters
    ----------
    values
        The JSON.
    size
        (height, width) demanded; None takes any.

    Raises
    ------
    ValueError, MaskError
        If it is damaged or too large; judged before memory is taken.
    KeyError, TypeError
        If something is missing or of another type.
    """
    height, width = values["imageHeight"], values["imageWidth"]
    if not (type(height) is int and type(width) is int and height > 0 and width > 0):
        raise ValueError(f"its picture's size {width!r}×{height!r} is no size")
    if height * width > MAX_PIXELS:
        raise ValueError(f"its picture has {width}×{height} pixels")
    if size is not None and (height, width) != size:
        raise ValueError(size_differs((height, width), size))
    _check_amount(values["shapes"], (height, width))
    masks: dict[str, BoolArray] = {}
    drawing = OutlineDrawing()
    for shape in values["shapes"]:
        region = _region(shape, (height, width))
        if region is None:
            continue
        label = str(shape["label"])
        if label not in masks:
            masks[label] = np.zeros((height, width), dtype=np.bool_)
        drawing.add(region, masks[label])
    return tuple(
        NamedMask(name=label, kind=IMPORTED, pixels=pixels) for label, pixels in masks.items()
    )


def _check_amount(shapes: Any, size: tuple[int, int]) -> None:
    if len(shapes) > MAX_SHAPES:
        raise ValueError(f"it holds {len(shapes):,} shapes, more than {MAX_SHAPES:,}")
    points = sum(len(shape["points"]) for shape in shapes)
    if points > MAX_POINTS:
        raise ValueError(f"its shapes have {points:,} points, more than {MAX_POINTS:,}")
    labels = len({str(shape["label"]) for shape in shapes})
    if labels > MAX_MASKS or labels * size[0] * size[1] > MAX_TOTAL_PIXELS:
        raise ValueError(f"it holds {labels:,} labels, too many for a picture so large")


def _region(shape: Mapping[str, Any], size: tuple[int, int]) -> Region | None:
    kind = shape.get("shape_type") or "polygon"
    points = [point_of(point) for point in shape["points"]]
    if kind == "mask":
        return _pasted(shape["mask"], points, size)
    drawn = _shape(kind, points)
    return None if drawn is None else rasterize(drawn, size)


def _shape(kind: str, points: list[Point]) -> Shape | None:
    if kind in _OUTLINES:
        return Polygon(tuple(points))
    if kind == "rectangle":
        (x0, y0), (x1, y1) = points
        return Rectangle(x0, y0, x1, y1)
    if kind == "circle":
        (x, y), (edge_x, edge_y) = points
        radius = math.hypot(edge_x - x, edge_y - y)
        return Ellipse(x - radius, y - radius, x + radius, y + radius)
    if kind in ("point", "points", "line", "linestrip"):
        return None
    raise MaskError(f"its shape of type {kind!r} is unknown.")


def _pasted(coded: Any, points: list[Point], size: tuple[int, int]) -> Region:
    # Both corners are pixels of the mask.
    (x0, y0), (x1, y1) = ((round(x), round(y)) for x, y in points)
    if not (0 <= x0 <= x1 < size[1] and 0 <= y0 <= y1 < size[0]):
        raise ValueError("one of its masks reaches beyond the picture")
    box = (y1 - y0 + 1, x1 - x0 + 1)
    return Region(y0, x0, read_mask_picture(base64.b64decode(coded, validate=True), box))
