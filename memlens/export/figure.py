"""Figures for print: chosen panels with colour bars and captions, as PNG, SVG or PDF."""

from __future__ import annotations

import io
import json
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memlens import __version__
from memlens.controls.comparison import Comparison
from memlens.errors import SettingsError
from memlens.export.figure_layout import Layout, layout_of
from memlens.export.figure_painter import paint
from memlens.export.panel import Panel, panels_of
from memlens.export.source import Look, Source
from memlens.export.writing import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
MOST_PANELS = 6
_WIDTHS_MM = {1: 85.0, 2: 120.0}
_WIDEST_MM = 170.0
_MOST_PIXELS = 12_000
# matplotlib's settings belong to the whole process: one figure at a time changes them.
_SETTINGS = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """What a figure shows.

    Attributes
    ----------
    panels
        1 to 6 of "picture", "mask" and names in MAP_KINDS.
    step
        −1 = last.
    dpi
        Of a PNG, and of the pictures in it.
    width_mm
        None takes 85 for one panel, 120 for two, 170 for more.
    columns
        None puts up to four in a row, five and six in rows of three.
    title
        Whether prompt and seed head the figure.
    """

    panels: tuple[str, ...]
    step: int = -1
    dpi: int = 300
    width_mm: float | None = None
    columns: int | None = None
    title: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise SettingsError(
                f"a figure has 1 to {MOST_PANELS} panels, not {len(self.panels)}: choose others."
            )
        if not 30 <= self.dpi <= 2400:
            raise SettingsError(f"{self.dpi} dots per inch cannot be drawn: choose 30 to 2400.")
        if self.width_mm is not None and not 30 <= self.width_mm <= 1000:
            raise SettingsError(f"a figure {self.width_mm:g} mm wide: choose 30 to 1000 mm.")
        if self.columns is not None and self.columns < 1:
            raise SettingsError("a figure has at least one column.")
        if self.width / 25.4 * self.dpi > _MOST_PIXELS:
            raise SettingsError(
                f"{self.width:g} mm at {self.dpi} dots per inch is wider than {_MOST_PIXELS} "
                "pixels: choose less of either."
            )

    @property
    def width(self) -> float:
        """Width in millimetres."""
        return self.width_mm or _WIDTHS_MM.get(len(self.panels), _WIDEST_MM)


def write_figure(source: Source, request: FigureRequest, look: Look, path: Path) -> None:
    """Write a figure; the suffix of `path` says as what.

    The same source, request and look give the same bytes. Prompt, step and provenance of every
    panel lie in the file's metadata, as JSON.

    Raises
    ------
    SettingsError
        If the format is another, or a panel cannot be shown.
    OutputError
        If it cannot be written; an older file is whole.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise SettingsError(f"{path} is not a figure: choose .png, .svg or .pdf.")
    write_bytes(path, figure_bytes(source, request, look, kind))


def figure_bytes(source: Source, request: FigureRequest, look: Look, kind: str) -> bytes:
    """Return a figure as "png", "svg" or "pdf"; see `write_figure`."""
    panels = panels_of(source, request.panels, request.step, look)
    layout = layout_of(panels, title_of(source, request), request.width, request.columns)
    stream = io.BytesIO()
    with drawing(panels, layout, look, request.dpi) as figure:
        figure.savefig(
            stream,
            format=kind,
            dpi=request.dpi,
            metadata=_metadata(kind, source, panels),
        )
    return stream.getvalue()


def figure_pixels(
    source: Source, request: FigureRequest, look: Look, within: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return a figure as pixels, (height, width, 3), as large as fits into `within`.

    Parameters
    ----------
    within
        (width, height) in pixels; the request's resolution does not count.

    Raises
    ------
    SettingsError
        If a panel cannot be shown.
    """
    panels = panels_of(source, request.panels, request.step, look)
    layout = layout_of(panels, title_of(source, request), request.width, request.columns)
    points = min(side / size for side, size in zip(within, layout.size, strict=True))
    return drawn_pixels(panels, layout, look, max(1, math.floor(72 * points)))


def drawn_pixels(
    panels: Sequence[Panel], layout: Layout, look: Look, dpi: int
) -> NDArray[np.uint8]:
    """Return what `drawing` gives as pixels, (height, width, 3)."""
    with drawing(panels, layout, look, dpi) as figure:
        canvas = figure.canvas
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]
    return np.ascontiguousarray(pixels)


@contextmanager
def drawing(panels: Sequence[Panel], layout: Layout, look: Look, dpi: int) -> Iterator[Figure]:
    """Give the drawn figure, under settings that do not depend on the person's own."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _SETTINGS, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RC)
        width, height = layout.size
        figure = Figure(figsize=(width / 72, height / 72), dpi=dpi, facecolor="white")
        FigureCanvasAgg(figure)
        paint(figure, panels, layout, look, dpi)
        yield figure


def title_of(source: Source, request: FigureRequest) -> str:
    """Return the line above the panels, "" for none."""
    made = source.session.trajectory.provenance
    return f"“{made.prompt}” · seed {made.seed}" if request.title else ""


def provenance_of(source: Source, panels: Sequence[Panel]) -> dict[str, Any]:
    """Return where every panel came from, JSON-ready."""
    return {
        "session": source.name,
        "trajectory": source.session.trajectory.provenance.to_json(),
        **({} if source.comparison is None else {"verdict": _verdict(source.comparison)}),
        "panels": [
            {
                "content": panel.content,
                "levels": list(panel.levels) if panel.values is not None else None,
                "units": panel.units or "canonical",
                "compared_with": panel.compared_with or None,
                "provenance": None if panel.found is None else panel.found.provenance.to_json(),
            }
            for panel in panels
        ],
    }


def _verdict(comparison: Comparison) -> dict[str, Any]:
    """Return the verdict with its premises, without the values of each control."""
    facts = comparison.facts()
    facts.pop("readings")
    return facts


def _metadata(kind: str, source: Source, panels: Sequence[Panel]) -> dict[str, Any]:
    made = source.session.trajectory.provenance
    facts = json.dumps(provenance_of(source, panels), ensure_ascii=False, sort_keys=True)
    title = f"“{made.prompt}” · seed {made.seed}"
    program = f"memlens {__version__}"
    match kind:
        case "png":
            return {"Title": title, "Description": facts, "Software": program}
        case "svg":
            return {"Title": title, "Description": facts, "Creator": program, "Date": None}
        case _:
            return {
                "Title": title,
                "Subject": facts,
                "Creator": program,
                "CreationDate": None,
                "ModDate": None,
            }


_RC: Any = {
    "mathtext.fontset": "dejavusans",
    "svg.hashsalt": "memlens",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "axes.unicode_minus": True,
}
