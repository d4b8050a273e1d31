"""The tables of a data set's report: figures with intervals, and a row for every picture."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from memlens.evaluation.dataset_figures import Figure, SetFigures
from memlens.evaluation.dataset_report import DatasetReport

# What a table shows, by what a SetFigures calls it.
FIGURES = {
    "iou": "IoU",
    "mean_iou": "mean IoU",
    "accuracy": "accuracy",
    "auroc": "AUROC",
    "average_precision": "average precision",
    "iou_without_threshold": "IoU without threshold",
    "detection_auc": "detection AUC",
    "detection_average_precision": "detection average precision",
    "true_rate": "TPR at 1 % FPR",
}


def figures_csv(report: DatasetReport) -> str:
    """Return the figures of every kind and set, with their intervals, as CSV."""
    rows = [_row(each) for each in report.figures]
    return _csv(rows, list(rows[0]) if rows else [])


def pictures_csv(report: DatasetReport) -> str:
    """Return a row for every picture and kind of map as CSV."""
    return _csv(report.rows, list(report.rows[0]) if report.rows else [])


def pictures_parquet(report: DatasetReport) -> bytes:
    """Return the same as parquet."""
    import pyarrow
    import pyarrow.parquet

    texts = ("picture", "prompt", "kind", "group", "map", "skipped")
    names = list(report.rows[0]) if report.rows else []
    kinds = {name: pyarrow.string() if name in texts else pyarrow.float64() for name in names}
    kinds |= {"seed": pyarrow.int64()} if names else {}
    table = pyarrow.table(
        {name: [row[name] for row in report.rows] for name in names},
        schema=pyarrow.schema(list(kinds.items())),
    )
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream)
    return stream.getvalue()


def report_json(report: DatasetReport) -> str:
    """Return everything but pictures' rows and curves as JSON; undefined numbers are null."""
    return json.dumps(report_values(report), ensure_ascii=False, indent=2) + "\n"


def report_values(report: DatasetReport) -> dict[str, Any]:
    """Return what `report_json` writes."""
    return {
        "title": report.title,
        "made": dict(report.made),
        "figures": [
            {name: _finite(value) for name, value in _row(each).items()} for each in report.figures
        ],
        "series": {
            kind: [[_finite(number) for number in point] for point in points]
            for kind, points in report.series.items()
        },
        "skipped": [{"name": each.name, "reason": each.reason} for each in report.skipped],
    }


def _row(figures: SetFigures) -> dict[str, Any]:
    row: dict[str, Any] = {
        "map": figures.kind,
        "set": figures.name,
        "maps": figures.maps,
        "prompts": figures.prompts,
        "iou_all_ones": figures.all_ones,
    }
    for name in FIGURES:
        figure: Figure = getattr(figures, name)
        row |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
    return row


def _csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([["" if _finite(row[name]) is None else row[name] for name in names]
                      for row in rows])  # fmt: skip
    return stream.getvalue()


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
