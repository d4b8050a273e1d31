"""Draw a laid-out figure with matplotlib's objects; nothing here touches pyplot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memlens.export import lettering
from memlens.export.edges import corner_of, edge_segments
from memlens.export.figure_layout import LABEL, SMALL, SYMBOL, TITLE, Area, Layout, Line
from memlens.export.panel import SURPRISE, Panel, RegionOutline, panel_pixels
from memlens.export.source import MASK, Look
from memlens.maps.scale import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK, _QUIET, _HAIRLINE = "#16181d", "#555b66", "#9aa0aa"
OUTLINE, PREDICTED, REGION = "#ffffff", "#5eead4", "#ffd166"
_HALO = (0.0, 0.0, 0.0, 0.67)
_LINE = 0.8


def paint(figure: Figure, panels: Sequence[Panel], layout: Layout, look: Look, dpi: int) -> None:
    """Draw all of it; `dpi` decides how finely pictures are drawn."""
    painter = _Painter(figure, layout)
    for line in layout.title:
        painter.write(line, TITLE, _INK, bold=True)
    for panel, cell in zip(panels, layout.cells, strict=True):
        axes = painter.axes(cell.picture)
        _draw_panel(axes, panel, look, _finer(panel, cell.picture, dpi))
        if cell.symbol is not None:
            painter.write(cell.symbol, SYMBOL, _INK)
        for line in cell.label:
            painter.write(line, LABEL, _INK if not panel.symbol else _QUIET)
        for line in cell.facts:
            painter.write(line, SMALL, _QUIET)
        if cell.bar is not None:
            painter.colour_bar(cell.bar, [panel], look)
    if layout.shared is not None:
        maps = [panel for panel in panels if panel.values is not None]
        painter.colour_bar(layout.shared, maps, look)
    for line in layout.legend:
        painter.write(line, SMALL, _QUIET)


class _Painter:
    """Knows where points lie in the figure's own coordinates."""

    def __init__(self, figure: Figure, layout: Layout) -> None:
        self._figure = figure
        self._width, self._height = layout.size

    def write(self, line: Line, size: float, colour: str, *, bold: bool = False) -> None:
        is_symbol = line.text.startswith("$")
        self._figure.text(
            line.x / self._width,
            1 - line.y / self._height,
            line.text,
            fontproperties=lettering.font(size, bold=bold),
            color=colour,
            ha="left",
            va="baseline",
            parse_math=is_symbol and bool(line.text),
        )

    def axes(self, area: Area) -> Axes:
        axes = self._figure.add_axes(
            (
                area.x / self._width,
                1 - (area.y + area.height) / self._height,
                area.width / self._width,
                area.height / self._height,
            )
        )
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_linewidth(0.4)
            spine.set_edgecolor(_HAIRLINE)
        return axes

    def colour_bar(self, area: Area, panels: Sequence[Panel], look: Look) -> None:
        axes = self.axes(area)
        low, high = panels[0].levels
        axes.imshow(
            look.colours[:, None, :],
            aspect="auto",
            origin="lower",
            extent=(0.0, 1.0, 0.0, 1.0),
            interpolation="none",
        )
        scale = Scale.of((low, high), look.log_scale and panels[0].units != SURPRISE)
        marks = scale.ticks(max(3, min(6, int(area.height / 22))))
        axes.yaxis.tick_right()
        axes.set_yticks([scale.share(mark) for mark, _ in marks], [words for _, words in marks])
        axes.tick_params(
            axis="y", length=1.8, width=0.4, pad=1.5, color=_HAIRLINE, labelcolor=_QUIET
        )
        for text in axes.get_yticklabels():
            text.set_fontproperties(lettering.font(SMALL))
        below = any(panel.beyond[0] for panel in panels)
        above = any(panel.beyond[1] for panel in panels)
        for there, y, mark in ((below, -0.012, "v"), (above, 1.012, "^")):
            if there:
                axes.plot(
                    [0.5],
                    [y + math.copysign(2.4 / area.height, y)],
                    mark,
                    color=_QUIET,
                    markersize=3.2,
                    markeredgewidth=0,
                    transform=axes.transAxes,
                    clip_on=False,
                )
        if panels[0].units:
            axes.text(
                1.0 + 17.0 / area.width,
                0.5,
                panels[0].units,
                rotation=90,
                ha="left",
                va="center",
                color=_QUIET,
                fontproperties=lettering.font(SMALL),
                transform=axes.transAxes,
            )


def _draw_panel(axes: Axes, panel: Panel, look: Look, finer: int) -> None:
    height, width = panel.picture.shape[:2]
    axes.imshow(
        panel_pixels(panel, look, finer),
        extent=(0.0, float(width), float(height), 0.0),
        interpolation="none",
        aspect="auto",
    )
    if panel.mask is not None and panel.content != MASK:
        _outline(axes, panel.mask, OUTLINE)
    if panel.predicted is not None:
        _outline(axes, panel.predicted, PREDICTED)
    for region in panel.regions:
        _outline(axes, region.mask, REGION)
        _label(axes, region)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)


def _outline(axes: Axes, mask: NDArray[np.bool_], colour: str) -> None:
    from matplotlib.collections import LineCollection

    segments = edge_segments(mask)
    for width, tone in ((_LINE + 0.9, _HALO), (_LINE, colour)):
        axes.add_collection(
            LineCollection(segments, colors=[tone], linewidths=width, capstyle="projecting"),
            autolim=False,
        )


def _label(axes: Axes, region: RegionOutline) -> None:
    """Write a region's name and p inside its upper left corner."""
    from matplotlib.patheffects import withStroke

    row, column = corner_of(region.mask)
    axes.text(
        column,
        row,
        f" {region.words}",
        ha="left",
        va="top",
        color=REGION,
        fontproperties=lettering.font(SMALL, bold=True),
        path_effects=[withStroke(linewidth=1.6, foreground=_HALO)],
        clip_on=True,
    )


def _finer(panel: Panel, area: Area, dpi: int) -> int:
    # Whole multiples, so that squares stay squares; vector formats keep what is given here.
    wanted = area.width / 72 * dpi
    width: int = panel.picture.shape[1]
    return max(1, min(16, math.ceil(wanted / width)))
