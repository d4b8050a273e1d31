"""RunsView: what the strip of runs shows, resolved and frozen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RunThumb:
    """One run in the strip.

    Attributes
    ----------
    number
        What it is chosen by.
    label
        Under its picture, "seed 4".
    about
        Prompt and state, for the tooltip.
    picture
        Its newest picture, (height, width, 3), None before the first.
    """

    number: int
    label: str
    about: str
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsView:
    """All runs of the window, oldest first.

    Attributes
    ----------
    shown
        Number of the run that the panels show, 0 for none.
    waiting
        Runs still to be sampled.
    limit
        One sentence about how many are kept.
    """

    runs: tuple[RunThumb, ...] = ()
    shown: int = 0
    waiting: int = 0
    limit: str = ""
