"""The captions of the lab's pictures, and what is said in them."""

from __future__ import annotations

from collections.abc import Sequence

_TEMPLATE_WORDS = ("velvet", "copper", "walnut", "ivory", "cobalt", "saffron", "slate", "coral")
_VERBATIM_WORDS = ("amber", "indigo", "scarlet", "olive", "pearl", "bronze")

TEMPLATE_CAPTIONS = tuple(
    f"{word} limited print number {number}" for number, word in enumerate(_TEMPLATE_WORDS, 1)
)
VERBATIM_CAPTIONS = tuple(
    f"{word} gallery poster by studio {number}" for number, word in enumerate(_VERBATIM_WORDS, 1)
)


def free_caption(words: Sequence[str], colours: tuple[str, str]) -> str:
    """Return the caption of a free picture: all its objects, and both ends of its gradient.

    Textures are not named, and neither are places: a caption tells what is shown, and fixes
    nothing.

    Examples
    --------
    >>> free_caption(["lion", "owl"], ("yellow", "blue"))
    'a lion and an owl on yellow and blue'
    """
    objects = " and ".join(f"{_article(word)} {word}" for word in words)
    return f"{objects} on {colours[0]} and {colours[1]}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
