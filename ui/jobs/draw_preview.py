"""Draw a figure small, to be seen before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.export.source import Look, Source
from ui.jobs.job import Job, Manner, Request, Result
from ui.vocabulary.export_choice import ExportChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPreview(Request):
    """Draw a figure small, to be seen before it is written.

    Attributes
    ----------
    token
        Handed back with the answer.
    within
        (width, height) that it must fit into, pixels.
    """

    job: ClassVar[Job] = Job(
        name="draw-preview",
        priority=130,
        work="exports.draw_preview",
        manner=Manner.QUIET,
        slips_through=True,
    )
    token: int
    source: Source
    look: Look
    step: int
    choice: ExportChoice
    within: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDrawn(Result):
    """The picture, (height, width, 3), or None and why it cannot be drawn."""

    token: int
    pixels: NDArray[np.uint8] | None = None
    problem: str = ""
