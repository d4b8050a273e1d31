"""The report of a data set as files: one HTML page, a PDF, and tables to go on with."""

from __future__ import annotations

import io
import math
from importlib import resources
from pathlib import Path
from typing import Any

from memlens import __version__
from memlens.evaluation.dataset_figures import Figure
from memlens.evaluation.dataset_report import DatasetReport
from memlens.export.dataset_plots import Plot, drawn, plots_of, svg_of
from memlens.export.dataset_tables import (
    FIGURES,
    figures_csv,
    pictures_csv,
    pictures_parquet,
    report_json,
)
from memlens.export.writing import written_folder
from memlens.methods.registry import MAP_KINDS

FILES = (
    "report.html",
    "report.pdf",
    "report.json",
    "figures.csv",
    "pictures.csv",
    "pictures.parquet",
)


def write_dataset_report(report: DatasetReport, folder: Path, *, draws: int) -> None:
    """Write `FILES`; the same report gives the same bytes.

    Parameters
    ----------
    draws
        Of the bootstrap that the report's intervals come from, for people.

    Raises
    ------
    OutputError
        If they cannot be written; `folder` is as it was.
    """
    plots = plots_of(report)
    content = {
        "report.html": dataset_html(report, plots, draws=draws).encode(),
        "report.pdf": dataset_pdf(report, plots),
        "report.json": report_json(report).encode(),
        "figures.csv": figures_csv(report).encode(),
        "pictures.csv": pictures_csv(report).encode("utf-8", "surrogatepass"),
        "pictures.parquet": pictures_parquet(report),
    }
    with written_folder(folder) as partial:
        for name, data in content.items():
            (partial / name).write_bytes(data)


def dataset_html(report: DatasetReport, plots: tuple[Plot, ...], *, draws: int) -> str:
    """Return the page: everything embedded, nothing fetched, no scripts."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(
        resources.files("memlens.export").joinpath("dataset_page.html").read_text("utf-8")
    )
    return template.render(
        title=report.title,
        version=__version__,
        draws=draws,
        made=report.made,
        labels=list(FIGURES.values()),
        tables=_tables(report),
        plots=[{"svg": Markup(svg_of(plot)), "about": plot.about} for plot in plots],
        skipped=report.skipped,
    )


def dataset_pdf(report: DatasetReport, plots: tuple[Plot, ...]) -> bytes:
    """Return a PDF of the tables and the plots."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure as Drawing

    stream = io.BytesIO()
    nothing = {"CreationDate": None, "Title": report.title, "Creator": f"memlens {__version__}"}
    with PdfPages(stream, metadata=nothing) as pages:
        for name, rows in _tables(report).items():
            height = 1.2 + 0.35 * (len(rows) + 1)
            page = Drawing(figsize=(14, height), layout="constrained")
            axes = page.add_subplot()
            axes.set_axis_off()
            axes.set_title(f"{report.title}: {name}, {rows[0]['maps']} maps", loc="left")
            cells = [[row["symbol"], *(cell["value"] for cell in row["cells"])] for row in rows]
            table = axes.table(cells, colLabels=["map", *FIGURES.values()], loc="upper left")
            table.auto_set_font_size(False)
            table.set_fontsize(8)
            pages.savefig(page)
        if plots:
            pages.savefig(drawn(plots))
    return stream.getvalue()


def _tables(report: DatasetReport) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for each in report.figures:
        known = MAP_KINDS.get(each.kind)
        tables.setdefault(each.name, []).append(
            {
                "kind": each.kind,
                "symbol": known.symbol if known else each.kind,
                "maps": each.maps,
                "prompts": each.prompts,
                "all_ones": each.all_ones,
                "cells": [_cell(getattr(each, name)) for name in FIGURES],
            }
        )
    return tables


def _cell(figure: Figure) -> dict[str, str]:
    def word(value: float) -> str:
        return f"{value:.4f}" if math.isfinite(value) else "–"

    interval = ""
    if math.isfinite(figure.low):
        interval = f"{figure.low:.3f} to {figure.high:.3f}"
    return {"value": word(figure.value), "interval": interval}
