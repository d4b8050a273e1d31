"""``memlens-cli masks agreement``: how far the annotators of a sweep agree."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer

from memlens.cli.report import AsJson, number, reporting, table_of
from memlens.errors import DatasetError


def agreement(
    sweep: Annotated[Path, typer.Argument(metavar="SWEEP", help="A sweep's folder.")],
    annotator: Annotated[
        list[str] | None, typer.Option(help="Whom to compare; all if not given. Repeated.")
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Pictures of least agreement to name.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Compare the masks that annotators drew: IoU and κ of each picture and of all."""
    with reporting(as_json=as_json) as report:
        from memlens.sweep.annotations import annotator_agreement, annotators, checked_annotator
        from memlens.sweep.folder import open_index

        with open_index(sweep) as index:
            tasks = index.tasks()
        names = tuple(map(checked_annotator, annotator or annotators(sweep)))
        if len(names) < 2:
            raise DatasetError(f"{sweep} has masks of {len(names)} annotators: two are needed.")
        found = [annotator_agreement(sweep, tasks, *pair) for pair in combinations(names, 2)]
        heads = ("annotators", "pictures", "mean IoU", "IoU of all pixels", "κ of all pixels")
        rows = [
            [
                f"{each.first} and {each.second}",
                str(len(each.pictures)),
                number(each.mean_iou),
                number(each.iou),
                number(each.kappa),
            ]
            for each in found
        ]
        least = [
            [f"{picture.task.name} ({each.first}, {each.second})", number(picture.iou),
             number(picture.kappa)]
            for each in found
            for picture in each.pictures[:worst]
        ]  # fmt: skip
        values = {
            "agreement": [
                {
                    "annotators": [each.first, each.second],
                    "mean_iou": each.mean_iou,
                    "iou": each.iou,
                    "kappa": each.kappa,
                    "pictures": [
                        {"picture": picture.task.name, "iou": picture.iou, "kappa": picture.kappa}
                        for picture in each.pictures
                    ],
                }
                for each in found
            ]
        }
        tables = [table_of("", heads, rows)]
        if least:
            tables.append(table_of("Least agreement first:", ("picture", "IoU", "κ"), least))
        report.result(values, *tables)
