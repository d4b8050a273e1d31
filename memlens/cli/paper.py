"""``memlens-cli paper``: the paper's table in one command, with its ablations by flags."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memlens.cli.dataset_report import Draws, tell_report
from memlens.cli.model_options import Device, Download, Dtype
from memlens.cli.report import AsJson, reporting
from memlens.cli.smoothing import Smooth
from memlens.cli.sweep import (
    DEFAULT_METHODS,
    Actors,
    Address,
    Cpus,
    DryRun,
    EngineName,
    Gpus,
    Resume,
    Threads,
    run,
    started,
    tell_cost,
    threads_of,
)
from memlens.errors import SettingsError
from memlens.estimators.names import HUTCHINSON, REVERSE
from memlens.evaluation.bootstrap import DRAWS
from memlens.evaluation.datasets import OFFICIAL_NOISE
from memlens.methods.registry import LESS_TRAINED, UNCONDITIONAL
from memlens.sweep.engines import LOCAL
from memlens.sweep.settings import BOTH, TOGETHER, SweepSettings, kinds_for

# Kim & Lee 2026 and their code: `memlens.evaluation.datasets` has the rest of the protocol.
STEPS, GUIDANCE, PROBES, STEPS_AVERAGED, MAX_SEEDS = 50, 7.5, 16, 2, 4
_BASELINES = (BOTH, UNCONDITIONAL, LESS_TRAINED)


def paper(
    model: Annotated[str, typer.Option(help="The target: a folder, or a hub id.")],
    data: Annotated[
        Path, typer.Option(help="The data set in the official layout: its folder or its .jsonl.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for maps and report.")],
    less_trained: Annotated[
        str | None,
        typer.Option(help="The less-trained checkpoint; the model's own if not given."),
    ] = None,
    baselines: Annotated[str, typer.Option(help=f"Ablation: {', '.join(_BASELINES)}.")] = BOTH,
    probes: Annotated[int, typer.Option(help="Ablation: K, for instance 1.")] = PROBES,
    smooth: Smooth = None,
    step: Annotated[
        list[int] | None,
        typer.Option(help="Ablation: other steps, 0 = most noise; may be repeated."),
    ] = None,
    steps: Annotated[int, typer.Option(help="Ablation: sampling steps.")] = STEPS,
    guidance_scale: Annotated[float, typer.Option(help="Ablation.")] = GUIDANCE,
    noise: Annotated[
        str, typer.Option(help="cuda, as the data set's seeds were drawn; or cpu.")
    ] = OFFICIAL_NOISE,
    max_seeds: Annotated[int, typer.Option(min=1, help="Of each prompt.")] = MAX_SEEDS,
    controls: Annotated[
        str | None, typer.Option(help="A controls file: also IoU without threshold.")
    ] = None,
    draws: Draws = DRAWS,
    engine: EngineName = LOCAL,
    resume: Resume = False,
    dry_run: DryRun = False,
    together: Annotated[
        int, typer.Option(help="Pictures sampled in the same network calls.")
    ] = TOGETHER,
    threads: Threads = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    download: Download = False,
    actors: Actors = None,
    gpus: Gpus = None,
    cpus: Cpus = 1,
    ray_address: Address = None,
    as_json: AsJson = False,
) -> None:
    """Make the paper's table: maps to ∅ and to the less-trained model, official evaluation."""
    with reporting(as_json=as_json) as report:
        from memlens.sweep.manifest import read_manifest

        if baselines not in _BASELINES:
            raise SettingsError(
                f"no baselines are called {baselines!r}: choose {', '.join(_BASELINES)}."
            )
        listed = read_manifest(data, max_seeds=max_seeds)
        settings = SweepSettings(
            model=model,
            baseline=less_trained or "",
            device=device,
            dtype=dtype,
            download=download,
            kinds=kinds_for(baselines, DEFAULT_METHODS),
            steps=tuple(step or (-1,)),
            sampling_steps=steps,
            guidance_scale=guidance_scale,
            noise=noise,
            probes=probes,
            estimator=HUTCHINSON,
            products=REVERSE,
            steps_averaged=STEPS_AVERAGED,
            pictures_per_batch=together,
            threads=threads or threads_of(out, engine, cpus),
            controls=controls,
            version=listed.version,
        ).checked()
        if dry_run:
            with started(report, engine, settings, actors=actors, gpus=gpus, cpus=cpus,
                         address=ray_address, dry_run=True):  # fmt: skip
                tell_cost(report, listed, settings, out)
            return
        with started(report, engine, settings, actors=actors, gpus=gpus, cpus=cpus,
                     address=ray_address) as working:  # fmt: skip
            assert working is not None
            run(report, listed, settings, working, out, resume=resume)
        tell_report(report, out, out=None, controls=None, smooth=smooth, draws=draws)
