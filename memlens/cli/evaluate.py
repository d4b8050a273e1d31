"""``memlens-cli evaluate``: the official evaluation of a folder of maps."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from memlens.cli.report import AsJson, number, reporting, table_of
from memlens.cli.smoothing import Smooth, read_smoothing

_NAMED = 20


class Layout(StrEnum):
    """How maps and ground truth lie on the disk."""

    OFFICIAL = "official"


def evaluate(
    maps: Annotated[
        Path,
        typer.Argument(
            metavar="MAPS_DIR", help="The folder of TV_metric_maps and MVRV_metric_maps."
        ),
    ],
    dataset: Annotated[
        list[Path],
        typer.Option(
            "--dataset",
            help="A JSON-lines data set, templates/ and data/ beside it; may be repeated.",
        ),
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", help="cov, score_diff, …; may be repeated; all if not given."),
    ] = None,
    smooth: Smooth = None,
    layout: Annotated[Layout, typer.Option(help="How the files lie.")] = Layout.OFFICIAL,
    as_json: AsJson = False,
) -> None:
    """Evaluate maps in the official layout: IoU, mean IoU and accuracy, each at its best."""
    with reporting(as_json=as_json) as report:
        from memlens.errors import DatasetError
        from memlens.evaluation.datasets import metrics_present, read_official
        from memlens.evaluation.official import evaluate_official

        smoothing = read_smoothing(smooth)
        wanted = metric or metrics_present(maps)
        if not wanted:
            read_official(maps, dataset, metric="cov")
            raise DatasetError(f"there are no maps in the official layout in {maps}.")
        found = {
            name: evaluate_official(
                maps,
                dataset,
                metric=name,
                smoothing=smoothing,
                progress=report.progress,
                cancel=report.cancel,
            )
            for name in wanted
        }
        rows = [
            [
                name,
                which,
                str(one.maps),
                str(len(one.skipped)),
                number(one.iou),
                number(one.mean_iou),
                number(one.accuracy),
            ]
            for name, sets in found.items()
            for which, one in sets.items()
        ]
        heads = ("metric", "set", "maps", "skipped", "IoU", "mean IoU", "accuracy")
        skipped = {
            skipped: None
            for sets in found.values()
            for one in sets.values()
            for skipped in one.skipped
        }
        for each in list(skipped)[:_NAMED]:
            report.note(f"skipped {each.name}: {each.reason}")
        if len(skipped) > _NAMED:
            report.note(f"skipped {len(skipped) - _NAMED} more; --json names them all.")
        values = {
            name: {which: asdict(one) for which, one in sets.items()}
            for name, sets in found.items()
        }
        settings = {"layout": layout.value, "smoothing": smoothing}
        report.result({**settings, "metrics": values}, table_of("", heads, rows))
