"""The report of a session: one HTML file that opens anywhere and says where each number is from."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens import __version__
from memlens.export.edges import corner_of, edge_segments
from memlens.export.numbers import number
from memlens.export.panel import Panel, panel_of, panel_pixels
from memlens.export.report_commands import commands
from memlens.export.report_evidence import (
    controls_facts,
    limits,
    method_in_words,
    reading_rank,
    region_rows,
    token_bars,
    verdict_box,
)
from memlens.export.source import MASK, PICTURE, Look, Source
from memlens.export.tables import agreement_rows, reading_row
from memlens.export.writing import write_bytes
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, METHODS
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from markupsafe import Markup

_TEMPLATE = "report.html"
_STRIP_STEPS = 8
_SHOWN_REGIONS = 8
_IN_SENTENCES = re.compile(
    "|".join(re.escape(kind.symbol) for kind in MAP_KINDS.values() if "_" in kind.symbol)
)
_DEMO_CREDIT = (
    "Pictures of the bundled demo model repeat Twemoji artwork (© Twitter, Inc. and other "
    "contributors, CC-BY 4.0) and photographs from scikit-image's sample data."
)


def write_report(
    source: Source,
    path: Path,
    *,
    step: int = -1,
    look: Look | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> None:
    """Write the report: everything embedded, nothing fetched, no scripts.

    The same session, step and look give the same bytes.

    Parameters
    ----------
    step
        The step that is shown large; −1 = last.
    progress, cancel
        Counted and checked per picture and row.

    Raises
    ------
    SettingsError
        If there is no such step.
    OutputError
        If it cannot be written; an older file is whole.
    Cancelled
        Before anything was written.
    """
    content = report_html(
        source,
        step=step,
        look=look or Look(),
        progress=progress or ignore_progress,
        cancel=cancel or CancelToken(),
    )
    write_bytes(path, content.encode())


def report_html(
    source: Source,
    *,
    step: int,
    look: Look,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> str:
    """Return the report; see `write_report`."""
    from jinja2 import Environment, StrictUndefined

    session = source.session
    step = session.trajectory.schedule.index(step)
    kinds = source.kinds_at(step)
    maps = list(source.maps_in_order(step))
    names = {id(found): f"M{place}" for place, found in enumerate(maps, 1)}
    contents = (PICTURE, *((MASK,) if session.masks else ()), *kinds)
    shown = []
    for done, content in enumerate(contents):
        cancel.check()
        progress(Progress(done, len(contents), "drawing the report"))
        shown.append(_figure(panel_of(source, content, step, look), look))
    evidence, regions = _evidence(source, step, look, names)
    made = session.trajectory.provenance
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = _number
    environment.filters["symbol"] = _symbol
    environment.filters["typeset"] = _typeset
    template = environment.from_string(
        resources.files("memlens.export").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    )
    level = session.trajectory.schedule[step]
    return template.render(
        prompt=made.prompt,
        version=__version__,
        made=made.to_json(),
        step=step,
        log_snr=number(level.log_snr),
        sigma=number(level.sigma),
        figures=shown,
        bar=_uri(look.colours[None, :, :]),
        look=look,
        strips=_strips(source, kinds, look, cancel),
        rows=agreement_rows(
            source, step=step, smoothing=look.smoothing, progress=progress, cancel=cancel
        ),
        has_mask=bool(session.masks),
        masks=[
            {
                "name": mask.name,
                "kind": mask.kind,
                "share": f"{100 * float(mask.pixels.mean()):.1f} %",
                "uri": _uri(mask.pixels.astype(np.uint8) * 255),
            }
            for mask in session.masks
        ],
        readings=[
            reading_row(reading) | {"rank": reading_rank(source.comparison, reading)}
            for reading in source.readings
        ],
        compared=source.comparison is not None,
        verdict=verdict_box(source),
        evidence=evidence,
        regions=regions[:_SHOWN_REGIONS],
        more_regions=len(regions[_SHOWN_REGIONS:]),
        tokens=token_bars(source.readings),
        method=method_in_words(source, step, maps),
        limits=limits(source, step, maps),
        controls=[] if source.comparison is None else controls_facts(source.comparison),
        prompts=() if source.comparison is None else source.comparison.controls.prompts,
        maps=[_map_facts(found) | {"number": names[id(found)]} for found in maps],
        map_count=len(session.maps),
        commands=commands(source, step),
        session_name=source.name,
        methods=[METHODS[key] for key in dict.fromkeys(MAP_KINDS[kind].method for kind in kinds)],
        credit=_DEMO_CREDIT if made.model.startswith("demo@") else "",
    )


def _evidence(
    source: Source, step: int, look: Look, names: Mapping[int, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return picture and surprise maps with what is found, and the table of regions."""
    comparison = source.comparison
    if comparison is None or step != comparison.verdict.step:
        return [], []
    numbers = {kind: names.get(id(found), "") for kind, found in comparison.maps.items()}
    drawn = replace(look, surprise=True, regions=True, contour=None)
    figures = []
    for content in (PICTURE, *comparison.verdict.kinds):
        if content == PICTURE or content in comparison.verdict.surprise:
            figures.append(_figure(panel_of(source, content, step, drawn), drawn))
    return figures, region_rows(comparison, numbers)


