"""Find what the magic wand would add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.masks.edits import Wand
from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class TryWand(Request):
    """Find what the wand would add, for a preview."""

    job: ClassVar[Job] = Job(
        name="try-wand",
        priority=102,
        work="masks.try_wand",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    token: int
    wand: Wand


@dataclass(frozen=True, slots=True, kw_only=True)
class WandTried(Result):
    """What the wand would add, (height, width)."""

    token: int
    pixels: NDArray[np.bool_]
