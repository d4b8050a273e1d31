"""Compare maps with a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.evaluation.agreement import Agreement, AgreementCurve
from memlens.maps.localization_map import LocalizationMap
from ui.jobs.job import Job, Manner, Request, Result
from ui.vocabulary.map_key import MapKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Request):
    """Compare maps with a mask.

    Attributes
    ----------
    token
        Handed back with the result, for whoever keeps it.
    maps
        With the key each one is kept under; already smoothed as shown.
    """

    job: ClassVar[Job] = Job(
        name="measure",
        priority=190,
        work="agreement.measure",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    token: object
    maps: tuple[tuple[MapKey, LocalizationMap], ...]
    smoothing: int
    mask: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Result):
    """Agreement of maps with one mask."""

    token: object
    smoothing: int
    rows: tuple[tuple[MapKey, LocalizationMap, Agreement, AgreementCurve], ...]
