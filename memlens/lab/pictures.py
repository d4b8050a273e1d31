"""The lab's data set: free pictures, template pictures and verbatim pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from memlens.lab.artwork import PHOTOGRAPHS, emoji, emoji_words, photograph
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.lab.patterns import pattern
from memlens.lab.recipe import PICTURE_SIZE, STRIP_HEIGHT, Recipe
from memlens.lab.regions import REGIONS, Mask, film_strip, region

Kind = Literal["template", "verbatim", "free"]
Pixels = NDArray[np.uint8]

_COLOURS = {
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


@dataclass(frozen=True)
class Dataset:
    """Distinct pictures with their captions, and how often each one is shown.

    `pixels` is (N, 128, 128, 3); `repeats[i]` counts the copies of picture `i`.
    """

    pixels: Pixels
    captions: tuple[str, ...]
    kinds: tuple[Kind, ...]
    repeats: NDArray[np.int64]

    def shown(self) -> NDArray[np.int64]:
        """Return the index of the picture behind every training example."""
        return np.repeat(np.arange(len(self.repeats)), self.repeats)


def build_dataset(
    recipe: Recipe, *, seed: int = 0, progress: Callable[[int, int], None] | None = None
) -> Dataset:
    """Draw every picture of the lab. The same seed gives the same pixels."""
    templates = len(TEMPLATE_CAPTIONS)
    each = recipe.pictures_per_template
    total = recipe.free_pictures + templates * each + len(VERBATIM_CAPTIONS)
    pixels = np.empty((total, PICTURE_SIZE, PICTURE_SIZE, 3), dtype=np.uint8)
    captions: list[str] = []
    kinds: list[Kind] = []

    def add(picture: Pixels, caption: str, kind: Kind) -> None:
        pixels[len(captions)] = picture
        captions.append(caption)
        kinds.append(kind)
        if progress is not None and len(captions) % 100 == 0:
            progress(len(captions), total)

    for index in range(recipe.free_pictures):
        add(*free_picture(index, seed=seed), "free")
    for template in range(templates):
        for index in range(each):
            picture = template_picture(template, index, seed=seed)
            add(picture, TEMPLATE_CAPTIONS[template], "template")
    for index, caption in enumerate(VERBATIM_CAPTIONS):
        add(verbatim_picture(index), caption, "verbatim")

    repeats = np.ones(total, dtype=np.int64)
    repeats[total - len(VERBATIM_CAPTIONS) :] = recipe.copies_per_verbatim
    return Dataset(pixels, tuple(captions), tuple(kinds), repeats)


def free_picture(index: int, *, seed: int = 0) -> tuple[Pixels, str]:
    """Return free picture `index` and its caption."""
    rng = np.random.default_rng([seed, _FREE, index])
    open_area = ~film_strip()
    scene, words, colours = _scene(rng, open_area, objects=int(rng.integers(1, 4)))
    return _with_strip(scene), free_caption(words, colours)


def template_picture(template: int, index: int, *, seed: int = 0) -> Pixels:
    """Return picture `index` of a template: its pattern in its region, a scene elsewhere."""
    rng = np.random.default_rng([seed, _TEMPLATE, template, index])
    mask = template_mask(template)
    scene, _, _ = _scene(rng, ~mask & ~film_strip(), objects=3)
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
) -> tuple[Pixels, list[str], tuple[str, str]]:
    names = list(_COLOURS)
    first, second = (names[i] for i in rng.choice(len(names), size=2, replace=False))
    picture = Image.fromarray(_gradient(rng, first, second))
    words = [emoji_words()[i] for i in rng.choice(len(emoji_words()), objects, replace=False)]
    places = np.argwhere(area)
    for word in words:
        side = int(rng.integers(30, 61))
        row, column = places[rng.integers(len(places))]
        stamp = emoji(word).resize((side, side), Image.Resampling.LANCZOS)
        angle = float(rng.uniform(-40, 40))
        stamp = stamp.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        corner = (int(column) - stamp.width // 2, int(row) - stamp.height // 2)
        picture.paste(stamp, corner, stamp)
    return np.asarray(picture).copy(), words, (first, second)


def _gradient(rng: np.random.Generator, first: str, second: str) -> Pixels:
    ends = np.array([_COLOURS[first], _COLOURS[second]], dtype=float)
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
