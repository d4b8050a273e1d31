"""Work out a long edit of a large mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.masks.edits import PixelEdit
from memlens.masks.preparing import PreparedEdit
from ui.jobs.job import Job, Request, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeMask(Request):
    """Work out an edit of a large mask.

    Attributes
    ----------
    token
        Handed back with the result.
    edit, mask, pixels, revision
        As in `memlens.masks.preparing.prepare`.
    """

    job: ClassVar[Job] = Job(
        name="shape-mask",
        priority=70,
        work="masks.shape",
        slips_through=True,
    )
    token: int
    edit: PixelEdit
    mask: int
    pixels: NDArray[np.bool_]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskShaped(Result):
    """What an edit comes to."""

    token: int
    prepared: PreparedEdit
