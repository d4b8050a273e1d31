"""``memlens-cli baselines``: which of several baselines tells most about a model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memlens.cli.loading import load
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
from memlens.errors import BaselineMismatch, MethodUnavailable, ModelError, SettingsError
from memlens.methods.registry import MAP_KINDS, UNCONDITIONAL

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model

_CONTROLS = 8


def baselines(
    model: ModelName,
    candidates: Annotated[
        list[str],
        typer.Argument(
            metavar="CANDIDATE…",
            help="unconditional, less-trained, lora-off, lora:0.5, prompt:WORDS, or a folder, a "
            "file or a hub id of a checkpoint; a folder of checkpoints means all in it.",
        ),
    ],
    prompts: Annotated[
        Path, typer.Option(help="Prompts suspected to be memorized: one a line, or .jsonl.")
    ],
    controls: Annotated[
        Path | None,
        typer.Option(
            help="Prompts believed not to be; eight that memlens brings if it is not given."
        ),
    ] = None,
    step: Annotated[int, typer.Option(help="0 = most noise; -1 = last.")] = -1,
    steps: Annotated[int, typer.Option(min=1, help="Sampling steps.")] = 50,
    guidance_scale: Annotated[
        float | None, typer.Option(help="The model's own if not given.")
    ] = None,
    probes: Annotated[int, typer.Option(min=1, help="Number of probes.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the first picture; the others follow.")] = 0,
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
    """Rank baselines: underfitted where the target pins, and flat on controls."""
    with reporting(as_json=as_json) as report:
        from memlens.controls.prompts import bundled_prompts, read_prompts

        suspects = read_prompts(prompts)
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
        folder = Path(loaded.description.source)
        ordinary = (
            bundled_prompts(folder, _CONTROLS) if controls is None else read_prompts(controls)
        )
        from memlens.evaluation.baseline_ranking import rank_baselines

        ranked = rank_baselines(
            loaded,
            _loaded(report, loaded, candidates, download=download),
            suspects,
            ordinary,
            step=step,
            sampling_steps=steps,
            guidance_scale=guidance_scale,
            probes=probes,
            seed=seed,
            progress=report.progress,
            cancel=report.cancel,
        )
        best = ranked[0] if ranked and ranked[0].fits else None
        rows = [
            [
                each.name,
                number(each.separation, 2),
                number(each.standard_error, 2),
                number(each.gap),
                number(each.control_gap),
                number(each.control_spread),
                each.words,
            ]
            for each in ranked
        ]
        heads = ["baseline", "separation", "±", "gap", "on controls", "spread there", ""]
        advice = "None of them fits." if best is None else f"Use {best.name}."
        report.result(
            {
                "ranking": [{**asdict(each), "words": each.words} for each in ranked],
                "use": None if best is None else best.name,
                "prompts": len(suspects),
                "controls": len(ordinary),
            },
            table_of("", heads, rows),
            advice,
        )


def _loaded(
    report: Report, model: Model, candidates: list[str], *, download: bool
) -> dict[str, Baseline | str | None]:
    """Load every candidate, or keep the sentence that says why it does not fit."""
    from memlens.models.baseline_loading import early_checkpoint, load_baseline

    found: dict[str, Baseline | str | None] = {}
    for name in _spread(candidates):
        if name == UNCONDITIONAL:
            found[name] = MAP_KINDS["cov"].unavailable(model) or None
            continue
        source: str | Path = name
        if name == "less-trained":
            early = early_checkpoint(model)
            if early is None:
                found[name] = f"{model.description.name} brings no less-trained checkpoint."
                continue
            source = early
        try:
            found[name] = load_baseline(source, like=model, download=download, cancel=report.cancel)
        except (BaselineMismatch, ModelError, MethodUnavailable, SettingsError) as error:
            found[name] = str(error)
    return found


def _spread(candidates: list[str]) -> list[str]:
    """Put the ``checkpoint-N`` folders of a training's folder in its place, in their order."""
    found: list[str] = []
    for name in candidates:
        folder = Path(name).expanduser()
        inside = sorted(folder.glob("checkpoint-*"), key=_number) if folder.is_dir() else []
        found += [str(each) for each in inside if each.is_dir()] or [name]
    return list(dict.fromkeys(found))


def _number(folder: Path) -> int:
    digits = folder.name.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
