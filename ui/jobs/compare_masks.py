"""Compare two masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.masks.compare import MaskComparison
from ui.jobs.job import Job, Manner, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareMasks(Request):
    """Compare two masks."""

    job: ClassVar[Job] = Job(
        name="compare-masks",
        priority=110,
        work="masks.compare",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    token: object
    a: NDArray[np.bool_]
    b: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasksCompared(Result):
    """The numbers of two masks."""

    token: object
    comparison: MaskComparison
