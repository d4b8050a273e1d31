"""The plots of a data set's report, drawn with matplotlib, as pictures for a page or a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memlens.evaluation.dataset_figures import SetFigures
from memlens.evaluation.dataset_report import DatasetReport
from memlens.evaluation.official import THRESHOLDS
from memlens.methods.registry import MAP_KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_SIDE = (5.0, 4.2)
# Colours that stay apart for people who do not see red or green (Okabe & Ito 2008).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot.

    Attributes
    ----------
    title
        What it shows.
    about
        How to read it, in a sentence.
    draw
        Draws it.
    """

    title: str
    about: str
    draw: Callable[[Axes], None]


def plots_of(report: DatasetReport) -> tuple[Plot, ...]:
    """Return the plots that a report has something for, of the first set of each kind."""
    first: dict[str, SetFigures] = {}
    for each in report.figures:
        first.setdefault(each.kind, each)
    localized = [each for each in first.values() if np.isfinite(each.recall).any()]
    widest: dict[str, SetFigures] = {each.kind: each for each in report.figures
                                     if each.name == "all"}  # fmt: skip
    detected = [each for each in widest.values() if each.detection is not None]
    plots = []
    if localized:
        sets = localized[0].name
        plots += [
            Plot(
                title="Precision over recall",
                about=f"Of all pixels of {sets} together, over the common threshold.",
                draw=lambda axes: _precision(axes, localized),
            ),
            Plot(
                title="IoU over threshold",
                about=f"Of {sets}; dots mark the best threshold, the dashed line is what "
                "predicting every pixel reaches.",
                draw=lambda axes: _iou(axes, localized),
            ),
        ]
    if detected:
        plots.append(
            Plot(
                title="Detection: true over false positives",
                about="Memorized pictures against the others, by the mean of the map.",
                draw=lambda axes: _roc(axes, detected),
            )
        )
    if report.series:
        plots.append(
            Plot(
                title="IoU over logSNR",
                about="The best IoU at each step that maps were made at.",
                draw=lambda axes: _series(axes, report),
            )
        )
    return tuple(plots)


def drawn(plots: Sequence[Plot], *, columns: int = 2) -> Drawing:
    """Draw plots into one figure."""
    from matplotlib.figure import Figure as Drawing

    rows = -(-len(plots) // columns)
    figure = Drawing(figsize=(_SIDE[0] * columns, _SIDE[1] * rows), layout="constrained")
    for place, plot in enumerate(plots, 1):
        axes = figure.add_subplot(rows, columns, place)
        plot.draw(axes)
        axes.set_title(plot.title)
        axes.grid(alpha=0.3)
    return figure


def svg_of(plot: Plot) -> str:
    """Return one plot as SVG, the same bytes for the same report."""
    import matplotlib

    stream = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "memlens", "svg.fonttype": "path"}):
        drawn([plot], columns=1).savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _symbol(kind: str) -> str:
    return MAP_KINDS[kind].symbol if kind in MAP_KINDS else kind


def _colour(kind: str) -> str:
    known = list(MAP_KINDS)
    return _COLOURS[(known.index(kind) if kind in known else len(known)) % len(_COLOURS)]


def _line(axes: Axes, kind: str, x: Any, y: Any, label: str = "") -> None:
    axes.plot(x, y, color=_colour(kind), label=label or _symbol(kind), linewidth=1.6)


def _precision(axes: Axes, found: Sequence[SetFigures]) -> None:
    for each in found:
        _line(axes, each.kind, each.recall, each.precision)
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(fontsize="small")


def _iou(axes: Axes, found: Sequence[SetFigures]) -> None:
    for each in found:
        _line(axes, each.kind, THRESHOLDS, each.iou_curve)
        best = int(each.iou_curve.argmax())
        axes.plot(THRESHOLDS[best], each.iou_curve[best], "o", color=_colour(each.kind))
    axes.axhline(found[0].all_ones, color="#777777", linestyle="--", linewidth=1, label="all ones")
    axes.set(xlabel="threshold on log1p, scaled over the set", ylabel="IoU", xlim=(0, 1))
    axes.set_ylim(0, 1.02)
    axes.legend(fontsize="small")


def _roc(axes: Axes, found: Sequence[SetFigures]) -> None:
    for each in found:
        if each.detection is not None:
            label = f"{_symbol(each.kind)} ({each.detection_auc.value:.3f})"
            curve = each.detection
            _line(axes, each.kind, curve.false_rate, curve.true_rate, label)
    axes.plot((0, 1), (0, 1), color="#777777", linestyle="--", linewidth=1)
    axes.set(xlabel="false positive rate", ylabel="true positive rate", xlim=(0, 1))
    axes.set_ylim(0, 1.02)
    axes.legend(fontsize="small", loc="lower right")


def _series(axes: Axes, report: DatasetReport) -> None:
    for kind, points in report.series.items():
        levels, ious = zip(*points, strict=True)
        axes.plot(levels, ious, "o-", color=_colour(kind), label=_symbol(kind), linewidth=1.6)
    axes.set(xlabel="logSNR (noise falls to the right)", ylabel="best IoU")
    axes.set_ylim(0, 1.02)
    axes.legend(fontsize="small")
