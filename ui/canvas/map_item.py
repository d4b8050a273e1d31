"""A map in a scene: entries of a colormap, a square a value or interpolated values."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from memlens.maps.scale import Scale
from ui.canvas import colormaps
from ui.canvas.device_pixels import on_device
from ui.look.graphs import pg
from ui.view.view_state import ByteArray, FloatArray

IndexArray = NDArray[np.intp]
# The entry of what is missing, where something is: transparent, and no value's.
_MISSING = 255


class MapItem(pg.ImageItem):
    """Lies on the unit square of its parent, and is painted pixel by pixel of the screen.

    Left to itself an `ImageItem` lets Qt scale the entries: five times the work of a plain copy,
    shared out to threads that wait for their turn while a job computes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: FloatArray | None = None
        self._how: tuple[Scale, str, bool] | None = None
        self._made: tuple[QRectF, QRect] | None = None
        self._seen = QRectF(0, 0, 1, 1)

    def show_map(self, values: FloatArray, scale: Scale, colormap: str, nearest: bool) -> None:
        """Show values (height, width) through a colormap, NaN transparent."""
        if values is self._values and (scale, colormap, nearest) == self._how:
            return
        self._values, self._how, self._made = values, (scale, colormap, nearest), None
        self.setImage(values, autoLevels=False, levels=(scale.low, scale.high))
        self.setRect(0, 0, 1, 1)

    def lay_out(self, seen: QRectF) -> None:
        """Take what part of the unit square is seen."""
        self._seen = seen

    def paint(self, painter: QPainter, *args: object) -> None:
        """Draw what is seen of the map."""
        if self._how is None or self._values is None:
            return
        device = painter.deviceTransform()
        # The item's own units are the map's pixels.
        target = device.mapRect(self.boundingRect())
        area = device.mapRect(self.mapRectFromParent(self._seen)).toRect()
        if area.isEmpty():
            return
        if self._made != (target, area):
            self._made = (target, area)
            self.render_seen(target, area)
        with on_device(painter):
            painter.drawImage(area.topLeft(), self.qimage)

    def render_seen(self, target: QRectF, area: QRect) -> None:
        """Make the image of the pixels `area` of the screen, when the map lies on `target`."""
        assert self._how is not None and self._values is not None
        scale, colormap, nearest = self._how
        make = square_entries if nearest else smooth_entries
        made = make(self._values, scale, target, area)
        gaps = has_gaps(self._values)
        wide, high = area.width(), area.height()
        wrapped = QImage(made.data, wide, high, wide, QImage.Format.Format_Indexed8)
        wrapped.setColorTable(_colours(colormap, gaps))
        form = QImage.Format
        self.qimage = wrapped.convertToFormat(
            form.Format_ARGB32_Premultiplied if gaps else form.Format_RGB32
        )


def entries(values: FloatArray, scale: Scale) -> ByteArray:
    """Return places in a table of 256 colours, the last one for what is missing if anything is."""
    return _whole(_places(values, scale), gaps=has_gaps(values))


def square_entries(values: FloatArray, scale: Scale, target: QRectF, seen: QRect) -> ByteArray:
    """Return as `smooth_entries` each value over the area that it covers."""
    height, width = values.shape
    rows = _nearest(height, target.y(), target.height(), seen.y(), seen.height())
    columns = _nearest(width, target.x(), target.width(), seen.x(), seen.width())
    # Whole rows are copied last: far quicker than picking single pixels.
    return entries(values, scale).take(columns, axis=1).take(rows, axis=0)


def smooth_entries(values: FloatArray, scale: Scale, target: QRectF, seen: QRect) -> ByteArray:
    """Return entries of values interpolated between their pixels' centres, one per device pixel.

    The values are interpolated, not the colours: a colour mixed between two others of a
    colormap is not on the colormap.

    Parameters
    ----------
    target
        Where all of the map lies, in device pixels.
    seen
        Which of them are wanted.
    """
    given = _places(values, scale)
    # On a linear scale it is the same whether few values are scaled or all between them.
    if scale.linear is None and not has_gaps(given):
        made = resampled(given, target, seen)
    else:
        made = _places(resampled(values, target, seen), scale)
    return _whole(made, gaps=has_gaps(values))


def resampled(values: FloatArray, target: QRectF, seen: QRect) -> FloatArray:
    """Return values (height, width) that lie on `target` bilinearly at the pixels of `seen`."""
    height, width = values.shape
    across, down = width / target.width(), height / target.height()
    left, top = (seen.x() - target.x()) * across, (seen.y() - target.y()) * down
    right, bottom = left + seen.width() * across, top + seen.height() * down
    # Half a value beyond each edge is held there.
    held = np.pad(values, 1, mode="edge")
    box = (left + 1, top + 1, right + 1, bottom + 1)
    size = (seen.width(), seen.height())
    made = Image.fromarray(held).resize(size, Image.Resampling.BILINEAR, box=box)
    return np.asarray(made, np.float32)


def has_gaps(values: FloatArray) -> bool:
    """Whether any value is missing or infinite, or so large that their sum is."""
    # One sum tells it, far cheaper than a look at each.
    with np.errstate(invalid="ignore", over="ignore"):
        return not np.isfinite(np.add.reduce(values, axis=None))


def _places(values: FloatArray, scale: Scale) -> FloatArray:
    with np.errstate(invalid="ignore", over="ignore"):
        return scale.shares(values) * np.float32(256.0)


def _whole(places: FloatArray, *, gaps: bool) -> ByteArray:
    if not gaps:
        return places.clip(0.0, 255.0).astype(np.uint8)
    made = np.nan_to_num(places, nan=0.0).clip(0.0, 254.0).astype(np.uint8)
    made[np.isnan(places)] = _MISSING
    return made


@lru_cache(maxsize=16)
def _colours(colormap: str, gaps: bool) -> list[int]:
    colours: list[int] = colormaps.table(colormap).tolist()
    return [*colours[:_MISSING], 0] if gaps else colours


@lru_cache(maxsize=64)
def _nearest(count: int, origin: float, length: float, start: int, size: int) -> IndexArray:
    """Return for `size` pixels of the screen the value whose pixel each one's centre lies in."""
    places = (np.arange(start, start + size) + 0.5 - origin) * (count / length)
    found: IndexArray = np.floor(places).clip(0, count - 1).astype(np.intp)
    return found
