"""What ``memlens-cli localize`` computes once its options are read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memlens.cli import localized_controls
from memlens.cli.loading import less_trained as load_less_trained
from memlens.cli.loading import load
from memlens.cli.localized_run import LocalizedRun
from memlens.cli.report import Report
from memlens.controls.comparison import compare
from memlens.errors import MaskError, MethodUnavailable, OutputError, SettingsError
from memlens.estimators.names import AUTO, ESTIMATORS
from memlens.evaluation.agreement import agreement
from memlens.files.sessions import NamedMask, Session, save_session
from memlens.maps.localization_map import LocalizationMap, smoothing_window
from memlens.methods.registry import (
    LESS_TRAINED,
    MAP_KINDS,
    METHODS,
    MapKind,
)
from memlens.models.description import NOTHING
from memlens.readings.computing import reading
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS
from memlens.sampling.fitted_picture import CROP
from memlens.sampling.noise import Noise, check_noise
from memlens.sampling.schedule import Schedule
from memlens.sampling.seeds import check_seed

if TYPE_CHECKING:
    from memlens.estimators.estimation import Probes
    from memlens.models.denoiser import Baseline, Model
    from memlens.sampling.schedule import NoiseLevel
    from memlens.sampling.trajectory import Trajectory

# In nats: half of the widest gap between two of 50 steps.
_FAR = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizeRequest:
    """The options, read and checked as far as can be without the model."""

    model: str
    device: str
    dtype: str
    download: bool
    lora: Path | None = None
    lora_scale: float = 1.0
    size: tuple[int, int] | None = None
    config: Path | None = None
    prediction_type: str | None = None
    prompt: str
    seed: int
    steps: int
    guidance_scale: float | None
    noise: Noise
    baseline: str | None
    kinds: tuple[MapKind, ...]
    step: int | None
    log_snr: float | None
    steps_averaged: int
    probes: Probes | None
    estimator: str | None
    products: str | None
    probe_seed: int
    truth: NDArray[np.bool_] | None
    smooth: int | str
    series: tuple[int, ...] | None
    readings: tuple[str, ...]
    run: Trajectory | None
    save_run: Path | None
    controls: str | None = None
    timeline: bool = False
    picture: Path | None = None
    draws: int | None = None
    fit: str = CROP


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
    controls = localized_controls.read(request.controls)
    if request.save_run is not None:
        _refuse_unwritable(request.save_run)
    model = load(
        report,
        request.model,
        device=request.device,
        dtype=request.dtype,
        download=request.download,
        lora=request.lora,
        lora_scale=request.lora_scale,
        size=request.size,
        config=request.config,
        prediction_type=request.prediction_type,
    )
    for kind in request.kinds:
        reason = kind.unavailable(model)
        if reason:
            raise MethodUnavailable(f"{kind.name} cannot be made: {reason}")
    for key in request.readings:
        reason = READINGS[key].unavailable(model)
        if reason:
            raise MethodUnavailable(f"{key} cannot be read: {reason}")
    _, *grid = model.description.latent_shape
    window = smoothing_window(request.smooth, (grid[0], grid[1]))
    if request.truth is not None:
        _refuse_other_size(request.truth, model.description.picture_size)
    saved = None if request.run is None else request.run.with_model(model)
    schedule = _schedule(model, request) if saved is None else saved.schedule
    if request.log_snr is not None:
        step = schedule.nearest(request.log_snr)
        _note_far(report, schedule[step], step, request.log_snr)
    else:
        step = schedule.index(-1 if request.step is None else request.step)
    series = tuple(map(schedule.index, _series(request.series, len(schedule))))
    _refuse_unknown_estimate(request, model)
    check_noise(request.noise, model.description.latent_shape)
    if request.picture is not None and not request.prompt.strip():
        _note_no_prompt(report, model)
    less_trained = None
    if any(kind.baseline == LESS_TRAINED for kind in _subtracting(request)):
        less_trained = load_less_trained(report, model, request.baseline, download=request.download)
    seconds_loading = time.perf_counter() - started
    prompt = request.prompt if saved is None else saved.provenance.prompt
    truncated = model.encode_prompt(prompt).truncated
    if truncated:
        report.note(
            f"The prompt is longer than the model's {model.description.prompt_tokens} tokens; "
            f'the model does not see "{truncated}".'
        )
    run = _sampled(model, request, report) if saved is None else saved
    plain = _maps(run, step, less_trained, request, report)
    several = _series_maps(run, series, tuple(plain.values()), less_trained, request, report)
    several = {
        name: tuple(found.smoothed(window) for found in each) for name, each in several.items()
    }
    numbers = _readings(run, tuple(plain.values()), less_trained, request, report)
    if request.save_run is not None:
        _save(run, tuple(plain.values()), tuple(numbers.values()), request)
    maps = {name: found.smoothed(window) for name, found in plain.items()}
    truth = request.truth
    return LocalizedRun(
        run=run,
        truncated=truncated,
        maps=maps,
        agreements={}
        if truth is None
        else {name: agreement(found, truth) for name, found in maps.items()},
        seconds_loading=seconds_loading,
        series=several,
        readings=numbers,
        reused=saved is not None,
        compared=None
        if controls is None
        else compare(
            request.controls or "",
            controls,
            plain,
            numbers.values(),
            picture_size=(run.image.shape[0], run.image.shape[1]),
        ),
    )


def _schedule(model: Model, request: LocalizeRequest) -> Schedule:
    if request.picture is None:
        return model.schedule(request.steps)
    from memlens.sampling.run_of_picture import DEFAULT_LOG_SNR, levels_of

    wanted = DEFAULT_LOG_SNR if request.log_snr is None else request.log_snr
    return Schedule(levels_of(model, wanted))


def _note_no_prompt(report: Report, model: Model) -> None:
    if model.description.takes != NOTHING:
        report.note(
            "Without a prompt the target is the unconditional ∅ itself: a difference to ∅ is zero. "
            "Give the picture's caption, or a less-trained baseline."
        )


def _sampled(model: Model, request: LocalizeRequest, report: Report) -> Trajectory:
    from memlens.sampling.run_of_picture import DEFAULT_DRAWS, DEFAULT_LOG_SNR, run_of_picture
    from memlens.sampling.sample import sample

    if request.picture is not None:
        return run_of_picture(
            model,
            request.picture,
            prompt=request.prompt,
            log_snr=DEFAULT_LOG_SNR if request.log_snr is None else request.log_snr,
            draws=DEFAULT_DRAWS if request.draws is None else request.draws,
            seed=request.seed,
            fit=request.fit,
            guidance_scale=request.guidance_scale,
            progress=report.progress,
            cancel=report.cancel,
        )
    return sample(
        model,
        request.prompt,
        seed=request.seed,
        steps=request.steps,
        guidance_scale=request.guidance_scale,
        noise=request.noise,
        progress=report.progress,
        cancel=report.cancel,
    )


def _save(
    run: Trajectory,
    maps: tuple[LocalizationMap, ...],
    readings: tuple[Reading, ...],
    request: LocalizeRequest,
) -> None:
    assert request.save_run is not None
    masks: tuple[NamedMask, ...] = ()
    if request.truth is not None:
        masks = (NamedMask(name="ground truth", kind="ground truth", pixels=request.truth),)
    session = Session(trajectory=run, maps=maps, masks=masks, readings=readings)
    save_session(session, request.save_run)


def _note_far(report: Report, level: NoiseLevel, step: int, wanted: float) -> None:
    if abs(level.log_snr - wanted) > _FAR:
        report.note(
            f"No step has a logSNR near {wanted:g}: step {step} with {level.log_snr:.2f} is taken."
        )


def _refuse_unwritable(path: Path) -> None:
    """Raise before the picture is sampled what saving would raise after."""
    reason = ""
    if path.is_dir():
        reason = "it is a folder"
    elif not path.parent.is_dir():
        reason = f"there is no folder {path.parent}"
    elif not os.access(path.parent, os.W_OK):
        reason = f"{path.parent} cannot be written"
    if reason:
        raise OutputError(f"the run cannot be saved to {path}: {reason}.")


def _subtracting(request: LocalizeRequest) -> tuple[MapKind, ...]:
    """Return the kinds of map that are asked for, by readings too."""
    means = (READINGS[key].map_kind for key in request.readings)
    return (*request.kinds, *(MAP_KINDS[name] for name in means if name))


def _refuse_unknown_estimate(request: LocalizeRequest, model: Model) -> None:
    """Raise before the picture is sampled what the estimation would raise after."""
    from memlens.estimators.estimation import plan_probes
    from memlens.products.choice import check_products

    if request.estimator not in (None, *ESTIMATORS):
        raise SettingsError(
            f"no estimator is called {request.estimator!r}: choose {', '.join(ESTIMATORS)}."
        )
    if request.products is not None:
        check_products(request.products)
    if isinstance(request.probes, np.ndarray):
        plan_probes("given", request.probes, request.probe_seed, model.description.latent_shape)
    check_seed(request.probe_seed, "probe seed")


def _maps(
    run: Trajectory,
    step: int,
    less_trained: Baseline | None,
    request: LocalizeRequest,
    report: Report,
) -> dict[str, LocalizationMap]:
    """Make the maps of one step together, but for score differences averaged over steps."""
    from memlens.maps.joint_maps import localize_maps
    from memlens.maps.localize import localize

    averaged = [
        kind
        for kind in request.kinds
        if request.steps_averaged > 1 and not METHODS[kind.method].uses_probes
    ]
    together = [kind.name for kind in request.kinds if kind not in averaged]
    made: dict[str, LocalizationMap] = {}
    if together:
        made = localize_maps(
            run,
            together,
            baseline=less_trained,
            step=step,
            seed=request.probe_seed,
            products=request.products or AUTO,
            progress=report.progress,
            cancel=report.cancel,
            **_estimation(request),
        )
    for kind in averaged:
        made[kind.name] = localize(
            run,
            kind.method,
            baseline=less_trained if kind.baseline == LESS_TRAINED else None,
            step=step,
            steps_averaged=request.steps_averaged,
            progress=report.progress,
            cancel=report.cancel,
        )
    return {kind.name: made[kind.name] for kind in request.kinds}


def _series_maps(
    run: Trajectory,
    steps: tuple[int, ...],
    known: tuple[LocalizationMap, ...],
    less_trained: Baseline | None,
    request: LocalizeRequest,
    report: Report,
) -> dict[str, tuple[LocalizationMap, ...]]:
    """Make the maps of a series, by kind; curvatures together where that was asked for."""
    if not steps:
        return {}
    made: dict[str, tuple[LocalizationMap, ...]] = {}
    together = [kind.name for kind in request.kinds if METHODS[kind.method].uses_probes]
    if request.timeline and together:
        from memlens.estimators.names import DEFAULT_PROBES
        from memlens.maps.timeline import localize_timeline

        probes = request.probes if isinstance(request.probes, int) else DEFAULT_PROBES
        found = localize_timeline(
            run,
            together,
            baseline=less_trained,
            steps=steps,
            probes=probes,
            seed=request.probe_seed,
            known=known,
            products=request.products or AUTO,
            progress=report.progress,
            cancel=report.cancel,
        )
        made = {name: tuple(found[name, step] for step in steps) for name in together}
    for kind in request.kinds:
        if kind.name not in made:
            made[kind.name] = tuple(_several(run, kind, steps, less_trained, request, report))
    return {kind.name: made[kind.name] for kind in request.kinds}


def _several(
    run: Trajectory,
    kind: MapKind,
    steps: tuple[int, ...],
    less_trained: Baseline | None,
    request: LocalizeRequest,
    report: Report,
) -> Iterator[LocalizationMap]:
    from memlens.maps.step_series import localize_steps

    return localize_steps(
        run,
        kind.method,
        steps=steps,
        baseline=less_trained if kind.baseline == LESS_TRAINED else None,
        seed=request.probe_seed,
        products=request.products or AUTO,
        progress=report.progress,
        cancel=report.cancel,
        **_estimation(request),
    )


def _readings(
    run: Trajectory,
    maps: tuple[LocalizationMap, ...],
    less_trained: Baseline | None,
    request: LocalizeRequest,
    report: Report,
) -> dict[str, Reading]:
    """Read means and free dimensions at the maps' step, the others where their papers do."""
    if not request.readings:
        return {}
    return {
        key: reading(
            run,
            key,
            step=maps[0].step if READINGS[key].at_shown_step else None,
            baseline=less_trained,
            maps=maps,
            seed=request.probe_seed,
            progress=report.progress,
            cancel=report.cancel,
            **_estimation(request),
        )
        for key in request.readings
    }


def _estimation(request: LocalizeRequest) -> dict[str, Any]:
    chosen = {"probes": request.probes, "estimator": request.estimator}
    return {name: value for name, value in chosen.items() if value is not None}


def read_series(words: str | None) -> tuple[int, ...] | None:
    """Turn "all" into no steps named, "0,10,-1" into steps, and nothing into None.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    if words is None or words == "all":
        return None if words is None else ()
    try:
        return tuple(int(word) for word in words.split(","))
    except ValueError:
        raise SettingsError(f'the series {words!r} must be "all" or steps such as 0,10.') from None


def _series(series: tuple[int, ...] | None, steps: int) -> tuple[int, ...]:
    if series is None:
        return ()
    return series or tuple(range(steps))


def _refuse_other_size(mask: NDArray[np.bool_], size: tuple[int, int]) -> None:
    if mask.shape != size:
        raise MaskError(
            f"the mask is {mask.shape[1]}x{mask.shape[0]} pixels, the picture {size[1]}x{size[0]}: "
            "draw or export it at the picture's size."
        )
