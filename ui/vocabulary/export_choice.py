"""What a person chooses of an export."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
