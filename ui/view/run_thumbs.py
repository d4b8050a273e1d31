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
    pinned
        Whether it stays when memory is short.
    picture
        Its newest picture, (height, width, 3), None before the first.
    """

    number: int
    label: str
    about: str
    pinned: bool = False
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsView:
    """All runs of the window, oldest first.

    Attributes
    ----------
    shown
        Number of the run that the panels show, 0 for none.
    shown_name
        What that run is called, "" for prompt and seed.
    queued
        Runs still to be sampled, the next one first.
    undo
        What was last done to the list and can be taken back, "" for nothing.
    no_delete
        Why the shown run cannot be deleted, "" when it can.
    savable
        Whether any run is complete.
    limit
        One sentence about how many are kept.
    """

    runs: tuple[RunThumb, ...] = ()
    shown: int = 0
    shown_name: str = ""
    queued: tuple[RunThumb, ...] = ()
    undo: str = ""
    no_delete: str = ""
    savable: bool = False
    limit: str = ""
