"""``memlens-cli test-region``: a mask's mean of one map, against the controls'."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from memlens.cli.loading import less_trained, load
from memlens.cli.masks import only_mask
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
from memlens.cli.report import AsJson, number, reporting, table_of
from memlens.errors import SettingsError
from memlens.files.sessions import load_session
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, map_kind


def test_region(
    model: ModelName,
    mask: Annotated[
        Path, typer.Option(help="Of the picture's size: .png, .npy, COCO or labelme .json.")
    ],
    controls: Annotated[str, typer.Option(help='A controls file, or "demo".')],
    prompt: Annotated[str | None, typer.Option(help="What the picture shows.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the picture; 0 if not given.")] = None,
    run: Annotated[
        Path | None,
        typer.Option(help="A saved run (.memlens) instead of sampling --prompt anew."),
    ] = None,
    run_name: Annotated[
        str | None,
        typer.Option(help="Which run of --run, by its name, or #1, #2 …; else the one shown."),
    ] = None,
    method: Annotated[str, typer.Option(help=f"Which map: {', '.join(MAP_KINDS)}.")] = "cov_bad",
    baseline: Annotated[
        str | None,
        typer.Option(
            help="less-trained (the one in the model's folder), or the path or hub id of one."
        ),
    ] = None,
    step: Annotated[int, typer.Option(help="0 = most noise; -1 = last.")] = -1,
    probes: Annotated[int, typer.Option(min=1, help="Probes at most.")] = 4,
    probe_seed: Annotated[int, typer.Option(help="Of the probes.")] = 0,
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
    """Tell a region's mean and whether ordinary pictures have as large a one there.

    The picture is sampled as the controls were.
    """
    with reporting(as_json=as_json) as report:
        if run is None and not (prompt or "").strip():
            raise SettingsError("the prompt is empty: type what the picture should show.")
        if run is not None and (prompt is not None or seed is not None):
            raise SettingsError("--run brings its own --prompt and --seed: leave them out.")
        if run is None and run_name is not None:
            raise SettingsError("--run-name chooses among the runs of a file: give --run too.")
        kind = map_kind(method)
        from memlens.controls.loading import load_controls

        null = load_controls(controls)
        drawn = only_mask(mask)
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
        if kind.baseline == LESS_TRAINED:
            early = less_trained(report, loaded, baseline, download=download)
        from memlens.controls.region_test import test_region as test
        from memlens.sampling.sample import sample

        if run is not None:
            trajectory = load_session(run, run_name=run_name).trajectory
            trajectory = trajectory.with_model(loaded)
        else:
            trajectory = sample(
                loaded,
                prompt or "",
                seed=seed or 0,
                steps=null.settings.steps,
                guidance_scale=null.settings.guidance_scale,
                progress=report.progress,
                cancel=report.cancel,
            )
        found = test(
            trajectory,
            null,
            drawn,
            kind=kind.name,
            baseline=early,
            step=step,
            probes=probes,
            seed=probe_seed,
            progress=report.progress,
            cancel=report.cancel,
        )
        values = {**asdict(found), "controls": found.controls.tolist()}
        heads = ("map", "step", "share", "mean", "standard error", "p", "calls")
        row = [
            kind.symbol,
            str(found.step),
            number(found.share, 3),
            number(found.mean),
            number(found.standard_error),
            number(found.p, 3),
            str(found.network_calls),
        ]
        report.result(values, table_of("", heads, [row]), found.sentence)


# pytest would take it for a test wherever it is imported.
test_region.__test__ = False  # type: ignore[attr-defined]
