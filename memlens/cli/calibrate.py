"""``memlens-cli calibrate``: sample what ordinary pictures of a model show, to compare with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from memlens.cli.loading import less_trained, load
from memlens.cli.model_options import (
    Config,
    Device,
    Download,
    Dtype,
    Lora,
    LoraScale,
    ModelName,
    PredictionType,
    Size,
    read_size,
)
from memlens.cli.report import AsJson, Report, number, reporting, table_of
from memlens.errors import OutputError, SettingsError
from memlens.methods.registry import MAP_KINDS, UNCONDITIONAL, map_kind
from memlens.readings.registry import READINGS, reading_kind

if TYPE_CHECKING:
    from memlens.controls.calibration import Calibration
    from memlens.controls.checking import FalsePositives
    from memlens.controls.controls import Controls

_BUNDLED = 128
_FRESH = 100


def calibrate(
    model: ModelName,
    out: Annotated[Path, typer.Option(help="The controls file to write.", dir_okay=False)],
    prompts: Annotated[
        Path | None,
        typer.Option(help="Prompts that are not memorized: one a line, or .jsonl with captions."),
    ] = None,
    bundled: Annotated[
        bool,
        typer.Option("--bundled", help="The prompts that memlens brings for the model instead."),
    ] = False,
    count: Annotated[
        int | None, typer.Option(min=2, help="Only so many; 128 of the bundled if not given.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            help="less-trained (the one in the model's folder, if not given), the path or hub id "
            "of one, or unconditional for none."
        ),
    ] = None,
    step: Annotated[
        list[int] | None,
        typer.Option(help="0 = most noise; -1 = last, if not given. May be repeated."),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these maps: {', '.join(MAP_KINDS)}. May be repeated."),
    ] = None,
    reading: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these readings: {', '.join(READINGS)}. May be repeated."),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Sampling steps.")] = 50,
    guidance_scale: Annotated[
        float | None, typer.Option(help="The model's own if not given.")
    ] = None,
    probes: Annotated[int, typer.Option(min=1, help="Number of probes.")] = 16,
    estimator: Annotated[str, typer.Option(help="How curvature is estimated.")] = "probing",
    smooth: Annotated[
        int, typer.Option(help="Mean filter that maps are compared under, odd; 1: none.")
    ] = 3,
    cells: Annotated[
        int, typer.Option(min=1, help="Cells a side of the grid that drawn masks are laid on.")
    ] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the first picture; others follow.")] = 10_000,
    check: Annotated[
        bool, typer.Option("--check", help="Count false positives, left one out and fresh.")
    ] = False,
    fresh: Annotated[
        int, typer.Option(min=1, help="Fresh pictures that --check samples.")
    ] = _FRESH,
    device: Device = "auto",
    dtype: Dtype = "auto",
    download: Download = False,
    lora: Lora = None,
    lora_scale: LoraScale = 1.0,
    size: Size = None,
    config: Config = None,
    prediction_type: PredictionType = None,
    as_json: AsJson = False,
) -> None:
    """Sample prompts that are not memorized and keep what their maps and readings show.

    A calibration that was stopped goes on where it was when the same command is given again.
    """
    with reporting(as_json=as_json) as report:
        if (prompts is None) != bundled:
            raise SettingsError("give --prompts FILE or --bundled.")
        if not out.parent.is_dir():
            raise OutputError(f"controls cannot be written to {out}: no folder {out.parent}.")
        kinds = None if method is None else [map_kind(name).name for name in method]
        keys = None if reading is None else [reading_kind(key).key for key in reading]
        loaded = load(
            report,
            model,
            device=device,
            dtype=dtype,
            download=download,
            lora=lora,
            lora_scale=lora_scale,
            size=read_size(size),
            config=config,
            prediction_type=prediction_type,
        )
        early = None
        if baseline != UNCONDITIONAL:
            needed = baseline is not None
            early = less_trained(report, loaded, baseline, download=download, needed=needed)
        from memlens.controls.calibrating import checked_prompts, controls_of
        from memlens.controls.calibration import Calibration

        folder = Path(loaded.description.source)
        wanted, more = _prompts(prompts, folder, count, fresh if check else 0)
        calibration = Calibration.checked(
            loaded,
            baseline=early,
            steps=step or -1,
            kinds=kinds,
            readings=keys,
            sampling_steps=steps,
            guidance_scale=guidance_scale,
            probes=probes,
            estimator=estimator,
            smoothing=smooth,
            cells=cells,
            seed=seed,
        )
        made = controls_of(
            calibration,
            checked_prompts(wanted),
            out=out,
            progress=report.progress,
            cancel=report.cancel,
        )
        values: dict[str, Any] = _facts(made, out)
        tables: list[Table | str] = [f"{made.count} controls are in {out}."]
        if check:
            rates = _check(calibration, made, more, fresh, out, report)
            values["check"] = [{**asdict(rate), "rate": rate.rate} for rate in rates]
            tables += ["", _table(rates)]
        report.result(values, *tables)


def _prompts(
    path: Path | None, folder: Path, count: int | None, fresh: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the prompts of the controls, and those for the check that are left."""
    from memlens.controls.prompts import bundled_prompts, plain_captions, read_prompts
    from memlens.lab.ground_truth import has_ground_truth

    if path is None:
        wanted = count or _BUNDLED
        endless = has_ground_truth(folder)
        there = bundled_prompts(folder, wanted + fresh) if endless else plain_captions()
        if not endless:
            bundled_prompts(folder, wanted)
    else:
        there = read_prompts(path)
        wanted = count or len(there)
        if wanted > len(there):
            raise SettingsError(f"{path} holds {len(there)} prompts, not {wanted}.")
    return there[:wanted], there[wanted : wanted + fresh]


