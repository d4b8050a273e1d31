"""Several maps of one step at once, sharing what they have in common: `localize_maps`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Unpack

import torch
from torch import Tensor

from memlens.errors import SettingsError
from memlens.estimators.estimation import EstimationKeywords, estimation_of
from memlens.maps.localization_map import LocalizationMap
from memlens.maps.localize import kind_requests
from memlens.maps.over_draws import Maps, over_draws
from memlens.methods import score_difference
from memlens.methods.curvature import SharedCurvature
from memlens.methods.registry import LESS_TRAINED, method
from memlens.methods.request import MapRequest
from memlens.models.denoiser import Baseline
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import to_numpy
from memlens.sampling.trajectory import Trajectory


def localize_maps(
    run: Trajectory,
    kinds: Iterable[str],
    *,
    baseline: Baseline | None = None,
    step: int = -1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> dict[str, LocalizationMap]:
    """Compute several maps of one step; see `localize_maps_stream` for parameters and errors.

    Returns
    -------
    dict
        The maps by kind, in the order asked for.
    """
    wanted = tuple(dict.fromkeys(kinds))
    made: dict[str, LocalizationMap] = {}
    for better in localize_maps_stream(
        run,
        wanted,
        baseline=baseline,
        step=step,
        progress=progress,
        cancel=cancel,
        **estimation,
    ):
        made.update(better)
    return {name: made[name] for name in wanted}


def localize_maps_stream(
    run: Trajectory,
    kinds: Iterable[str],
    *,
    baseline: Baseline | None = None,
    step: int = -1,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> Iterator[Maps]:
    """Yield maps of one step by kind as they come; curvatures again and better.

    All curvatures share the probes and the target's products; target and ∅ are one network
    call; the score difference to a less-trained baseline comes from the forward pass that its
    curvature difference makes anyway. The maps are those that `localize` gives one by one, up
    to the rounding of a network evaluated in another batch. `network_calls` of each map counts
    what it needs alone.

    Parameters
    ----------
    run
        From `memlens.sample`, with its model attached.
    kinds
        Names in `memlens.methods.registry.MAP_KINDS` ("cov", "score_diff_bad", …).
    baseline
        The less-trained one, for kinds that need it.
    step
        0..N−1, or −1 for the last.
    progress, cancel
        Counted over all kinds; checked per network call.
    **estimation
        As in `localize_stream`; the same for all kinds.

    Raises
    ------
    SettingsError
        If a setting is out of range, or a kind needs a less-trained baseline and there is none.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As `localize_stream`.
    """
    chosen = tuple(dict.fromkeys(kinds))
    if not chosen:
        raise SettingsError("no kinds of map were asked for: name at least one.")
    report, token = progress or ignore_progress, cancel or CancelToken()
    whole = estimation_of(estimation)

    def requests(draw: Trajectory) -> list[MapRequest]:
        return kind_requests(
            draw,
            chosen,
            baseline=baseline,
            step=step,
            estimation=whole,
            progress=ignore_progress,
            cancel=token,
        )

    def stream(draw: Trajectory, progress: ProgressCallback) -> Iterator[Maps]:
        return _together(requests(draw), progress)

    # Checked now, not when the first maps are asked for.
    requests(run)
    return over_draws(run, stream, report)


def _together(requests: list[MapRequest], report: ProgressCallback) -> Iterator[Maps]:
    curvatures = [request for request in requests if request.plan is not None]
    single = [request for request in requests if request.plan is None]
    sharing = _sharing(single, curvatures)
    single = [request for request in single if request is not sharing]
    total = len(single) + (SharedCurvature.network_calls(curvatures) if curvatures else 0)

    def counting(request: MapRequest, before: int) -> MapRequest:
        def counted(inner: Progress) -> None:
            report(Progress(before + inner.done, total, inner.activity))

        return replace(request, progress=counted, started=time.perf_counter())

    for before, request in enumerate(single):
        for found in method(request.kind.method).load().compute(counting(request, before)):
            yield {request.kind.name: found}
    if not curvatures:
        return
    shared = SharedCurvature([counting(request, len(single)) for request in curvatures])
    if sharing is not None:
        _keep(sharing, shared.values[LESS_TRAINED])
        begun = replace(sharing, started=time.perf_counter())
        for found in score_difference.compute(begun):
            yield {sharing.kind.name: found}
    names = [request.kind.name for request in curvatures]
    for better in shared.stream():
        yield dict(zip(names, better, strict=True))


def _keep(request: MapRequest, eps: Tensor) -> None:
    run, baseline = request.run, request.baseline
    if baseline is not None:
        run.baseline_noise.keep(baseline.denoiser, run.x_t, request.step, to_numpy(eps))


def _sharing(single: list[MapRequest], curvatures: list[MapRequest]) -> MapRequest | None:
    """Return the score difference that takes its ε̂ from a curvature's forward pass."""
    if all(request.kind.baseline != LESS_TRAINED for request in curvatures):
        return None
    for request in single:
        baseline = request.baseline
        # A half-precision ε̂ is not taken from the float32 copy that products run in.
        if baseline is not None and torch.finfo(baseline.denoiser.dtype).bits >= 32:
            return request
    return None
