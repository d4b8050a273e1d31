"""Make one mask of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.masks.combining import Combination
from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineMasks(Request):
    """Make one mask of several.

    Attributes
    ----------
    run
        Number of the run that they are of.
    name
        What the combination is to be called.
    """

    job: ClassVar[Job] = Job(
        name="combine-masks",
        priority=104,
        work="masks.combine",
        slips_through=True,
    )
    run: int
    masks: tuple[NDArray[np.bool_], ...]
    how: Combination
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksCombined(Result):
    """One mask made of several, (height, width)."""

    run: int
    name: str
    pixels: NDArray[np.bool_]
