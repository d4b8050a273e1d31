"""Tables for a spreadsheet or a script: agreement and readings as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from memlens.controls.comparison import Comparison
from memlens.controls.reading_ranks import RankedReading
from memlens.evaluation.agreement import agreement, iou_of_all_ones
from memlens.export.source import Source
from memlens.export.writing import written_folder
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS
from memlens.sampling.provenance import Provenance

FORMATS = ("csv", "json")


def write_tables(
    source: Source,
    folder: Path,
    *,
    step: int | None = None,
    smoothing: int = 1,
    formats: Sequence[str] = FORMATS,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Path, ...]:
    """Write ``agreement`` and, where there are any, ``readings`` and ``tokens`` into `folder`.

    With controls also ``verdict``, one row, and ``regions``.

    Parameters
    ----------
    step
        −1 = last; None takes all computed steps.
    smoothing
        Side of the mean filter that maps are read through, odd.
    progress, cancel
        Counted and checked per map.

    Returns
    -------
    tuple
        The files.

    Raises
    ------
    SettingsError
        If there is no such step.
    OutputError
        If they cannot be written; `folder` is as it was.
    Cancelled
        Between two maps; nothing was written.
    """
    tables = {
        "agreement": agreement_rows(
            source, step=step, smoothing=smoothing, progress=progress, cancel=cancel
        )
    }
    if source.readings:
        tables["readings"] = [
            reading_row(reading, source.comparison) for reading in source.readings
        ]
        tokens = [row for reading in source.readings for row in token_rows(reading)]
        if tokens:
            tables["tokens"] = tokens
    if source.comparison is not None:
        tables["verdict"] = [verdict_row(source.comparison)]
        tables["regions"] = source.comparison.region_rows()
    files = {
        f"{name}.{kind}": _csv(rows) if kind == "csv" else _json(rows)
        for name, rows in tables.items()
        for kind in formats
    }
    with written_folder(folder) as partial:
        for name, content in files.items():
            (partial / name).write_bytes(content.encode())
    return tuple(folder / name for name in files)


def agreement_rows(
    source: Source,
    *,
    step: int | None = None,
    smoothing: int = 1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> list[dict[str, Any]]:
    """Return one row per map: what it is, its mean, its agreement with the mask, its provenance.

    Canonical units; None where a number is undefined or there is no mask.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    index = None if step is None else source.session.trajectory.schedule.index(step)
    maps = list(source.maps_in_order(index))
    rows = []
    for done, found in enumerate(maps):
        token.check()
        report(Progress(done, len(maps), "agreement"))
        rows.append(_row(source, found.smoothed(smoothing), smoothing))
    report(Progress(len(maps), len(maps), "agreement"))
    return rows


def _row(source: Source, found: LocalizationMap, smoothing: int) -> dict[str, Any]:
    kind = MAP_KINDS[found.kind]
    level = source.session.trajectory.schedule[found.step]
    error = found.standard_error
    mask = source.pinned
    scored: Mapping[str, float] = {} if mask is None else asdict(agreement(found, mask.pixels))
    row = {
        "map": found.kind,
        "symbol": kind.symbol,
        "label": kind.label,
        "step": found.step,
        "log_snr": level.log_snr,
        "units": "canonical",
        "smoothing": smoothing,
        "mean": float(found.values.mean()),
        "max": float(found.values.max()),
        "mean_standard_error": None if error is None else float(error.mean()),
        "mask": None if mask is None else mask.name,
        **{name: scored.get(name) for name in _SCORES},
        "iou_all_ones": None if mask is None else iou_of_all_ones(mask.pixels),
        "network_calls": found.network_calls,
        "seconds": found.seconds,
    }
    row.update(provenance_columns(found.provenance))
    return {name: _finite(value) for name, value in row.items()}


def provenance_columns(made: Provenance) -> dict[str, Any]:
    """Return the provenance of one row, flat: versions in one text."""
    values = made.to_json()
    versions = values.pop("versions")
    values["carried_from"] = " ".join(f"{step}:{n}" for step, n in made.carried_from)
    # These stand in columns of their own already.
    for name in ("step", "smoothing"):
        values.pop(name)
    return values | {"versions": " ".join(f"{name}={at}" for name, at in versions.items())}


def reading_row(reading: Reading, comparison: Comparison | None = None) -> dict[str, Any]:
    """Return one reading as a flat row: what it is, its value, its p, its provenance."""
    kind = READINGS[reading.key]
    ranked = None if comparison is None else comparison.reading(reading)
    row = {
        "reading": reading.key,
        "symbol": kind.symbol,
        "label": kind.label,
        "source": kind.source,
        "value": reading.value,
        "standard_error": reading.standard_error,
        **({} if comparison is None else _rank_columns(ranked)),
        "unit": reading.unit,
        "scope": kind.scope.value,
        "step": reading.step,
        "network_calls": reading.network_calls,
        "seconds": reading.seconds,
    }
    row.update(provenance_columns(reading.provenance))
    return {name: _finite(value) for name, value in row.items()}


def _rank_columns(ranked: RankedReading | None) -> dict[str, Any]:
    if ranked is None:
        return {"p": None, "small_is_unusual": None, "inconclusive": None}
    return {
        "p": ranked.p,
        "small_is_unusual": ranked.small_is_unusual,
        "inconclusive": ranked.inconclusive,
    }


def token_rows(reading: Reading) -> list[dict[str, Any]]:
    """Return one flat row for each token of a reading of tokens, in the prompt's order."""
    return [
        {
            "reading": reading.key,
            "step": reading.step,
            "place": place,
            "token": text,
            "value": own,
        }
        for place, (text, own) in enumerate(reading.per_token or ())
    ]


def verdict_row(comparison: Comparison) -> dict[str, Any]:
    """Return the verdict as one flat row, with the controls' settings."""
    facts = comparison.facts()
    settings = facts.pop("settings")
    for name in ("regions", "readings"):
        facts.pop(name)
    facts["premises"] = " ".join(facts["premises"])
    facts["kinds"] = " ".join(facts["kinds"])
    facts["versions"] = " ".join(f"{name}={at}" for name, at in facts["versions"].items())
    facts["seeds"] = "–".join(map(str, facts["seeds"]))
    row = facts | {f"controls_{name}": value for name, value in settings.items()}
    return {name: _finite(value) for name, value in row.items()}


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


_SCORES = (
    "iou",
    "dice",
    "precision",
    "recall",
    "accuracy",
    "auroc",
    "average_precision",
    "threshold",
)
