"""Where everything in a figure lies, in points from the upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memlens.export import lettering
from memlens.export.panel import SURPRISE, Panel, shortened

TITLE, SYMBOL, LABEL, SMALL = 8.0, 8.5, 7.0, 6.0
LEADING = 1.3
BAR = 5.0
_MARGIN = 4.0
_GAP = 9.0
_ROW_GAP = 10.0
_MOST_LEGEND_LINES = 3
# At few dots per inch small letters come out up to a sixteenth wider than they are measured.
_SAFE = 0.94
_BAR_GAP = 3.5
_TICK_ROOM = 17.0
_UNITS_ROOM = 8.0
_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, y downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: the left end of its baseline."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One panel's place.

    Attributes
    ----------
    symbol
        None where the panel has none.
    label, facts
        Above and under the picture.
    bar
        The colour bar, None where there is none of its own.
    """

    symbol: Line | None
    label: tuple[Line, ...]
    picture: Area
    facts: tuple[Line, ...]
    bar: Area | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All of a figure.

    Attributes
    ----------
    shared
        The colour bar of all maps, where they share one scale.
    """

    size: tuple[float, float]
    title: tuple[Line, ...]
    cells: tuple[Cell, ...]
    shared: Area | None
    legend: tuple[Line, ...]


def layout_of(panels: Sequence[Panel], title: str, width_mm: float, columns: int | None) -> Layout:
    """Lay out 1 to 6 panels in a figure `width_mm` wide."""
    width = width_mm * _MM
    maps = [panel for panel in panels if panel.values is not None]
    shares = len(maps) > 1 and len({(panel.levels, panel.units) for panel in maps}) == 1
    room = BAR + _BAR_GAP + _TICK_ROOM + (_UNITS_ROOM if any(p.units for p in maps) else 0.0)
    count = min(len(panels), columns or (len(panels) if len(panels) <= 4 else 3))
    inner = width - 2 * _MARGIN - (room if shares else 0.0)
    wide = (inner - (count - 1) * _GAP) / count
    picture_width = wide - (room if maps and not shares else 0.0)
    height_px, width_px = panels[0].picture.shape[:2]
    picture_height = picture_width * height_px / width_px
    labels = [_label_lines(panel, picture_width) for panel in panels]
    y = _MARGIN
    title_lines = []
    heading = lettering.legible(title, bold=True)
    for text in lettering.lines_of(heading, TITLE, width - 2 * _MARGIN, 2, bold=True):
        y += TITLE * LEADING
        title_lines.append(Line(text, _MARGIN, y - TITLE * 0.3))
    y += 5.0 if title_lines else 0.0
    cells: list[Cell] = []
    bottom_of_first = top_of_first = 0.0
    for start in range(0, len(panels), count):
        row = range(start, min(start + count, len(panels)))
        rows = max(len(labels[i]) for i in row)
        symbols = SYMBOL * LEADING if any(panels[i].symbol for i in row) else 0.0
        above = symbols + rows * LABEL * LEADING * 0.95 + 1.0
        below = max(len(panels[i].facts) for i in row) * SMALL * LEADING + 3.0
        for i in row:
            x = _MARGIN + (i - start) * (wide + _GAP)
            area = Area(x, y + above, picture_width, picture_height)
            cells.append(_cell(panels[i], labels[i], area, rows, own_bar=not shares))
        if start == 0:
            top_of_first, bottom_of_first = y + above, y + above + picture_height
        y += above + picture_height + below + _ROW_GAP
    y -= _ROW_GAP
    shared = None
    if shares:
        x = width - _MARGIN - room + _BAR_GAP
        last = cells[-1].picture.y + picture_height if len(cells) <= count else bottom_of_first
        shared = Area(x, top_of_first, BAR, last - top_of_first)
    legend = []
    words = lettering.legible(_legend_words(panels))
    y += 2.0 if words else 0.0
    line_room = _SAFE * (width - 2 * _MARGIN)
    for text in lettering.lines_of(words, SMALL, line_room, _MOST_LEGEND_LINES):
        y += SMALL * LEADING
        legend.append(Line(text, _MARGIN, y - SMALL * 0.3))
    return Layout(
        size=(width, y + _MARGIN),
        title=tuple(title_lines),
        cells=tuple(cells),
        shared=shared,
        legend=tuple(legend),
    )


def _cell(panel: Panel, label: list[str], picture: Area, rows: int, *, own_bar: bool) -> Cell:
    step = LABEL * LEADING * 0.95
    # Symbols of a row stand in one line, whatever the length of what follows.
    room = rows if panel.symbol else len(label)
    baseline = picture.y - 4.0 - step * (room - 1)
    lines = tuple(Line(text, picture.x, baseline + i * step) for i, text in enumerate(label))
    symbol = None
    if panel.symbol:
        symbol = Line(lettering.in_math(panel.symbol), picture.x, baseline - step * 1.05)
    facts = []
    y = picture.y + picture.height + 1.5
    for text in panel.facts:
        y += SMALL * LEADING
        facts.append(Line(_fitting(text, picture.width + 4.0), picture.x, y - SMALL * 0.2))
    bar = None
    if own_bar and panel.values is not None:
        bar = Area(picture.x + picture.width + _BAR_GAP, picture.y, BAR, picture.height)
    return Cell(symbol=symbol, label=lines, picture=picture, facts=tuple(facts), bar=bar)


def _fitting(text: str, room: float) -> str:
    """Leave out the last facts rather than cut one in the middle."""
    parts = text.split(" · ")
    while len(parts) > 1 and lettering.width(" · ".join(parts), SMALL) > room:
        parts.pop()
    return " · ".join(parts)


def _label_lines(panel: Panel, room: float) -> list[str]:
    return lettering.lines_of(panel.label, LABEL, room, 2) or [""]


def _legend_words(panels: Sequence[Panel]) -> str:
    parts = []
    name = next((panel.compared_with for panel in panels if panel.compared_with), "")
    if any(panel.mask is not None and panel.content != "mask" for panel in panels):
        parts.append("white outline: the mask" + (f" “{shortened(name)}”" if name else ""))
    if name:
        which = "it" if parts else f"“{shortened(name)}”"
        parts.append(f"IoU with {which}, best: at the threshold chosen with it in hand")
    if any(panel.predicted is not None for panel in panels):
        parts.append("green outline: predicted mask")
    if any(panel.regions for panel in panels):
        parts.append("yellow outline: region beyond controls, with its p")
    if any(panel.units == SURPRISE for panel in panels):
        parts.append("surprise: −log₁₀ of the controls' share with as large a value")
    words = " · ".join(parts)
    return words[:1].upper() + words[1:]
