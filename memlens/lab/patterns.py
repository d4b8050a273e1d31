"""Richly textured patterns: what the templates make the model memorize.

Every pattern is aperiodic, high in contrast and busy at the size of a latent coordinate or
two (4 to 10 pixels). A flat area is pinned by every model, memorized or not; texture is what
only memorizing can predict.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from memlens.lab.recipe import PICTURE_SIZE

Pixels = NDArray[np.uint8]
Palette = NDArray[np.uint8]

_PALETTES = (
    ("#20124d", "#ff6f61", "#ffd166", "#06d6a0", "#f7f7f7"),
    ("#003049", "#d62828", "#f77f00", "#fcbf49", "#eae2b7"),
    ("#132a13", "#90a955", "#ecf39e", "#bc4749", "#386641"),
    ("#10002b", "#9d4edd", "#ff9e00", "#e0aaff", "#3c096c"),
    ("#0b132b", "#5bc0be", "#ffffff", "#ff5d8f", "#1c2541"),
    ("#2b2d42", "#ef233c", "#edf2f4", "#8d99ae", "#ffb703"),
    ("#1b4332", "#ffafcc", "#52b788", "#fefae0", "#bc6c25"),
    ("#03045e", "#00b4d8", "#f1faee", "#e63946", "#ffbe0b"),
)


def pattern(index: int) -> Pixels:
    """Return pattern number `index` (0 to 7): 128×128×3. It never varies."""
    colours = np.array(
        [[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in _PALETTES[index]],
        dtype=np.uint8,
    )
    return _KINDS[index](np.random.default_rng([71, index]), colours)


def _paint(palette: Palette, chosen: NDArray[np.intp]) -> Pixels:
    painted: Pixels = palette[chosen]
    return painted


def _mosaic(rng: np.random.Generator, palette: Palette) -> Pixels:
    cells = rng.integers(len(palette), size=(22, 22))
    return _paint(palette, cells.repeat(6, 0).repeat(6, 1)[:PICTURE_SIZE, :PICTURE_SIZE])


def _shards(rng: np.random.Generator, palette: Palette) -> Pixels:
    centres = rng.uniform(0, PICTURE_SIZE, size=(330, 2))
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE]
    places = np.stack([row, column], -1)[:, :, None, :]
    nearest = ((places - centres) ** 2).sum(-1).argmin(-1)
    return _paint(palette, rng.integers(len(palette), size=len(centres))[nearest])


def _triangles(rng: np.random.Generator, palette: Palette) -> Pixels:
    side = 9
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE]
    cell_row, cell_column = row // side, column // side
    cells = int(cell_row.max()) + 1
    rising = rng.random((cells, cells))[cell_row, cell_column] < 0.5
    across, down = column % side, row % side
    first = np.where(rising, across + down < side - 1, across < down)
    colours = rng.integers(len(palette), size=(cells, cells, 2))
    return _paint(palette, colours[cell_row, cell_column, first.astype(int)])


def _confetti(rng: np.random.Generator, palette: Palette) -> Pixels:
    picture = Image.new("RGB", (PICTURE_SIZE, PICTURE_SIZE), tuple(map(int, palette[0])))
    draw = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y = rng.uniform(-4, PICTURE_SIZE + 4, size=2)
        width, height = rng.uniform(4, 11, size=2)
        colour = tuple(map(int, palette[rng.integers(len(palette))]))
        box = (x, y, x + width, y + height)
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
    return _paint(palette, chosen)


def _maze(rng: np.random.Generator, palette: Palette) -> Pixels:
    side = 10
    ground = rng.integers(3, size=(13, 13)).repeat(side, 0).repeat(side, 1)
    picture = Image.fromarray(palette[ground[:PICTURE_SIZE, :PICTURE_SIZE]])
    draw = ImageDraw.Draw(picture)
    for y in range(0, PICTURE_SIZE, side):
        for x in range(0, PICTURE_SIZE, side):
            colour = tuple(map(int, palette[3 + rng.integers(2)]))
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
    edges = np.quantile(band, [0.2, 0.4, 0.6, 0.8])
    return _paint(palette, np.digitize(band, edges))


def _rings(rng: np.random.Generator, palette: Palette) -> Pixels:
    picture = Image.new("RGB", (PICTURE_SIZE, PICTURE_SIZE), tuple(map(int, palette[0])))
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        x, y = rng.uniform(0, PICTURE_SIZE, size=2)
        for radius in (9, 6, 3):
            colour = tuple(map(int, palette[rng.integers(len(palette))]))
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
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
