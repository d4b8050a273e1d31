"""A mask with the name and the kind that a person gave it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

MAX_NAME = 200
# Controls, halves of characters, line breaks; and what turns the reading direction of a list.
_NO_TEXT = ("Cc", "Cs", "Zl", "Zp")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Of all masks of one picture together: 32 masks of 4096², 2,048 of 512².
MAX_ALL_PIXELS = 8 * 8192 * 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMask:
    """A boolean picture region.

    Attributes
    ----------
    name
        As the person calls it.
    kind
        One of `memlens.masks.kinds.KINDS`.
    pixels
        (height, width), boolean, at the picture's resolution.
    locked
        Whether no edit changes, renames or removes it.
    """

    name: str
    kind: str
    pixels: BoolArray
    locked: bool = False


def tidy_name(name: str, *, instead: str = "") -> str:
    """Return the name of a mask as one short line that any screen and terminal can show.

    Parameters
    ----------
    name
        From a person, or from a file that nobody has vouched for.
    instead
        For a name of which nothing is left.
    """
    # Only so much is looked at: a file may call a mask by a million letters.
    seen = (
        " " if unicodedata.category(letter) in _NO_TEXT else letter
        for letter in name[: 2 * MAX_NAME]
        if letter not in _TURNS
    )
    return "".join(seen).strip()[:MAX_NAME].rstrip() or instead
