"""What ``memlens-cli localize`` computes once its options are read."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memlens.agreement import agreement
from memlens.cli.loading import load
from memlens.cli.localized_run import LocalizedRun
from memlens.cli.report import Report
from memlens.errors import MaskError, MethodUnavailable, SettingsError
from memlens.estimators import DEFAULT_ESTIMATOR, DEFAULT_PROBES, ESTIMATORS
from memlens.maps import LocalizationMap, paper_window
from memlens.methods.registry import LESS_TRAINED, METHODS, UNCONDITIONAL, MapKind

if TYPE_CHECKING:
    from memlens.localization import Probes
    from memlens.models.denoiser import Baseline
    from memlens.models.stable_diffusion import StableDiffusion
    from memlens.trajectory import Trajectory

PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizeRequest:
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
    smooth: int | str


def compute(request: LocalizeRequest, report: Report) -> LocalizedRun:
    """Load the model, sample the picture and make its maps.

    Raises
    ------
    MemlensError
        As loading, sampling and localizing do.
    Cancelled
        Within one network call of the interrupt.
    """
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


def _refuse_unknown_estimate(request: LocalizeRequest, model: StableDiffusion) -> None:
    """Raise before the picture is sampled what the estimation would raise after."""
    from memlens.localization import plan_probes

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
    request: LocalizeRequest,
    report: Report,
) -> LocalizationMap:
    from memlens.localization import localize as localize_map

    found = localize_map(
        run,
        kind.method,
        baseline=less_trained if kind.baseline == LESS_TRAINED else None,
        step=step,
        steps_averaged=1 if METHODS[kind.method].uses_probes else request.steps_averaged,
        probes=DEFAULT_PROBES if request.probes is None else request.probes,
        estimator=request.estimator or DEFAULT_ESTIMATOR,
        seed=request.probe_seed,
        progress=report.progress,
        cancel=report.cancel,
    )
    window = paper_window(found.shape) if request.smooth == PAPER else request.smooth
    return found.smoothed(int(window))


def read_smoothing(words: str | None) -> int | str:
    """Turn "paper", an odd number or nothing into a window, or `PAPER` until the grid is known.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    if words is None or words == PAPER:
        return words or 1
    if not words.isdecimal() or int(words) % 2 == 0:
        raise SettingsError(f'smoothing {words!r} must be "paper" or an odd number.')
    return int(words)


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


def _refuse_other_size(mask: NDArray[np.bool_], size: tuple[int, int]) -> None:
    if mask.shape != size:
        raise MaskError(
            f"the mask is {mask.shape[1]}x{mask.shape[0]} pixels, the picture {size[1]}x{size[0]}: "
            "draw or export it at the picture's size."
        )
