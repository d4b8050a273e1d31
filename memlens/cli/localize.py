"""``memlens-cli localize``: sample one picture and write its maps, in the official units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from memlens.cli.localize_request import LocalizeRequest, compute, read_series
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
from memlens.cli.report import AsJson, reporting
from memlens.cli.smoothing import Smooth, read_smoothing
from memlens.errors import OutputError, SettingsError
from memlens.estimators.names import PRODUCTS
from memlens.evaluation.datasets import OFFICIAL_NOISE
from memlens.files.array_files import ArrayFileError, read_array_file
from memlens.files.atomic_write import atomic_folder
from memlens.files.sessions import load_session
from memlens.methods.registry import (
    LESS_TRAINED,
    MAP_KINDS,
    METHODS,
    UNCONDITIONAL,
    MapKind,
    kind_of,
    map_kind,
)
from memlens.readings.registry import READINGS, reading_kind
from memlens.sampling.fitted_picture import CROP
from memlens.sampling.noise import CPU, read_noise

_STEPS = 50
_DEFAULT_METHODS = ("curvature-difference", "score-difference")


def localize(
    model: ModelName,
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    prompt: Annotated[str | None, typer.Option(help="What the picture shows.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the picture; 0 if not given.")] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="A picture that exists, instead of sampling one: noise is added to it; --prompt "
            "is its caption, if it is known."
        ),
    ] = None,
    draws: Annotated[
        int | None, typer.Option(help="Draws of noise for --picture; 4 if not given.")
    ] = None,
    fit: Annotated[
        str | None,
        typer.Option(metavar="crop|pad", help="How --picture is brought to the model's size."),
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Sampling steps; 50 if not given.")] = None,
    guidance_scale: Annotated[
        float | None, typer.Option(help="The model's own if not given.")
    ] = None,
    noise: Annotated[
        str | None,
        typer.Option(
            metavar="cpu|cuda|FILE.npy",
            help="Where the picture's first noise is drawn: cpu if not given; cuda: as on an "
            "NVIDIA GPU, computed on any machine; or the noise itself, (C, H, W). Seeds of the "
            f"official data sets mean {OFFICIAL_NOISE}.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            help="unconditional, less-trained (the one in the model's folder), or a folder, a "
            ".safetensors file or a hub id of one.",
        ),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help=f"{', '.join(METHODS)}; or an official name: {', '.join(MAP_KINDS)}. "
            "May be repeated."
        ),
    ] = None,
    step: Annotated[int | None, typer.Option(help="0 = most noise; -1 = last.")] = None,
    log_snr: Annotated[
        float | None, typer.Option(help="The step whose logSNR is nearest, instead of --step.")
    ] = None,
    steps_averaged: Annotated[
        int,
        typer.Option(help="Average maps without probes over so many steps; official: 2."),
    ] = 1,
    smooth: Smooth = None,
    series: Annotated[
        str | None,
        typer.Option(help="Also each map at these steps, NAME_series.npy: all, or 0,10,-1."),
    ] = None,
    timeline: Annotated[
        bool,
        typer.Option(
            "--timeline",
            help="Estimate curvatures of --series together: as good for fewer network calls.",
        ),
    ] = False,
    reading: Annotated[
        list[str] | None,
        typer.Option(help=f"Numbers of the run: {', '.join(READINGS)}. May be repeated."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(help="A saved run (.memlens) instead of sampling --prompt anew."),
    ] = None,
    run_name: Annotated[
        str | None,
        typer.Option(help="Which run of --run, by its name, or #1, #2 …; else the one shown."),
    ] = None,
    save_run: Annotated[
        Path | None, typer.Option(help="Save run and maps as a session (.memlens).")
    ] = None,
    probes: Annotated[int | None, typer.Option(help="Number of probes.")] = None,
    estimator: Annotated[str | None, typer.Option(help="How curvature is estimated.")] = None,
    products: Annotated[
        str | None,
        typer.Option(help=f"How products for the maps are computed: {', '.join(PRODUCTS)}."),
    ] = None,
    probe_seed: Annotated[int, typer.Option(help="Of the probes.")] = 0,
    probe_file: Annotated[
        Path | None, typer.Option(help="A .npy of ±1, (K, C, H, W): exactly these probes.")
    ] = None,
    mask: Annotated[
        Path | None,
        typer.Option(
            help="Ground truth, of the picture's size: .png, .npy, COCO or labelme .json."
        ),
    ] = None,
    controls: Annotated[
        str | None,
        typer.Option(help='A controls file, or "demo": also surprise maps, regions and a verdict.'),
    ] = None,
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
    """Sample one picture, or take one, and write image.png, its maps, and result.json."""
    with reporting(as_json=as_json) as report:
        sampling = (prompt, seed, steps, guidance_scale, noise)
        if run is not None and any(option is not None for option in sampling):
            raise SettingsError(
                "--run brings its own --prompt, --seed, --steps, --guidance-scale and --noise: "
                "leave them out."
            )
        if run is None and run_name is not None:
            raise SettingsError("--run-name chooses among the runs of a file: give --run too.")
        _refuse_picture_with(picture, run, (steps, noise, step), (draws, fit))
        if steps is not None and steps < 1:
            raise SettingsError(f"{steps} steps cannot be sampled: choose 1 or more.")
        if probes is not None and probes < 1:
            raise SettingsError(f"{probes} probes cannot be drawn: choose 1 or more.")
        if steps_averaged < 1:
            raise SettingsError(f"{steps_averaged} steps cannot be averaged: choose 1 or more.")
        if probe_file is not None and probes is not None:
            raise SettingsError("give --probes or --probe-file, not both.")
        if step is not None and log_snr is not None:
            raise SettingsError("give --step or --log-snr, not both.")
        if timeline and series is None:
            raise SettingsError("--timeline estimates a series together: give --series too.")
        if timeline and probe_file is not None:
            raise SettingsError("--timeline draws its own probes: leave --probe-file out.")
        request = LocalizeRequest(
            model=model,
            device=device,
            dtype=dtype,
            download=download,
            lora=lora,
            lora_scale=lora_scale,
            size=read_size(size),
            config=config,
            prediction_type=prediction_type,
            prompt=prompt or "",
            seed=0 if seed is None else seed,
            steps=_STEPS if steps is None else steps,
            guidance_scale=guidance_scale,
            noise=CPU if noise is None else read_noise(noise),
            baseline=baseline,
            kinds=_kinds(method or _DEFAULT_METHODS, baseline),
            step=step,
            log_snr=log_snr,
            steps_averaged=steps_averaged,
            probes=probes if probe_file is None else _read_probes(probe_file),
            estimator=estimator,
            products=products,
            probe_seed=probe_seed,
            truth=None if mask is None else only_mask(mask),
            smooth=read_smoothing(smooth),
            series=read_series(series),
            timeline=timeline,
            readings=tuple(reading_kind(key).key for key in dict.fromkeys(reading or ())),
            run=None if run is None else load_session(run, run_name=run_name).trajectory,
            save_run=save_run,
            controls=controls,
            picture=picture,
            draws=draws,
            fit=fit or CROP,
        )
        try:
            with atomic_folder(out) as folder:
                made = compute(request, report)
                values = made.write(folder)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"nothing was written to {out}: {reason}.") from error
        report.result(values, *made.tables(), f"Written to {out}.")


def _refuse_picture_with(
    picture: Path | None,
    run: Path | None,
    of_sampling: tuple[object, ...],
    of_pictures: tuple[object, ...],
) -> None:
    if picture is None:
        if any(option is not None for option in of_pictures):
            raise SettingsError("--draws and --fit are of a picture that exists: give --picture.")
        return
    if run is not None:
        raise SettingsError("give --picture or --run, not both.")
    if any(option is not None for option in of_sampling):
        raise SettingsError(
            "--picture is not sampled: leave --steps, --noise and --step out, and choose its "
            "noise level with --log-snr."
        )


def _kinds(methods: list[str] | tuple[str, ...], baseline: str | None) -> tuple[MapKind, ...]:
    """Resolve method keys and official names, each map once, in the order asked for."""
    sort = UNCONDITIONAL if baseline in (None, UNCONDITIONAL) else LESS_TRAINED
    kinds = {}
    for name in methods:
        if name in METHODS:
            kind = kind_of(name, sort if METHODS[name].needs_baseline else None)
        elif name in MAP_KINDS:
            kind = map_kind(name)
        else:
            raise SettingsError(
                f"no method is called {name!r}: choose among {', '.join((*METHODS, *MAP_KINDS))}."
            )
        kinds[kind.name] = kind
    return tuple(kinds.values())


def _read_probes(path: Path) -> NDArray[np.generic]:
    try:
        return read_array_file(path, kinds="fiu", dimensions=4)
    except ArrayFileError as error:
        raise SettingsError(f"the probe file {path} {error}.") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(f"the probe file {path} cannot be read: {reason}.") from error
