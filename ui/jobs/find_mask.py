"""Look for a mask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.maps.localization_map import LocalizationMap
from ui.jobs.job import Job, Manner, Request, Result
from ui.vocabulary.picture import Picture


class MaskSource(StrEnum):
    """Where a mask is looked for."""

    MAP = "map"
    TRAINING_PICTURE = "training picture"
    PAIR = "pair"
    SEEDS = "seeds"
    MAJORITY = "majority"
    INTERSECTION = "intersection"
    UNION = "union"


CONSENSUS = (MaskSource.MAJORITY, MaskSource.INTERSECTION, MaskSource.UNION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindMask(Request):
    """Look for a mask.

    Attributes
    ----------
    token
        Handed back with the result.
    size
        (height, width) of the mask.
    map
        For a map above the threshold.
    pictures
        Pictures at hand, (height, width, 3); the generated one first.
    paths
        Pictures still to be read, after those.
    masks
        For a consensus.
    """

    job: ClassVar[Job] = Job(
        name="find-mask",
        priority=100,
        work="masks.find",
        manner=Manner.BACKGROUND,
        slips_through=True,
    )
    token: int
    source: MaskSource
    size: tuple[int, int]
    threshold: float = 0.0
    largest_only: bool = False
    minimum_area: int = 0
    map: LocalizationMap | None = None
    pictures: tuple[Picture, ...] = ()
    paths: tuple[Path, ...] = ()
    masks: tuple[NDArray[np.bool_], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskFound(Result):
    """A mask, as good as its source."""

    token: int
    pixels: NDArray[np.bool_]
