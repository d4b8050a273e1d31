"""Make maps of a trajectory: `localize` and `localize_stream`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Unpack

from memlens.errors import MethodUnavailable, ModelError, SettingsError
from memlens.estimators.estimation import Estimation, EstimationKeywords, estimation_of
from memlens.maps.averaging import average
from memlens.maps.localization_map import LocalizationMap
from memlens.maps.over_draws import over_draws
from memlens.methods.registry import LESS_TRAINED, UNCONDITIONAL, kind_of, map_kind, method
from memlens.methods.request import MapRequest
from memlens.models.denoiser import Baseline
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.trajectory import Trajectory

BaselineChoice = Baseline | str | None


def localize(
    run: Trajectory,
    method: str,
    *,
    baseline: BaselineChoice = None,
    step: int = -1,
    steps_averaged: int = 1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> LocalizationMap:
    """Compute one map; see `localize_stream` for parameters and errors."""
    *_, last = localize_stream(
        run,
        method,
        baseline=baseline,
        step=step,
        steps_averaged=steps_averaged,
        progress=progress,
        cancel=cancel,
        **estimation,
    )
    return last


def localize_stream(
    run: Trajectory,
    method: str,
    *,
    baseline: BaselineChoice = None,
    step: int = -1,
    steps_averaged: int = 1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> Iterator[LocalizationMap]:
    """Yield one map after every batch of probes, better and better.

    Parameters
    ----------
    run
        From `memlens.sample`, with its model attached.
    method
        Key in the registry, such as "curvature-difference".
    baseline
        "unconditional" or a loaded baseline; None means "unconditional" where one is needed.
    step
        0..N−1, or −1 for the last.
    steps_averaged
        Average over this many steps from `step` on, those that exist.
    progress, cancel
        Counted and checked per network call.
    **estimation
        How curvature is estimated: `EstimationKeywords`.

    Raises
    ------
    SettingsError
        If a setting is out of range.
    ModelError
        If the trajectory has no model attached.
    MethodUnavailable
        If the model cannot offer the method.
    NumericalError
        If the network gives NaN or infinity.
    OutOfMemory
        If even one probe at a time does not fit.
    Cancelled
        Within one network call of the token being set.
    """
    wanted = estimation_of(estimation)

    def requests(draw: Trajectory, report: ProgressCallback) -> Sequence[MapRequest]:
        return map_requests(
            draw,
            method,
            baseline=baseline,
            step=step,
            steps_averaged=steps_averaged,
            estimation=wanted,
            progress=report,
            cancel=cancel or CancelToken(),
        )

    # Checked now, not when the first map is asked for.
    requests(run, ignore_progress)
    made = over_draws(
        run,
        lambda draw, report: ({method: each} for each in _windowed(requests(draw, report))),
        progress or ignore_progress,
    )
    return (each[method] for each in made)


def map_requests(
    run: Trajectory,
    method_key: str,
    *,
    baseline: BaselineChoice,
    step: int,
    steps_averaged: int = 1,
    estimation: Estimation,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> Sequence[MapRequest]:
    """Check the choices of `localize_stream` and turn them into one request per step.

    Raises
    ------
    SettingsError, ModelError, MethodUnavailable
        As there.
    """
    model = run.model
    if model is None:
        raise ModelError("this trajectory has no model attached: load it and use with_model.")
    chosen = method(method_key)
    if chosen.needs_baseline:
        plain = baseline is None or isinstance(baseline, str)
        kind = kind_of(chosen.key, UNCONDITIONAL if plain else LESS_TRAINED)
    else:
        kind = kind_of(chosen.key, None)
    if isinstance(baseline, str) and baseline != UNCONDITIONAL:
        raise SettingsError(f'baseline {baseline!r}: give "unconditional" or a loaded baseline.')
    reason = kind.unavailable(model)
    if reason:
        raise MethodUnavailable(reason)
    loaded = baseline if kind.baseline == LESS_TRAINED and not isinstance(baseline, str) else None
    first = run.schedule.index(step)
    if steps_averaged < 1:
        raise SettingsError(f"{steps_averaged} steps cannot be averaged: choose 1 or more.")
    plan = estimation.plan(run.latent_shape) if chosen.uses_probes else None
    steps = range(first, min(first + steps_averaged, len(run.schedule)))

    def counted(index: int) -> ProgressCallback:
        return lambda p: progress(
            Progress(index * p.total + p.done, len(steps) * p.total, p.activity)
        )

    return [
        MapRequest(
            run=run,
            model=model,
            kind=kind,
            baseline=loaded,
            step=at,
            plan=plan,
            probe_seed=estimation.drawn_from,
            products=estimation.products,
            probes_per_batch=estimation.probes_per_batch,
            progress=counted(index),
            cancel=cancel,
        )
        for index, at in enumerate(steps)
    ]


def kind_requests(
    run: Trajectory,
    kinds: Iterable[str],
    *,
    baseline: Baseline | None,
    step: int,
    estimation: Estimation,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> list[MapRequest]:
    """Return one request per kind of map, all of one step.

    Raises
    ------
    SettingsError
        If there is no such kind or step, or a kind needs a less-trained baseline.
    ModelError, MethodUnavailable
        As `localize_stream`.
    """
    requests: list[MapRequest] = []
    for kind in map(map_kind, kinds):
        if kind.baseline == LESS_TRAINED and baseline is None:
            raise SettingsError(f"{kind.name} needs a less-trained baseline: give a loaded one.")
        requests += map_requests(
            run,
            kind.method,
            baseline=baseline if kind.baseline == LESS_TRAINED else None,
            step=step,
            estimation=estimation,
            progress=progress,
            cancel=cancel,
        )
    return requests


def _windowed(requests: Sequence[MapRequest]) -> Iterator[LocalizationMap]:
    """Stream the first steps to their end, then the running average with the last."""
    done: list[LocalizationMap] = []
    for request in requests:
        latest: LocalizationMap | None = None
        begun = replace(request, started=time.perf_counter())
        for latest in method(request.kind.method).load().compute(begun):
            yield average([*done, latest])
        if latest is not None:
            done.append(latest)
