"""The lab's data set: deterministic, and its masks say the truth."""

import numpy as np
import pytest

from memlens.lab.artwork import PHOTOGRAPHS, emoji_words, photograph
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.lab.pictures import (
    build_dataset,
    free_picture,
    template_mask,
    template_picture,
    verbatim_mask,
    verbatim_picture,
)
from memlens.lab.recipe import STRIP_HEIGHT, Recipe
from memlens.lab.regions import REGIONS, film_strip

TEMPLATES = range(len(TEMPLATE_CAPTIONS))


def test_the_same_seed_gives_the_same_pictures() -> None:
    first, second = (build_dataset(Recipe.tiny(), seed=5) for _ in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    assert first.captions == second.captions
    assert first.kinds == second.kinds


def test_another_seed_gives_other_pictures() -> None:
    assert not np.array_equal(free_picture(0, seed=1)[0], free_picture(0, seed=2)[0])


def test_a_picture_does_not_depend_on_how_many_there_are() -> None:
    dataset = build_dataset(Recipe.tiny(), seed=3)
    assert np.array_equal(dataset.pixels[7], free_picture(7, seed=3)[0])


def test_the_data_set_has_the_recipes_proportions() -> None:
    recipe = Recipe.tiny()
    dataset = build_dataset(recipe)
    shown = [dataset.kinds[index] for index in dataset.shown()]
    assert shown.count("free") == recipe.free_pictures
    assert shown.count("template") == 8 * recipe.pictures_per_template
    assert shown.count("verbatim") == 8 * recipe.copies_per_verbatim


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


def test_every_kind_of_region_comes_twice() -> None:
    kinds = [name.split()[1] for name in REGIONS]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "half": 2,
        "frame": 2,
        "disc": 2,
        "band": 2,
    }


def test_templates_cover_a_little_less_than_half() -> None:
    areas = [template_mask(template).mean() for template in TEMPLATES]
    assert 0.3 < min(areas) < max(areas) < 0.6


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
        assert 1 <= len(named) <= 3
        assert set(named) <= set(emoji_words())


def test_articles() -> None:
    assert free_caption(["owl", "key"], ("red", "teal")) == "an owl and a key on red and teal"


def test_memorized_captions_are_distinct_and_never_free() -> None:
    memorized = {*TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS}
    assert len(memorized) == 16
    assert not memorized & {free_picture(index)[1] for index in range(50)}
