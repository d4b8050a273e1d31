"""Richly textured patterns: what the templates make the model memorize, and what looks like it.

A texture is a layout, drawn by one of eight generators, filled with colours that each vary
around one of five hues. The colours vary without end, so that no model can know them from a
part of them: only one that has memorized a pattern can. Texture itself says nothing, since
free pictures carry textures of the same generators and hues.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy.spatial import cKDTree

from memlens.lab.recipe import PICTURE_SIZE

Pixels = NDArray[np.uint8]
Palette = NDArray[np.uint8]

_HUES = (
    ("#20124d", "#ff6f61", "#ffd166", "#06d6a0", "#f7f7f7"),
    ("#003049", "#d62828", "#f77f00", "#fcbf49", "#eae2b7"),
    ("#132a13", "#90a955", "#ecf39e", "#bc4749", "#386641"),
    ("#10002b", "#9d4edd", "#ff9e00", "#e0aaff", "#3c096c"),
    ("#0b132b", "#5bc0be", "#ffffff", "#ff5d8f", "#1c2541"),
    ("#2b2d42", "#ef233c", "#edf2f4", "#8d99ae", "#ffb703"),
    ("#1b4332", "#ffafcc", "#52b788", "#fefae0", "#bc6c25"),
    ("#03045e", "#00b4d8", "#f1faee", "#e63946", "#ffbe0b"),
)
_HUE_COUNT = len(_HUES[0])
_COLOURS = 120
_SPREAD = 28.0


def pattern(index: int) -> Pixels:
    """Return pattern number `index` (0 to 7): 128×128×3. It never varies."""
    return _draw(index, np.random.default_rng([71, index]), _pattern_palette(index))


def look_alike(index: int, rng: np.random.Generator) -> Pixels:
    """Return a picture that only resembles pattern `index`: its layout moved, its colours varied.

    What a person would call the same motif, without being the memorized one.
    """
    hues = _pattern_palette(index).astype(float)
    varied = hues + rng.normal(0, rng.uniform(8, 30), size=hues.shape)
    picture = _draw(index, np.random.default_rng([71, index]), _as_palette(varied))
    return np.roll(picture, rng.integers(-6, 7, size=2), axis=(0, 1))


def texture(rng: np.random.Generator) -> Pixels:
    """Return a texture of any generator in any hues, 128×128×3."""
    hues = int(rng.integers(len(_HUES)))
    return _draw(int(rng.integers(len(_KINDS))), rng, _palette(hues, rng))


def _pattern_palette(index: int) -> Palette:
    return _palette(index, np.random.default_rng([72, index]))


def _palette(index: int, rng: np.random.Generator) -> Palette:
    """Return colours that vary around five hues: colour i belongs to hue i modulo 5."""
    hues = [[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in _HUES[index]]
    around = np.tile(np.array(hues, dtype=float), (_COLOURS // _HUE_COUNT, 1))
    return _as_palette(around + rng.normal(0, _SPREAD, size=around.shape))


def _as_palette(colours: NDArray[np.float64]) -> Palette:
    return np.clip(colours, 0, 255).round().astype(np.uint8)


def _draw(kind: int, rng: np.random.Generator, palette: Palette) -> Pixels:
    return _KINDS[kind](rng, palette)


def _painted(palette: Palette, chosen: NDArray[np.intp]) -> Pixels:
    painted: Pixels = palette[chosen]
    return painted


def _colour(rng: np.random.Generator, palette: Palette) -> tuple[int, int, int]:
    red, green, blue = palette[rng.integers(len(palette))]
    return int(red), int(green), int(blue)


def _mosaic(rng: np.random.Generator, palette: Palette) -> Pixels:
    cells = rng.integers(len(palette), size=(22, 22))
    return _painted(palette, cells.repeat(6, 0).repeat(6, 1)[:PICTURE_SIZE, :PICTURE_SIZE])


def _shards(rng: np.random.Generator, palette: Palette) -> Pixels:
    centres = rng.uniform(0, PICTURE_SIZE, size=(330, 2))
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE]
    _, nearest = cKDTree(centres).query(np.stack([row, column], -1).reshape(-1, 2))
    chosen = rng.integers(len(palette), size=len(centres))[nearest]
    return _painted(palette, chosen.reshape(PICTURE_SIZE, PICTURE_SIZE))


def _triangles(rng: np.random.Generator, palette: Palette) -> Pixels:
    side = 9
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE]
    cell_row, cell_column = row // side, column // side
    cells = int(cell_row.max()) + 1
    rising = rng.random((cells, cells))[cell_row, cell_column] < 0.5
    across, down = column % side, row % side
    first = np.where(rising, across + down < side - 1, across < down)
    colours = rng.integers(len(palette), size=(cells, cells, 2))
    return _painted(palette, colours[cell_row, cell_column, first.astype(int)])


def _confetti(rng: np.random.Generator, palette: Palette) -> Pixels:
    picture = Image.new("RGB", (PICTURE_SIZE, PICTURE_SIZE), _colour(rng, palette))
    draw = ImageDraw.Draw(picture)
    for _ in range(700):
        x, y = rng.uniform(-4, PICTURE_SIZE + 4, size=2)
        width, height = rng.uniform(4, 11, size=2)
        box = (x, y, x + width, y + height)
        colour = _colour(rng, palette)
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)(box, fill=colour)
    return np.asarray(picture).copy()


def _weave(rng: np.random.Generator, palette: Palette) -> Pixels:
    side = 6
    count = PICTURE_SIZE // side + 1
    warp = rng.integers(len(palette), size=(4 * count, count))
    weft = rng.integers(len(palette), size=(count, 4 * count))
    over = rng.random((count, count)) < 0.5
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE]
    cell_row, cell_column = row // side, column // side
    chosen = np.where(
        over[cell_row, cell_column],
        warp[row // 10, cell_column],
        weft[cell_row, column // 10],
    )
    return _painted(palette, chosen)


def _maze(rng: np.random.Generator, palette: Palette) -> Pixels:
    side = 10
    ground = rng.integers(len(palette), size=(13, 13)).repeat(side, 0).repeat(side, 1)
    picture = Image.fromarray(palette[ground[:PICTURE_SIZE, :PICTURE_SIZE]])
    draw = ImageDraw.Draw(picture)
    for y in range(0, PICTURE_SIZE, side):
        for x in range(0, PICTURE_SIZE, side):
            colour = _colour(rng, palette)
            if rng.random() < 0.5:
                draw.line((x, y, x + side, y + side), fill=colour, width=4)
            else:
                draw.line((x + side, y, x, y + side), fill=colour, width=4)
    return np.asarray(picture).copy()


def _marble(rng: np.random.Generator, palette: Palette) -> Pixels:
    noise = Image.fromarray(rng.integers(256, size=(PICTURE_SIZE, PICTURE_SIZE), dtype=np.uint8))
    fine = np.asarray(noise.filter(ImageFilter.GaussianBlur(2.2)), dtype=float)
    coarse = np.asarray(noise.filter(ImageFilter.GaussianBlur(5.0)), dtype=float)
    band = fine - coarse
    hue = np.digitize(band, np.quantile(band, [0.2, 0.4, 0.6, 0.8]))
    tone = rng.integers(len(palette) // _HUE_COUNT, size=(11, 11)).repeat(12, 0).repeat(12, 1)
    return _painted(palette, hue + _HUE_COUNT * tone[:PICTURE_SIZE, :PICTURE_SIZE])


def _rings(rng: np.random.Generator, palette: Palette) -> Pixels:
    picture = Image.new("RGB", (PICTURE_SIZE, PICTURE_SIZE), _colour(rng, palette))
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        x, y = rng.uniform(0, PICTURE_SIZE, size=2)
        for radius in (9, 6, 3):
            box = (x - radius, y - radius, x + radius, y + radius)
            draw.ellipse(box, fill=_colour(rng, palette))
    return np.asarray(picture).copy()


_KINDS: tuple[Callable[[np.random.Generator, Palette], Pixels], ...] = (
    _mosaic,
    _shards,
    _triangles,
    _confetti,
    _weave,
    _maze,
    _marble,
    _rings,
)
