"""``memlens-cli sweep``: all maps of a manifest, resumable, on this machine or a cluster."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memlens.cli.loading import silence_libraries
from memlens.cli.model_options import Device, Download, Dtype
from memlens.cli.report import FAILED, AsJson, Report, reporting, table_of
from memlens.errors import SettingsError
from memlens.estimators.names import (
    DEFAULT_ESTIMATOR,
    DEFAULT_PROBES,
    ESTIMATORS,
    PRODUCTS,
    REVERSE,
)
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.sweep.engines import ENGINES, LOCAL, RAY
from memlens.sweep.settings import BOTH, TOGETHER, SweepSettings, kinds_for

if TYPE_CHECKING:
    from memlens.sweep.engine import Engine
    from memlens.sweep.manifest import Manifest

DEFAULT_METHODS = ("curvature-difference", "score-difference")

Actors = Annotated[int | None, typer.Option(help="Of Ray; one a GPU, or a core, if not given.")]
Gpus = Annotated[float | None, typer.Option(help="Of each Ray actor, may be a fraction.")]
Cpus = Annotated[float, typer.Option(help="Of each Ray actor.")]
Address = Annotated[
    str | None, typer.Option("--ray-address", help="Of a running Ray cluster, or auto.")
]
EngineName = Annotated[str, typer.Option(help=f"{' or '.join(ENGINES)}.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the sweep in --out.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say how many calls, how long, how many bytes.")
]
Threads = Annotated[int | None, typer.Option(help="Of torch on a CPU; the same for all processes.")]


def sweep(
    manifest: Annotated[
        Path,
        typer.Argument(
            metavar="MANIFEST",
            help=".jsonl or .csv (prompt, seeds, mask, kind, group), .txt (a prompt a line), or a "
            "data set in the official layout: …_TV.jsonl, a ground-truth .parquet, or its folder.",
        ),
    ],
    model: Annotated[str, typer.Option(help='"demo", a folder, or a hub id.')],
    out: Annotated[Path, typer.Option(help="Folder for the sweep.")],
    method: Annotated[
        list[str] | None,
        typer.Option(
            help=f"{', '.join(METHODS)}; or an official name: {', '.join(MAP_KINDS)}. "
            "May be repeated."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            help="unconditional, less-trained (the one in the model's folder), both, or a folder, "
            "a .safetensors file or a hub id of a less-trained one."
        ),
    ] = None,
    controls: Annotated[
        str | None,
        typer.Option(help='A controls file, or "demo": also verdicts, and IoU without threshold.'),
    ] = None,
    engine: EngineName = LOCAL,
    resume: Resume = False,
    dry_run: DryRun = False,
    seeds: Annotated[str, typer.Option(help="For rows that name none: 0 or 0,1,2.")] = "0",
    kind: Annotated[
        str, typer.Option(help="For rows that name none: template, verbatim or free.")
    ] = "",
    max_seeds: Annotated[int | None, typer.Option(min=1, help="Of each prompt, at most.")] = None,
    steps: Annotated[int, typer.Option(help="Sampling steps.")] = 50,
    guidance_scale: Annotated[
        float | None, typer.Option(help="The model's own if not given.")
    ] = None,
    noise: Annotated[
        str | None,
        typer.Option(help="cpu or cuda; cuda if not given for a data set of the official layout."),
    ] = None,
    step: Annotated[
        list[int] | None,
        typer.Option(help="Where maps are made, -1 = last; may be repeated, the first counts."),
    ] = None,
    probes: Annotated[int, typer.Option(help="Number of probes.")] = DEFAULT_PROBES,
    estimator: Annotated[str, typer.Option(help=", ".join(ESTIMATORS))] = DEFAULT_ESTIMATOR,
    products: Annotated[str, typer.Option(help=", ".join(PRODUCTS))] = REVERSE,
    probe_seed: Annotated[int, typer.Option(help="Of all probes.")] = 0,
    steps_averaged: Annotated[
        int, typer.Option(help="Average maps without probes over so many steps; official: 2.")
    ] = 1,
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
    """Make the maps of every prompt and seed of a manifest, once, in the official layout."""
    with reporting(as_json=as_json) as report:
        from memlens.sweep.manifest import read_manifest
        from memlens.sweep.tasks import overfit_type_of

        try:
            overfit_type = overfit_type_of(kind) if kind else ""
        except SettingsError as error:
            raise SettingsError(f"{error}.") from None
        listed = read_manifest(
            manifest, seeds=_seeds(seeds), overfit_type=overfit_type, max_seeds=max_seeds
        )
        settings = SweepSettings(
            model=model,
            baseline=less_trained_source(baseline),
            device=device,
            dtype=dtype,
            download=download,
            kinds=kinds_for(baseline, tuple(method or DEFAULT_METHODS)),
            steps=tuple(step or (-1,)),
            sampling_steps=steps,
            guidance_scale=guidance_scale,
            noise=noise or listed.noise,
            probes=probes,
            estimator=estimator,
            products=products,
            probe_seed=probe_seed,
            steps_averaged=steps_averaged,
            pictures_per_batch=together,
            threads=threads or threads_of(out, engine, cpus),
            controls=controls,
            version=listed.version,
        ).checked()
        with started(
            report, engine, settings, actors=actors, gpus=gpus, cpus=cpus, address=ray_address,
            dry_run=dry_run,
        ) as working:  # fmt: skip
            if dry_run:
                tell_cost(report, listed, settings, out)
            else:
                assert working is not None
                run(report, listed, settings, working, out, resume=resume)


@contextmanager
def started(
    report: Report,
    name: str,
    settings: SweepSettings,
    *,
    actors: int | None,
    gpus: float | None,
    cpus: float,
    address: str | None,
    dry_run: bool = False,
) -> Iterator[Engine | None]:
    """Start an engine and end it after the block; a dry run needs none."""
    from memlens.sweep.engines import engine_for

    silence_libraries()
    if dry_run:
        yield None
        return
    working = engine_for(
        name,
        settings,
        actors=actors,
        gpus=gpus,
        cpus=cpus,
        address=address,
        progress=report.progress,
        cancel=report.cancel,
    )
    try:
        yield working
    finally:
        working.close()


def run(
    report: Report,
    listed: Manifest,
    settings: SweepSettings,
    engine: Engine,
    out: Path,
    *,
    resume: bool,
    then: str = "",
) -> None:
    """Run a sweep and print where it stands; exits with 1 where a task failed."""
    from memlens.sweep.sweeping import sweep as run_sweep

    for each in (*listed.skipped, *listed.notes)[:_NAMED]:
        report.note(f"{each.name}: {each.reason}")
    more = len(listed.skipped) + len(listed.notes) - _NAMED
    if more > 0:
        report.note(f"{more} more rows are left out or lack something; the report names them all.")
    found = run_sweep(
        listed,
        out,
        settings,
        engine,
        resume=resume,
        progress=report.progress,
        cancel=report.cancel,
    )
    sentence = f"{found.done} of {len(listed.tasks)} tasks are done ({found.made} now) in {out}."
    if found.failed:
        sentence += f" {found.failed} failed twice: the report names them; --resume tries again."
    values = {**asdict(found), "folder": str(out), "skipped": [asdict(s) for s in listed.skipped]}
    report.result(values, sentence)
    if found.failed:
        raise typer.Exit(FAILED)


_NAMED = 20


def tell_cost(report: Report, listed: Manifest, settings: SweepSettings, out: Path) -> None:
    """Measure the first tasks and print what all of them will take."""
    from memlens.sweep.cost import measured_cost
    from memlens.sweep.folder import is_sweep, open_index
    from memlens.sweep.worker import Worker

    waiting = None
    if is_sweep(out):
        with open_index(out) as index:
            waiting = len(index.unfinished())
    worker = Worker(settings, progress=report.progress, cancel=report.cancel)
    cost = measured_cost(worker, listed, settings, out, tasks=waiting, cancel=report.cancel)
    rows = [
        ["tasks", f"{cost.tasks:,}"],
        ["network calls", f"{cost.network_calls:,}"],
        ["time of one worker", duration(cost.seconds)],
        ["bytes, at most", size(cost.bytes)],
        ["bytes free", size(cost.bytes_free)],
    ]
    report.result(asdict(cost), table_of("", ("what", ""), rows))


def less_trained_source(baseline: str | None) -> str | None:
    """Return what loads the less-trained baseline: "" for the one that the model brings."""
    return "" if baseline in (None, UNCONDITIONAL, LESS_TRAINED, BOTH) else baseline


def threads_of(out: Path, engine: str, cpus: float) -> int:
    """Return how many threads a sweep takes that names none: as before, or all cores."""
    import psutil

    from memlens.sweep.folder import is_sweep, open_index, settings_of

    if is_sweep(out):
        with open_index(out) as index:
            return settings_of(index).threads
    return max(1, int(cpus)) if engine == RAY else psutil.cpu_count(logical=False) or 1


def duration(seconds: float) -> str:
    """Write a time for people."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = math.ceil(seconds / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{number:,} {unit}" for number, unit in parts if number)


def size(count: int) -> str:
    """Write a number of bytes for people."""
    value, units = float(count), ["B", "KB", "MB", "GB", "TB", "PB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.3g} {units[0]}"


def _seeds(words: str) -> tuple[int, ...]:
    from memlens.sampling.seeds import check_seed

    try:
        found = tuple(int(word) for word in words.split(","))
    except ValueError:
        raise SettingsError(f"the seeds {words!r} must be numbers such as 0,1,2.") from None
    for seed in found:
        check_seed(seed)
    return found
