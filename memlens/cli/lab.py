"""``memlens-cli lab``: retrain the demo model, measure methods on it, make its session."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from memlens.cli.loading import silence_libraries
from memlens.cli.report import FAILED, AsJson, number, reporting, table_of

if TYPE_CHECKING:
    from memlens.lab.check import CheckReport
    from memlens.lab.scores import CheckTable

lab = typer.Typer(
    name="lab",
    help="The demo model: retrain it, measure every method on its ground truth, make its session.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@lab.command()
def train(
    out: Annotated[Path, typer.Option(help="Folder of the run; the model ends up in its model/.")],
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    resume: Annotated[bool, typer.Option(help="Continue a run that was stopped in OUT.")] = True,
    as_json: AsJson = False,
) -> None:
    """Retrain the demo model from a seed; a stopped run can be resumed."""
    with reporting(as_json=as_json) as report:
        silence_libraries()
        from memlens.lab.training import train as train_model

        model = train_model(
            out, seed=seed, resume=resume, progress=report.progress, cancel=report.cancel
        )
        report.result({"model": str(model)}, f"The model is in {model}.")


@lab.command()
def check(
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help='"demo", or a folder that lab train wrote.')
    ] = "demo",
    per_kind: Annotated[
        int | None,
        typer.Option(min=1, help="Only so many captions of each kind, with one seed each."),
    ] = None,
    seed: Annotated[
        list[int] | None,
        typer.Option(min=0, help="Instead of the lab's own seeds. May be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure every method on a lab model's ground truth; exit 1 if the acceptance fails."""
    with reporting(as_json=as_json) as report:
        silence_libraries()
        from memlens.lab.check import check as check_model

        found = check_model(
            model,
            per_kind=per_kind,
            seeds=seed or (),
            progress=report.progress,
            cancel=report.cancel,
        )
        values = {**asdict(found), "passed": found.passed}
        values["criteria"] = [{**asdict(one), "passed": one.passed} for one in found.criteria]
        counts = ", ".join(f"{count} {kind}" for kind, count in found.pictures.items())
        head = f"{found.model}: {counts} pictures, {found.probes} probes."
        tables = [part for table in found.tables for part in ("", _table(table))]
        report.result(values, head, *tables, "", _criteria(found))
        if not found.passed:
            raise typer.Exit(FAILED)


@lab.command()
def recognise(
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help='"demo", or a folder that lab train wrote.')
    ] = "demo",
    pictures: Annotated[int, typer.Option(min=1, help="How many generated free pictures.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Tell how often a classifier of free pictures names an object of the caption."""
    with reporting(as_json=as_json) as report:
        silence_libraries()
        from memlens.lab.recognition import measure_recognition

        found = measure_recognition(
            model, pictures=pictures, progress=report.progress, cancel=report.cancel
        )
        report.result(
            asdict(found),
            f"An object of the caption is named in {found.generated:.1%} of {found.pictures} "
            f"generated free pictures (guidance {found.guidance_scale:g}, {found.steps} steps), "
            f"in {found.real:.1%} of as many held-out ones.",
        )


@lab.command("demo-session")
def demo_session(
    out: Annotated[Path, typer.Option(help="The .memlens file to write.", dir_okay=False)],
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help='"demo", or a folder that lab train wrote.')
    ] = "demo",
    as_json: AsJson = False,
) -> None:
    """Compute the session that a first start shows: one template prompt with all its maps."""
    with reporting(as_json=as_json) as report:
        silence_libraries()
        from memlens.lab.demo_session import make_demo_session

        made = make_demo_session(model, out, progress=report.progress, cancel=report.cancel)
        report.result({"session": str(made)}, f"The session is in {made}.")


def _table(table: CheckTable) -> Table:
    setting = table.setting
    title = (
        f"{setting.name}: step {setting.step}, σ {table.sigma:.3f}, logSNR {table.log_snr:.2f}, "
        f"guidance {table.guidance_scale:g}"
    )
    filtered = f"{setting.smoothing}×{setting.smoothing}"
    heads = (
        "method",
        "IoU",
        "AUROC",
        f"IoU {filtered}",
        f"AUROC {filtered}",
        "detection AUC",
        "mean inside",
        "strip",
        "elsewhere",
    )
    rows = [
        [
            f"{row.symbol}  {row.label}",
            number(row.iou),
            number(row.auroc),
            number(row.iou_filtered),
            number(row.auroc_filtered),
            number(row.detection),
            *(f"{mean:.4f}" for mean in (row.inside, row.strip, row.elsewhere)),
        ]
        for row in table.rows
    ]
    return table_of(title, heads, rows)


def _criteria(found: CheckReport) -> Table:
    rows = [
        [
            one.statement,
            number(one.measured),
            f"{'≥' if one.at_least else '≤'} {one.bound:g}",
            "passed" if one.passed else "failed",
        ]
        for one in found.criteria
    ]
    return table_of("", ("acceptance", "measured", "bound", ""), rows)
