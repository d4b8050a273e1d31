"""The option --smooth: a width, or the paper's."""

from __future__ import annotations

from typing import Annotated

import typer

from memlens.errors import SettingsError
from memlens.maps.localization_map import PAPER

Smooth = Annotated[
    str | None,
    typer.Option(
        help="Mean filter over this many coordinates (odd), or paper: 13 at 64x64, scaled."
    ),
]


def read_smoothing(words: str | None) -> int | str:
    """Turn "paper", an odd number or nothing into a window, or `PAPER` until the grid is known.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    if words is None or words == PAPER:
        return words or 1
    if not (words.isascii() and words.isdecimal()) or int(words) % 2 == 0:
        raise SettingsError(f'smoothing {words!r} must be "paper" or an odd number.')
    return int(words)
