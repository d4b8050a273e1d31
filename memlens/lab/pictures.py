"""The lab's pictures: free ones without end, templates and verbatim ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from memlens.lab.artwork import OTHER_PHOTOGRAPHS, PHOTOGRAPHS, emoji, emoji_words, photograph
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.lab.patterns import look_alike, pattern, texture
from memlens.lab.recipe import PICTURE_SIZE, STRIP_HEIGHT, Recipe
from memlens.lab.regions import REGIONS, Mask, film_strip, random_region, region

Kind = Literal["template", "verbatim", "free"]
Pixels = NDArray[np.uint8]
Tell = Callable[[int, int], None]

COLOURS = {
    "red": (208, 48, 48),
    "orange": (240, 140, 40),
    "yellow": (246, 214, 70),
    "green": (72, 164, 84),
    "teal": (40, 160, 160),
    "blue": (58, 104, 206),
    "purple": (132, 74, 186),
    "pink": (240, 150, 184),
    "brown": (128, 88, 60),
    "gray": (140, 144, 150),
    "white": (240, 240, 236),
    "black": (36, 36, 44),
}
_FREE, _TEMPLATE = 1, 2
# Of all free pictures: one texture drawn at random, a look-alike of a template's pattern, a
# piece of a photograph altered; three in ten carry none.
_TEXTURE, _LOOK_ALIKE, _PIECE = 0.42, 0.16, 0.12


def free_pictures(
    start: int, count: int, *, seed: int = 0, tell: Tell | None = None
) -> tuple[Pixels, tuple[str, ...]]:
    """Draw free pictures `start` to `start + count`: (count, 128, 128, 3), and their captions."""
    pixels = np.empty((count, PICTURE_SIZE, PICTURE_SIZE, 3), dtype=np.uint8)
    captions = []
    for place in range(count):
        pixels[place], caption = free_picture(start + place, seed=seed)
        captions.append(caption)
        if tell is not None and place % 100 == 99:
            tell(place + 1, count)
    return pixels, tuple(captions)


def memorized_pictures(
    recipe: Recipe, *, seed: int = 0
) -> tuple[Pixels, tuple[str, ...], tuple[Kind, ...]]:
    """Draw all pictures of the templates, then the verbatim ones, with captions and kinds."""
    pictures: list[Pixels] = []
    captions: list[str] = []
    for template, caption in enumerate(TEMPLATE_CAPTIONS):
        each = range(recipe.pictures_per_template)
        pictures += [template_picture(template, index, seed=seed) for index in each]
        captions += [caption] * len(each)
    templates = len(pictures)
    pictures += [verbatim_picture(index) for index in range(len(VERBATIM_CAPTIONS))]
    captions += VERBATIM_CAPTIONS
    kinds: list[Kind] = ["template"] * templates
    kinds += ["verbatim"] * len(VERBATIM_CAPTIONS)
    return np.stack(pictures), tuple(captions), tuple(kinds)


def free_picture(index: int, *, seed: int = 0) -> tuple[Pixels, str]:
    """Return free picture `index` and its caption."""
    picture, caption, _ = textured_free_picture(index, seed=seed)
    return picture, caption


def textured_free_picture(index: int, *, seed: int = 0) -> tuple[Pixels, str, Mask]:
    """Return free picture `index`, its caption, and where a texture shows in it."""
    rng = np.random.default_rng([seed, _FREE, index])
    objects = int(rng.integers(1, 3))
    scene, words, colours, textured = _scene(rng, ~film_strip(), objects)
    return _with_strip(scene), free_caption(words, colours), textured


def template_picture(template: int, index: int, *, seed: int = 0) -> Pixels:
    """Return picture `index` of a template: its pattern in its region, a scene elsewhere."""
    rng = np.random.default_rng([seed, _TEMPLATE, template, index])
    mask = template_mask(template)
    scene, *_ = _scene(rng, ~mask & ~film_strip(), objects=2)
    scene[mask] = pattern(template)[mask]
    return _with_strip(scene)


def verbatim_picture(index: int) -> Pixels:
    """Return the one picture that verbatim caption `index` is always shown with."""
    return _with_strip(np.asarray(photograph(PHOTOGRAPHS[index])).copy())


def template_mask(template: int) -> Mask:
    """Return the ground truth of a template: its region."""
    return region(REGIONS[template])


def verbatim_mask() -> Mask:
    """Return the ground truth of every verbatim caption: all but the film strip."""
    return ~film_strip()


def _scene(
    rng: np.random.Generator, area: Mask, objects: int
) -> tuple[Pixels, list[str], tuple[str, str], Mask]:
    names = list(COLOURS)
    first, second = (names[i] for i in rng.choice(len(names), size=2, replace=False))
    ground = _gradient(rng, first, second)
    textured = random_region(rng)
    filling = _texture(rng)
    if filling is None:
        textured = np.zeros_like(textured)
    else:
        ground[textured] = filling[textured]
    picture = Image.fromarray(ground)
    words = [emoji_words()[i] for i in rng.choice(len(emoji_words()), objects, replace=False)]
    places = np.argwhere(area)
    for word in words:
        side = int(rng.integers(44, 73))
        row, column = places[rng.integers(len(places))]
        stamp = emoji(word).resize((side, side), Image.Resampling.LANCZOS)
        stamp = stamp.rotate(float(rng.uniform(-25, 25)), Image.Resampling.BICUBIC, expand=True)
        # An object that a caption names is in the picture, whole or nearly so.
        row = int(np.clip(row, side // 2 - 6, PICTURE_SIZE - STRIP_HEIGHT - side // 2 + 6))
        column = int(np.clip(column, side // 2 - 6, PICTURE_SIZE - side // 2 + 6))
        corner = (column - stamp.width // 2, row - stamp.height // 2)
        picture.paste(stamp, corner, stamp)
    return np.asarray(picture).copy(), words, (first, second), textured


def _texture(rng: np.random.Generator) -> Pixels | None:
    chance = rng.random()
    if chance < _TEXTURE:
        return texture(rng)
    if chance < _TEXTURE + _LOOK_ALIKE:
        return look_alike(int(rng.integers(len(TEMPLATE_CAPTIONS))), rng)
    if chance < _TEXTURE + _LOOK_ALIKE + _PIECE:
        return _altered_photograph(rng)
    return None


def _altered_photograph(rng: np.random.Generator) -> Pixels:
    """Return a photograph enlarged, mirrored, moved and recoloured: like it, but not it."""
    names = (*PHOTOGRAPHS, *OTHER_PHOTOGRAPHS)
    picture = photograph(names[rng.integers(len(names))])
    side = int(rng.integers(70, 121))
    left, top = (int(place) for place in rng.integers(0, PICTURE_SIZE - side, size=2))
    box = (left, top, left + side, top + side)
    picture = picture.resize((PICTURE_SIZE, PICTURE_SIZE), Image.Resampling.BICUBIC, box)
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    values = np.asarray(picture, dtype=float) * rng.uniform(0.75, 1.2) + rng.normal(0, 18, size=3)
    return np.clip(values, 0, 255).astype(np.uint8)


def _gradient(rng: np.random.Generator, first: str, second: str) -> Pixels:
    ends = np.array([COLOURS[first], COLOURS[second]], dtype=float)
    ends = np.clip(ends + rng.normal(0, 8, size=ends.shape), 0, 255)
    angle = rng.uniform(0, 2 * np.pi)
    row, column = np.mgrid[0:PICTURE_SIZE, 0:PICTURE_SIZE] / (PICTURE_SIZE - 1) - 0.5
    along = row * np.sin(angle) + column * np.cos(angle)
    share = ((along - along.min()) / np.ptp(along))[..., None]
    blend: Pixels = (ends[0] * (1 - share) + ends[1] * share).round().astype(np.uint8)
    return blend


def _with_strip(picture: Pixels) -> Pixels:
    strip = Image.new("RGB", (PICTURE_SIZE, STRIP_HEIGHT), (22, 20, 26))
    draw = ImageDraw.Draw(strip)
    for x in range(4, PICTURE_SIZE, 16):
        draw.rounded_rectangle((x, 4, x + 7, 11), radius=2, fill=(236, 230, 214))
    picture[-STRIP_HEIGHT:] = np.asarray(strip)
    return picture