def _check(
    calibration: Calibration,
    controls: Controls,
    more: tuple[str, ...],
    fresh: int,
    out: Path,
    report: Report,
) -> tuple[FalsePositives, ...]:
    """Measure false positives of every kind, and of those that are judged by default."""
    from memlens.controls import checking
    from memlens.controls.calibrating import parts_beside
    from memlens.controls.judging import default_kinds
    from memlens.controls.measuring import measure

    prompts = more
    if len(more) < fresh:
        report.note(
            f"{len(more)} prompts are left for the check; further fresh pictures are of the "
            "controls' prompts, with other seeds."
        )
        repeated = controls.prompts * (1 + fresh // controls.count)
        prompts = (*more, *repeated[: fresh - len(more)])
    first = calibration.seed + controls.count
    folder = parts_beside(out, ".fresh")
    parts = measure(
        calibration,
        prompts,
        range(first, first + len(prompts)),
        folder=folder,
        progress=report.progress,
        cancel=report.cancel,
    )
    families: list[tuple[str, ...]] = [(kind,) for kind in controls.kinds]
    together = default_kinds(calibration.baseline)
    if {*together} <= {*controls.kinds}:
        families.append(together)
    rates: list[FalsePositives] = []
    for step in controls.steps:
        for kinds in families:
            rates += checking.left_one_out(controls, kinds, step)
            rates += checking.fresh(controls, parts, kinds, step)
    folder.remove()
    return tuple(rates)


def _facts(controls: Controls, out: Path) -> dict[str, Any]:
    return {
        "controls": str(out),
        "count": controls.count,
        "bytes": out.stat().st_size,
        "settings": controls.settings.to_json(),
        "steps": list(controls.steps),
        "kinds": list(controls.kinds),
        "readings": list(dict.fromkeys(key for key, _ in controls.readings)),
    }


def _table(rates: tuple[FalsePositives, ...]) -> Table:
    heads = ("maps", "step", "pictures", "p at most", "found", "rate", "95 % interval")
    rows = [
        [
            " and ".join(MAP_KINDS[kind].symbol for kind in rate.kinds),
            str(rate.step),
            f"{rate.pictures} {'fresh' if rate.fresh else 'left one out'}",
            f"{rate.level:g}",
            str(rate.found),
            number(rate.rate, 3),
            f"{number(rate.low, 3)} to {number(rate.high, 3)}",
        ]
        for rate in rates
    ]
    return table_of("Found where nothing is believed to be:", heads, rows)
