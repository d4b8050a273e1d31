"""Maps as images of the screen's pixels: interpolated or as squares, through a colormap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ui.canvas import colormaps
from ui.canvas.scale import Scale
from ui.view.view_state import ByteArray, FloatArray

Span = tuple[float, float]
IndexArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Seen:
    """What part of a map is seen, in the map's own coordinates, and on how many pixels."""

    columns: Span
    rows: Span
    width: int
    height: int


class MapImages:
    """Makes images of maps; keeps the memory that it works in, for new memory costs more."""

    def __init__(self) -> None:
        self._work = (np.zeros(0, np.float32), np.zeros(0, np.float32))
        self._places = np.zeros(0, np.uint8)

    def smooth(self, values: FloatArray, scale: Scale, colormap: str, seen: Seen) -> QImage:
        """Return values interpolated between coordinates.

        The values are interpolated, not the colours: a colour mixed between two others of a
        colormap is not on the colormap.
        """
        # On a linear scale it is the same whether few values are scaled or all between them.
        given = values if scale.linear is not None else _entries(values, scale)
        if not _all_finite(given):
            made = resampled(values, seen.columns, seen.rows, seen.width, seen.height)
            return map_image(made, scale, colormaps.table(colormap))
        made = self._between(given, seen)
        if scale.linear is not None:
            made = _entries(made, scale)
        made.clip(0.0, 255.0, out=made)
        places = self._places[: made.size].reshape(made.shape)
        np.copyto(places, made, casting="unsafe")
        return _through(places, colormap)

    def squares(self, values: FloatArray, scale: Scale, colormap: str, seen: Seen) -> QImage:
        """Return each value as a square, what is missing transparent."""
        high, wide = values.shape
        columns = nearest(wide, seen.columns, seen.width)
        rows = nearest(high, seen.rows, seen.height)
        colours = _colours(values, scale, colormaps.table(colormap))
        form = QImage.Format.Format_ARGB32_Premultiplied
        return enlarged(colours, columns, rows, form)

    def _between(self, values: FloatArray, seen: Seen) -> FloatArray:
        """As `resampled`, in memory that the next call overwrites."""
        left, right, share = _neighbours(values.shape[1], seen.columns, seen.width)
        across = values.take(left, axis=1)
        rise = values.take(right, axis=1)
        rise -= across
        rise *= share
        across += rise
        np.subtract(across[1:], across[:-1], out=rise[:-1])
        rise[-1] = 0.0
        above, _, share = _neighbours(values.shape[0], seen.rows, seen.height)
        made, start = self._memory(seen.height, seen.width)
        # Whole rows are copied: far quicker than picking single values.
        rise.take(above, axis=0, out=made, mode="clip")
        made *= share[:, None]
        across.take(above, axis=0, out=start, mode="clip")
        made += start
        return made

    def _memory(self, height: int, width: int) -> tuple[FloatArray, FloatArray]:
        size = height * width
        if self._work[0].size < size:
            self._work = (np.zeros(size, np.float32), np.zeros(size, np.float32))
            self._places = np.zeros(size, np.uint8)
        made, start = (work[:size].reshape(height, width) for work in self._work)
        return made, start


def _through(entries: ByteArray, colormap: str) -> QImage:
    """Return entries of a colormap as an opaque image: Qt is faster at this than numpy."""
    height, width = entries.shape
    wrapped = QImage(entries.data, width, height, width, QImage.Format.Format_Indexed8)
    wrapped.setColorTable(_colour_list(colormap))
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)


def map_image(values: FloatArray, scale: Scale, colours: NDArray[np.uint32]) -> QImage:
    """Return values through 256 colours: the scale's levels at the two ends, NaN transparent.

    Values beyond an end take that end's colour; the colour bar then shows an arrow.
    """
    return _argb_image(_colours(values, scale, colours))


def interpolated(values: FloatArray, finer: int) -> FloatArray:
    """Return values bilinearly `finer` times as dense, pixel centres kept, edges held."""
    high, wide = values.shape
    return resampled(values, (0.0, float(wide)), (0.0, float(high)), wide * finer, high * finer)


def resampled(values: FloatArray, columns: Span, rows: Span, width: int, height: int) -> FloatArray:
    """Return a part of `values` bilinearly with other dimensions, edges held.

    Value (r, c) is known at its pixel's centre, (c + ½, r + ½).
    """
    above, below, high_share = _neighbours(values.shape[0], rows, height)
    left, right, share = _neighbours(values.shape[1], columns, width)
    with np.errstate(invalid="ignore"):
        down = values[above] + (values[below] - values[above]) * high_share[:, None]
        start = down[:, left]
        made: FloatArray = down[:, right]
        made -= start
        made *= share
        made += start
    return made


def enlarged(
    argb: NDArray[np.uint32], columns: IndexArray, rows: IndexArray, form: QImage.Format
) -> QImage:
    """Return an image of the pixels of `argb` at `columns` and `rows`."""
    made = QImage(len(columns), len(rows), form)
    pixels = np.frombuffer(made.bits(), np.uint32).reshape(len(rows), len(columns))
    # Whole rows are copied last: far quicker than picking single pixels.
    np.take(argb.take(columns, axis=1), rows, axis=0, out=pixels, mode="clip")
    return made


def _entries(values: FloatArray, scale: Scale) -> FloatArray:
    """Return places in a table of 256 colours, not yet within its ends."""
    made = scale.shares(values)
    with np.errstate(invalid="ignore", over="ignore"):
        made *= np.float32(256.0)
    return made


def _colours(values: FloatArray, scale: Scale, colours: NDArray[np.uint32]) -> NDArray[np.uint32]:
    entries = _entries(values, scale)
    absent = None if _all_finite(entries) else np.isnan(entries)
    if absent is not None:
        entries[absent] = 0.0
    np.clip(entries, 0.0, 255.0, out=entries)
    argb = np.take(colours, entries.astype(np.uint8))
    if absent is not None:
        argb[absent] = 0
    return argb


def _all_finite(values: FloatArray) -> bool:
    """Whether no value is missing or infinite, or so large that their sum is."""
    # One sum tells it, far cheaper than a look at each.
    with np.errstate(invalid="ignore", over="ignore"):
        return bool(np.isfinite(np.add.reduce(values, axis=None)))


def _argb_image(argb: NDArray[np.uint32]) -> QImage:
    height, width = argb.shape
    wrapped = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return wrapped.copy()


@lru_cache(maxsize=16)
def _colour_list(colormap: str) -> list[int]:
    colours: list[int] = colormaps.table(colormap).tolist()
    return colours


@lru_cache(maxsize=64)
def _neighbours(count: int, span: Span, size: int) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Return for each of `size` places the two values around it and how far it is to the second."""
    place = span[0] + (np.arange(size) + 0.5) * (span[1] - span[0]) / size - 0.5
    place = np.clip(place, 0, count - 1)
    first = np.floor(place).astype(np.intp)
    second = np.minimum(first + 1, count - 1)
    return first, second, (place - first).astype(np.float32)


@lru_cache(maxsize=64)
def nearest(count: int, span: Span, size: int) -> IndexArray:
    """Return for each of `size` places the value whose pixel it lies in."""
    place = span[0] + (np.arange(size) + 0.5) * (span[1] - span[0]) / size
    return np.clip(np.floor(place), 0, count - 1).astype(np.intp)
