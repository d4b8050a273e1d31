"""``memlens-cli localize``: sample one picture and write its maps, in the official units."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image

from memlens.agreement import agreement
from memlens.array_files import ArrayFileError, read_array_file
from memlens.atomic_write import atomic_folder
from memlens.cli.loading import Device, Download, Dtype, ModelName, load
from memlens.cli.localized_run import LocalizedRun
from memlens.cli.report import AsJson, Report, reporting
from memlens.errors import MaskError, MethodUnavailable, OutputError, SettingsError
from memlens.maps import LocalizationMap
from memlens.methods.registry import (
    LESS_TRAINED,
    MAP_KINDS,
    METHODS,
    UNCONDITIONAL,
    MapKind,
    kind_of,
    map_kind,
)

if TYPE_CHECKING:
    from memlens.localization import Probes
    from memlens.models.denoiser import Baseline
    from memlens.models.stable_diffusion import StableDiffusion
    from memlens.trajectory import Trajectory

_DEFAULT_METHODS = ("curvature-difference", "score-difference")


def localize(
    model: ModelName,
    prompt: Annotated[str, typer.Option(help="What the picture shows.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    seed: Annotated[int, typer.Option(help="Of the picture.")] = 0,
    steps: Annotated[int, typer.Option(help="Sampling steps.")] = 50,
    guidance_scale: Annotated[
        float | None, typer.Option(help="The model's own if not given.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            help="unconditional, less-trained (the one in the model's folder), or the path of one.",
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
        typer.Option(help="Average score differences over this many steps; the official code: 2."),
    ] = 1,
    probes: Annotated[int | None, typer.Option(help="Number of probes.")] = None,
    estimator: Annotated[str | None, typer.Option(help="How curvature is estimated.")] = None,
    probe_seed: Annotated[int, typer.Option(help="Of the probes.")] = 0,
    probe_file: Annotated[
        Path | None, typer.Option(help="A .npy of ±1, (K, C, H, W): exactly these probes.")
    ] = None,
    mask: Annotated[
        Path | None, typer.Option(help="Ground truth: a PNG of the picture's size, white = found.")
    ] = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    download: Download = False,
    as_json: AsJson = False,
) -> None:
    """Sample one picture and write image.png, one .npy and .png per map, and result.json."""
    with reporting(as_json=as_json) as report:
        if not prompt.strip():
            raise SettingsError("the prompt is empty: type what the picture should show.")
        if steps < 1:
            raise SettingsError(f"{steps} steps cannot be sampled: choose 1 or more.")
        if probes is not None and probes < 1:
            raise SettingsError(f"{probes} probes cannot be drawn: choose 1 or more.")
        if steps_averaged < 1:
            raise SettingsError(f"{steps_averaged} steps cannot be averaged: choose 1 or more.")
        if probe_file is not None and probes is not None:
            raise SettingsError("give --probes or --probe-file, not both.")
        if step is not None and log_snr is not None:
            raise SettingsError("give --step or --log-snr, not both.")
        request = _Request(
            model=model,
            device=device,
            dtype=dtype,
            download=download,
            prompt=prompt,
            seed=seed,
            steps=steps,
            guidance_scale=guidance_scale,
            baseline=baseline,
            kinds=_kinds(method or _DEFAULT_METHODS, baseline),
            step=step,
            log_snr=log_snr,
            steps_averaged=steps_averaged,
            probes=probes if probe_file is None else _read_probes(probe_file),
            estimator=estimator,
            probe_seed=probe_seed,
            truth=None if mask is None else _read_mask(mask),
        )
        try:
            with atomic_folder(out) as folder:
                made = _compute(request, report)
                values = made.write(folder)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"nothing was written to {out}: {reason}.") from error
        report.result(values, made.table(), f"Written to {out}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The options, read and checked as far as can be without the model."""

    model: str
    device: str
    dtype: str
    download: bool
    prompt: str
    seed: int
    steps: int
    guidance_scale: float | None
    baseline: str | None
    kinds: tuple[MapKind, ...]
    step: int | None
    log_snr: float | None
    steps_averaged: int
    probes: Probes | None
    estimator: str | None
    probe_seed: int
    truth: NDArray[np.bool_] | None