def _figure(panel: Panel, look: Look) -> dict[str, Any]:
    height, width = panel.picture.shape[:2]
    low, high = panel.levels
    values = panel.values
    return {
        "content": panel.content,
        "symbol": panel.symbol,
        "label": panel.label,
        "facts": panel.facts,
        "uri": _uri(panel_pixels(panel, look)),
        "width": width,
        "height": height,
        "is_map": values is not None,
        "squares": look.nearest and values is not None,
        "low": number(low),
        "high": number(high),
        "least": "" if values is None else number(round(float(values.min()), 6)),
        "most": "" if values is None else number(float(values.max())),
        "units": panel.units,
        "mask": "" if panel.content == MASK else _path(panel.mask),
        "predicted": _path(panel.predicted),
        "regions": [
            {"words": region.words, "path": _path(region.mask), "corner": corner_of(region.mask)}
            for region in panel.regions
        ],
    }


def _strips(
    source: Source, kinds: Sequence[str], look: Look, cancel: CancelToken
) -> list[dict[str, Any]]:
    """Return one row of small pictures per kind: the same steps for all."""
    steps = source.steps_of(tuple(kinds))
    if len(steps) < 2:
        return []
    places = np.linspace(0, len(steps) - 1, min(_STRIP_STEPS, len(steps))).round().astype(int)
    chosen = [steps[place] for place in places]
    bare = replace(look, outline=False, contour=None)
    strips = []
    for content in (PICTURE, *kinds):
        cancel.check()
        panels = [panel_of(source, content, step, bare) for step in chosen]
        strips.append(
            {
                "symbol": panels[0].symbol or panels[0].label,
                "squares": content != PICTURE and look.nearest,
                "cells": [
                    {
                        "step": step,
                        "log_snr": number(source.session.trajectory.schedule[step].log_snr),
                        "uri": _uri(panel_pixels(panel, bare)),
                    }
                    for step, panel in zip(chosen, panels, strict=True)
                ],
            }
        )
    return strips


def _map_facts(found: LocalizationMap) -> dict[str, Any]:
    kind = MAP_KINDS[found.kind]
    return {
        "symbol": kind.symbol,
        "label": kind.label,
        "source": METHODS[kind.method].source,
        "network_calls": found.network_calls,
        "seconds": found.seconds,
        "error": None if found.standard_error is None else float(found.standard_error.mean()),
        "made": found.provenance.to_json(),
    }


def _path(mask: NDArray[np.bool_] | None) -> str:
    if mask is None:
        return ""
    return "".join(
        f"M{x0:g} {y0:g}H{x1:g}" if y0 == y1 else f"M{x0:g} {y0:g}V{y1:g}"
        for (x0, y0), (x1, y1) in edge_segments(mask)
    )


def _uri(pixels: NDArray[np.uint8]) -> str:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def _number(value: Any) -> str:
    if value is None:
        return "–"
    return number(value) if isinstance(value, float) else str(value)


def _typeset(words: str) -> Markup:
    """Write a sentence with the symbols in it as `_symbol` does."""
    from markupsafe import Markup, escape

    found = Markup("")
    end = 0
    for match in _IN_SENTENCES.finditer(words):
        found += escape(words[end : match.start()]) + _symbol(match[0])
        end = match.end()
    return found + escape(words[end:])


def _symbol(symbol: str) -> Markup:
    """Write "Δh_∅" with a subscript."""
    from markupsafe import Markup, escape

    base, _, below = symbol.partition("_")
    return Markup("{}<sub>{}</sub>").format(base, below) if below else escape(base)
