"""Cut a picture into superpixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.masks.superpixels import Superpixels
from ui.jobs.job import Job, Request, Result
from ui.vocabulary.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPicture(Request):
    """Cut a picture into about `count` superpixels."""

    job: ClassVar[Job] = Job(
        name="cut-picture",
        priority=106,
        work="masks.cut",
        slips_through=True,
        cancellable=True,
    )
    token: int
    picture: Picture
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureCut(Result):
    """A picture's superpixels, and the pixels along their edges, (height, width)."""

    token: int
    superpixels: Superpixels
    edges: NDArray[np.bool_]
