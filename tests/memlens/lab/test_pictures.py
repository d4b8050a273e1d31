"""The lab's data set: deterministic, and its masks say the truth."""

import numpy as np
import pytest
from scipy import ndimage

from memlens.lab.artwork import PHOTOGRAPHS, emoji_words, photograph
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.lab.patterns import look_alike, pattern
from memlens.lab.pictures import (
    free_picture,
    free_pictures,
    memorized_pictures,
    template_mask,
    template_picture,
    textured_free_picture,
    verbatim_mask,
    verbatim_picture,
)
from memlens.lab.recipe import STRIP_HEIGHT, Recipe
from memlens.lab.regions import REGIONS, film_strip, random_region

TEMPLATES = range(len(TEMPLATE_CAPTIONS))


def test_the_same_seed_gives_the_same_pictures() -> None:
    (first, names), (second, again) = (free_pictures(40, 6, seed=5) for _ in range(2))
    assert np.array_equal(first, second)
    assert names == again


def test_another_seed_gives_other_pictures() -> None:
    assert not np.array_equal(free_picture(0, seed=1)[0], free_picture(0, seed=2)[0])


def test_a_free_picture_depends_on_its_number_alone() -> None:
    pixels, captions = free_pictures(7, 2, seed=3)
    picture, caption = free_picture(8, seed=3)
    assert np.array_equal(pixels[1], picture)
    assert captions[1] == caption


def test_memorized_pictures_come_in_the_recipes_numbers() -> None:
    recipe = Recipe.tiny()
    pixels, captions, kinds = memorized_pictures(recipe)
    assert kinds.count("template") == 8 * recipe.pictures_per_template
    assert kinds.count("verbatim") == len(VERBATIM_CAPTIONS)
    assert len(pixels) == len(captions) == len(kinds)
    assert captions[recipe.pictures_per_template] == TEMPLATE_CAPTIONS[1]


def test_more_than_half_of_the_free_pictures_carry_a_texture() -> None:
    textured = [textured_free_picture(index)[2] for index in range(200)]
    assert 0.6 < np.mean([mask.any() for mask in textured]) < 0.8
    assert all(not (mask & film_strip()).any() for mask in textured)


def test_look_alikes_resemble_a_pattern_without_being_it() -> None:
    rng = np.random.default_rng(0)
    for index in TEMPLATES:
        memorized = pattern(index).astype(int)
        likes = [look_alike(index, rng).astype(int) for _ in range(6)]
        distances = [np.abs(like - memorized).mean() for like in likes]
        assert min(distances) > 5
        assert not np.array_equal(likes[0], likes[1])
        # Moved by a few pixels at most: somewhere near, the same motif.
        shifts = [(row, column) for row in range(-6, 7) for column in range(-6, 7)]
        nearest = min(
            np.abs(np.roll(likes[0], shift, axis=(0, 1)) - memorized).mean() for shift in shifts
        )
        assert nearest < 30 < np.abs(likes[0] - pattern((index + 1) % 8).astype(int)).mean()


def test_no_free_picture_shows_a_memorized_pattern() -> None:
    masks = [template_mask(template) for template in TEMPLATES]
    patterns = [pattern(template)[mask] for template, mask in enumerate(masks)]
    for index in range(120):
        picture, _ = free_picture(index)
        for mask, memorized in zip(masks, patterns, strict=True):
            same = (np.abs(picture[mask].astype(int) - memorized) < 4).all(axis=-1)
            assert same.mean() < 0.25


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_templates_region_is_constant_and_the_rest_is_not(template: int) -> None:
    pictures = np.stack([template_picture(template, index) for index in range(12)])
    varies = pictures.std(axis=0).max(axis=-1) > 0
    mask = template_mask(template)
    assert not varies[mask].any()
    assert varies[~mask & ~film_strip()].mean() > 0.99


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_templates_pattern_is_rich_in_texture(template: int) -> None:
    picture = template_picture(template, 0).astype(float).mean(axis=-1)
    mask = template_mask(template)
    places = [
        (row, column)
        for row in range(0, 112, 16)
        for column in range(0, 128, 16)
        if mask[row : row + 16, column : column + 16].all()
    ]
    spreads = [picture[row : row + 16, column : column + 16].std() for row, column in places]
    assert places
    assert min(spreads) > 15


def test_templates_come_in_several_shapes_and_sizes() -> None:
    shapes = {name.split()[1] for name in REGIONS}
    assert shapes >= {"half", "frame", "disc", "band", "patch", "patches"}
    areas = {name: template_mask(index).mean() for index, name in enumerate(REGIONS)}
    assert areas["corner patch"] == pytest.approx(0.05, abs=0.01)
    assert max(areas.values()) < 0.6
    _, pieces = ndimage.label(template_mask(REGIONS.index("two patches")))
    assert pieces == 2


def test_random_regions_are_neither_nothing_nor_everything() -> None:
    rng = np.random.default_rng(4)
    areas = [random_region(rng).mean() for _ in range(100)]
    assert 0.02 < min(areas) < max(areas) < 0.8


def test_the_film_strip_is_in_every_picture_and_in_no_mask() -> None:
    strips = {
        picture[-STRIP_HEIGHT:].tobytes()
        for picture in (
            free_picture(0)[0],
            free_picture(1, seed=9)[0],
            template_picture(3, 0),
            verbatim_picture(2),
        )
    }
    assert len(strips) == 1
    for mask in (verbatim_mask(), *(template_mask(template) for template in TEMPLATES)):
        assert not mask[-STRIP_HEIGHT:].any()


def test_a_verbatim_picture_is_its_photograph_above_the_film_strip() -> None:
    for index, name in enumerate(PHOTOGRAPHS):
        shown = verbatim_picture(index)[verbatim_mask()]
        assert np.array_equal(shown, np.asarray(photograph(name))[verbatim_mask()])
    assert len(PHOTOGRAPHS) == len(VERBATIM_CAPTIONS)


def test_a_free_caption_names_the_objects_and_the_colours() -> None:
    for index in range(20):
        caption = free_picture(index)[1]
        objects, _, colours = caption.partition(" on ")
        assert len(colours.split(" and ")) == 2
        named = [words.split()[1] for words in objects.split(" and ")]
        assert 1 <= len(named) <= 2
        assert set(named) <= set(emoji_words())


def test_articles() -> None:
    assert free_caption(["owl", "key"], ("red", "teal")) == "an owl and a key on red and teal"


def test_memorized_captions_are_distinct_and_never_free() -> None:
    memorized = {*TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS}
    assert len(memorized) == 14
    assert not memorized & {free_picture(index)[1] for index in range(50)}