def _compute(request: _Request, report: Report) -> LocalizedRun:
    started = time.perf_counter()
    model = load(
        report,
        request.model,
        device=request.device,
        dtype=request.dtype,
        download=request.download,
    )
    from memlens.sampling import sample

    for kind in request.kinds:
        reason = model.unavailable(kind.method)
        if reason:
            raise MethodUnavailable(f"{kind.name} cannot be made: {reason}")
    if request.truth is not None:
        _refuse_other_size(request.truth, model.description.picture_size)
    schedule = model.schedule(request.steps)
    if request.log_snr is not None:
        step = schedule.nearest(request.log_snr)
    else:
        step = schedule.index(-1 if request.step is None else request.step)
    _refuse_unknown_estimate(request, model)
    less_trained = None
    if any(kind.baseline == LESS_TRAINED for kind in request.kinds):
        less_trained = _less_trained(report, model, request.baseline)
    seconds_loading = time.perf_counter() - started
    truncated = model.encode_prompt(request.prompt).truncated
    if truncated:
        report.note(
            f"The prompt is longer than the model's {model.description.prompt_tokens} tokens; "
            f'the model does not see "{truncated}".'
        )
    run = sample(
        model,
        request.prompt,
        seed=request.seed,
        steps=request.steps,
        guidance_scale=request.guidance_scale,
        progress=report.progress,
        cancel=report.cancel,
    )
    maps = {
        kind.name: _map(run, kind, step, less_trained, request, report) for kind in request.kinds
    }
    truth = request.truth
    return LocalizedRun(
        run=run,
        truncated=truncated,
        maps=maps,
        agreements={}
        if truth is None
        else {name: agreement(found, truth) for name, found in maps.items()},
        seconds_loading=seconds_loading,
    )


def _refuse_unknown_estimate(request: _Request, model: StableDiffusion) -> None:
    """Raise before the picture is sampled what the estimation would raise after."""
    from memlens.localization import ESTIMATORS, plan_probes

    if request.estimator not in (None, *ESTIMATORS):
        raise SettingsError(
            f"no estimator is called {request.estimator!r}: choose {', '.join(ESTIMATORS)}."
        )
    if isinstance(request.probes, np.ndarray):
        plan_probes("given", request.probes, request.probe_seed, model.description.latent_shape)
    if request.probe_seed < 0:
        raise SettingsError(f"probe seed {request.probe_seed} cannot be used: choose 0 or more.")


def _map(
    run: Trajectory,
    kind: MapKind,
    step: int,
    less_trained: Baseline | None,
    request: _Request,
    report: Report,
) -> LocalizationMap:
    from memlens.localization import DEFAULT_ESTIMATOR, DEFAULT_PROBES
    from memlens.localization import localize as localize_map

    return localize_map(
        run,
        kind.method,
        baseline=less_trained if kind.baseline == LESS_TRAINED else None,
        step=step,
        steps_averaged=request.steps_averaged if kind.method == "score-difference" else 1,
        probes=DEFAULT_PROBES if request.probes is None else request.probes,
        estimator=request.estimator or DEFAULT_ESTIMATOR,
        seed=request.probe_seed,
        progress=report.progress,
        cancel=report.cancel,
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


def _less_trained(report: Report, model: StableDiffusion, baseline: str | None) -> Baseline:
    from memlens.models.loading import early_checkpoint, load_baseline

    path: Path | str | None = baseline
    if baseline in (None, UNCONDITIONAL, LESS_TRAINED):
        path = early_checkpoint(model)
    if path is None:
        raise SettingsError(
            f"{model.description.name} brings no less-trained checkpoint: name one with --baseline."
        )
    return load_baseline(path, like=model, progress=report.progress, cancel=report.cancel)


def _read_probes(path: Path) -> NDArray[np.generic]:
    try:
        return read_array_file(path, kinds="fiu", dimensions=4)
    except ArrayFileError as error:
        raise SettingsError(f"the probe file {path} {error}.") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(f"the probe file {path} cannot be read: {reason}.") from error


def _read_mask(path: Path) -> NDArray[np.bool_]:
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("L")) > 127
    except OSError as error:
        reason = (error.strerror or "it is not a picture").lower()
        raise MaskError(f"the mask {path} cannot be read: {reason}.") from error
    except (ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MaskError(f"the mask {path} cannot be read: it is damaged or too large.") from error


def _refuse_other_size(mask: NDArray[np.bool_], size: tuple[int, int]) -> None:
    if mask.shape != size:
        raise MaskError(
            f"the mask is {mask.shape[1]}x{mask.shape[0]} pixels, the picture {size[1]}x{size[0]}: "
            "draw or export it at the picture's size."
        )
