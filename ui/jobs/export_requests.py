"""Requests for an export, and what comes back; all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.export.source import Look, Source
from ui.jobs.kinds import JobKind


class ExportKind(StrEnum):
    """What can be written."""

    FIGURE = "figure"
    REPORT = "report"
    TABLES = "tables"
    MAPS = "maps"
    ANIMATION = "animation"


IN_A_FOLDER = (ExportKind.TABLES, ExportKind.MAPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoice:
    """What the person chose in the dialog; each kind of export takes what concerns it.

    Attributes
    ----------
    panels
        Contents, in the order drawn.
    formats
        One suffix without its dot; for tables and maps one or more.
    all_steps
        Tables and maps of every computed step instead of the shown one.
    units
        Of map files; figures take those of the screen.
    over_picture
        Maps over the picture, as opaque as on the screen.
    width_mm
        Of a figure; None takes what fits the number of panels.
    """

    kind: ExportKind
    panels: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("png",)
    all_steps: bool = False
    units: str = "canonical"
    standard_errors: bool = False
    over_picture: bool = False
    outline: bool = True
    contour: bool = False
    title: bool = True
    dpi: int = 300
    width_mm: float | None = None
    rate: float = 8.0
    pixels: int = 960


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
