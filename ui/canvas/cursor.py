"""What lies under the cursor in one panel."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from ui.view.numbers import ABSENT, short
from ui.view.view_state import PanelView

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one panel says about the place under the cursor.

    Attributes
    ----------
    value
        "0.412 ± 0.031", "inside", or "" where the panel has none.
    pixel
        "x 113 · y 204" in the picture.
    rgb
        The picture's colour there, None without a picture.
    """

    value: str
    pixel: str
    rgb: tuple[int, int, int] | None


def content_shape(view: PanelView) -> Shape:
    """Return (height, width) of what a panel shows, (1, 1) for nothing."""
    for array in (view.picture, view.mask, view.values):
        if array is not None:
            return array.shape[0], array.shape[1]
    return 1, 1


def grid_shape(view: PanelView) -> Shape:
    """Return the (height, width) of the pixels that a panel's cursor outlines."""
    if view.values is not None:
        return view.values.shape[0], view.values.shape[1]
    return content_shape(view)


def cell(shape: Shape, place: QPointF) -> tuple[int, int] | None:
    """Return (row, column) of the pixel at `place` (in shares), None outside."""
    row, column = int(place.y() * shape[0] // 1), int(place.x() * shape[1] // 1)
    if 0 <= row < shape[0] and 0 <= column < shape[1]:
        return row, column
    return None


def cell_area(shape: Shape, place: QPointF, target: QRectF) -> QRectF | None:
    """Return where the pixel at `place` lies when the whole picture lies on `target`."""
    found = cell(shape, place)
    if found is None:
        return None
    row, column = found
    width, height = target.width() / shape[1], target.height() / shape[0]
    return QRectF(target.x() + column * width, target.y() + row * height, width, height)


def reading(view: PanelView, place: QPointF) -> Reading | None:
    """Return what `view` says about `place`, None outside the picture."""
    found = cell(content_shape(view), place)
    if found is None:
        return None
    row, column = found
    rgb = None
    if view.picture is not None:
        red, green, blue = (int(part) for part in view.picture[row, column, :3])
        rgb = (red, green, blue)
    return Reading(value=_value(view, place), pixel=f"x {column} · y {row}", rgb=rgb)


def _value(view: PanelView, place: QPointF) -> str:
    if view.values is not None:
        at = cell(grid_shape(view), place)
        if at is None:
            return ABSENT
        text = short(float(view.values[at]))
        if view.standard_error is not None and view.standard_error.shape == view.values.shape:
            error = short(float(view.standard_error[at]), 2)
            text = f"{text} ± {error}"
        return f"{text} {view.units}".rstrip()
    return ""
