"""Requests for an export, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.export.source import Look, Source
from ui.jobs.kinds import JobKind
from ui.vocabulary.export_choice import ExportChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Write one export.

    Attributes
    ----------
    step
        The shown one.
    path
        A file, or a folder for tables and maps.
    """

    job: ClassVar[JobKind] = JobKind.EXPORT
    source: Source
    look: Look
    step: int
    choice: ExportChoice
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPreview:
    """Draw a figure small, to be seen before it is written.

    Attributes
    ----------
    token
        Handed back with the answer.
    within
        (width, height) that it must fit into, pixels.
    """

    job: ClassVar[JobKind] = JobKind.DRAW_PREVIEW
    token: int
    source: Source
    look: Look
    step: int
    choice: ExportChoice
    within: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDrawn:
    """The picture, (height, width, 3), or None and why it cannot be drawn."""

    token: int
    pixels: NDArray[np.uint8] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An export is on the disk; `files` counts what was written."""

    path: Path
    files: int = 1
