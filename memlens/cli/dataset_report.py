"""``memlens-cli report``: the tables and plots of a sweep, or of a folder of official maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from memlens.cli.report import AsJson, Report, number, reporting, table_of
from memlens.cli.smoothing import Smooth, read_smoothing
from memlens.evaluation.bootstrap import DRAWS

_NAMED = 20

Draws = Annotated[int, typer.Option(min=0, help="Data sets drawn for the intervals; 0 gives none.")]


def report(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A sweep, or official maps beside their data set."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the report; DIR/report if not given.")
    ] = None,
    controls: Annotated[
        str | None,
        typer.Option(help='A controls file, or "demo": IoU without threshold from these now.'),
    ] = None,
    smooth: Smooth = None,
    draws: Draws = DRAWS,
    as_json: AsJson = False,
) -> None:
    """Write tables, intervals, plots and a row for every picture: HTML, PDF, CSV, parquet."""
    with reporting(as_json=as_json) as voice:
        tell_report(voice, folder, out=out, controls=controls, smooth=smooth, draws=draws)


def tell_report(
    voice: Report,
    folder: Path,
    *,
    out: Path | None,
    controls: str | None,
    smooth: str | None,
    draws: int,
) -> None:
    """Judge a data set, write its report and print its tables."""
    from memlens.evaluation.dataset_report import judge_dataset
    from memlens.export.dataset_page import write_dataset_report
    from memlens.export.dataset_tables import report_values
    from memlens.sweep.evidence import judged_again, read_evidence

    evidence = read_evidence(folder)
    if controls is not None:
        evidence = judged_again(folder, evidence, controls)
    judged = judge_dataset(
        evidence,
        smoothing=read_smoothing(smooth),
        draws=draws,
        progress=voice.progress,
        cancel=voice.cancel,
    )
    target = out or folder / "report"
    write_dataset_report(judged, target, draws=draws)
    for each in judged.skipped[:_NAMED]:
        voice.note(f"left out {each.name}: {each.reason}")
    if len(judged.skipped) > _NAMED:
        voice.note(f"left out {len(judged.skipped) - _NAMED} more; report.json names them all.")
    heads = ("map", "set", "maps", "IoU", "mean IoU", "accuracy", "AUROC", "AP", "IoU w/o thr.",
             "det. AUC", "TPR 1 %")  # fmt: skip
    rows: list[list[str]] = [
        [
            each.kind,
            each.name,
            str(each.maps),
            *(
                number(figure.value)
                for figure in (
                    each.iou,
                    each.mean_iou,
                    each.accuracy,
                    each.auroc,
                    each.average_precision,
                    each.iou_without_threshold,
                    each.detection_auc,
                    each.true_rate,
                )
            ),
        ]
        for each in judged.figures
    ]
    values: dict[str, Any] = {"report": str(target), **report_values(judged)}
    voice.result(values, table_of("", heads, rows), f"Written to {target}.")
