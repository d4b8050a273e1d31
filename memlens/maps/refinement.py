"""Refine a map: more probes for an estimate that is there, instead of all of them anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from memlens.estimators.diagonal import ProbePlan
from memlens.estimators.estimation import Estimation, plan_probes
from memlens.maps.localization_map import LocalizationMap
from memlens.maps.localize import BaselineChoice, map_requests
from memlens.methods.registry import method
from memlens.methods.request import MapRequest
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.trajectory import Trajectory

_LEAST_SAVED = 0.25


def refine_stream(
    known: LocalizationMap,
    run: Trajectory,
    *,
    baseline: BaselineChoice = None,
    probes: int,
    estimator: str,
    seed: int = 0,
    probes_per_batch: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[LocalizationMap]:
    """Yield `known` with more and more probes, up to `probes` in all.

    A seed draws its probes in order, so those beyond the first are the ones that a longer plan
    of the same layout draws there: the result is that plan's, up to the rounding of sums, and
    its provenance says so (`planned_probes` tells the layout). An estimator that lays its
    probes out by their number would do better from the start; that is done where at most a
    quarter of the work would be saved.

    Parameters
    ----------
    known
        A map of this run, whole or cut short.
    run, baseline, estimator, seed, probes_per_batch, progress, cancel
        As for `memlens.localize_stream`; method and step are those of `known`.
    probes
        Wanted in all.

    Raises
    ------
    SettingsError, ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As `memlens.localize_stream`.
    """
    report = progress or ignore_progress
    (request,) = map_requests(
        run,
        known.provenance.method or "",
        baseline=baseline,
        step=known.step,
        estimation=Estimation(
            probes=probes, estimator=estimator, seed=seed, probes_per_batch=probes_per_batch
        ),
        progress=report,
        cancel=cancel or CancelToken(),
    )
    compute = method(request.kind.method).load().compute
    plan, done = _plan(known, request, probes, estimator, seed), known.provenance.probes or 0
    if plan is None:
        yield from compute(request)
        return
    if plan.count <= done:
        yield known
        return

    def rest_of_all(inner: Progress) -> None:
        report(Progress(done + inner.done, done + inner.total, inner.activity))

    rest = replace(request, plan=_rest(plan, done), progress=rest_of_all)
    for more in compute(rest):
        yield merged(known, more, plan)


def _plan(
    known: LocalizationMap, request: MapRequest, probes: int, estimator: str, seed: int
) -> ProbePlan | None:
    """Return the plan that `known` began, with `probes` in all; None to begin anew."""
    made, fresh = known.provenance, request.plan
    sampled = request.run.provenance
    other = request.baseline
    made_alike = (
        known.kind == request.kind.name
        and (made.model, made.prompt, made.seed) == (sampled.model, sampled.prompt, sampled.seed)
        and (other is None or made.baseline == other.description.identity)
        and (made.estimator, made.probe_seed) == (estimator, seed)
        and made.dtype == request.model.description.dtype
        and made.steps_averaged in (None, 1)
        and made.smoothing is None
    )
    if fresh is None or fresh.exact or not made.probes or not made_alike:
        return None
    begun = made.planned_probes or made.probes
    plan = plan_probes(estimator, probes, seed, fresh.shape, laid_out_for=begun)
    same_layout = plan.per_repetition == fresh.per_repetition
    if made.probes % plan.per_repetition:
        return None
    return plan if same_layout or made.probes > _LEAST_SAVED * probes else None


def merged(first: LocalizationMap, second: LocalizationMap, plan: ProbePlan) -> LocalizationMap:
    """Merge two independent estimates of one map, weighted by their repetitions of `plan`.

    Means, and sums of squares about them, are combined as Chan et al. (1979) do. Where the
    standard error is pooled over channels and places, the squares within both estimates alone
    are used: the two means' distance, known of the channels' mean only, would add little.
    """
    one, two = ((found.provenance.probes or 0) // plan.per_repetition for found in (first, second))
    whole = one + two

    def mean(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        return ((one * a.astype(np.float64) + two * b) / whole).astype(np.float32)

    squares = _squares(first, one) + _squares(second, two)
    if plan.separates_channels and whole > 2:
        squares *= (whole - 1) / (whole - 2)
    else:
        apart = second.values.astype(np.float64) - first.values
        squares += apart**2 * one * two / whole
    return replace(
        first,
        values=mean(first.values, second.values),
        paper=mean(first.paper, second.paper),
        standard_error=np.sqrt(squares / (whole * (whole - 1))).astype(np.float32),
        network_calls=first.network_calls + second.network_calls,
        seconds=first.seconds + second.seconds,
        provenance=replace(
            first.provenance,
            probes=whole * plan.per_repetition,
            planned_probes=_told(plan, whole * plan.per_repetition),
        ),
    )


def _told(plan: ProbePlan, probes: int) -> int | None:
    return plan.laid_out_for if plan.laid_out_for != probes else None


def _squares(found: LocalizationMap, repetitions: int) -> NDArray[np.float64]:
    if repetitions == 1 or found.standard_error is None:
        return np.zeros(found.values.shape)
    squares: NDArray[np.float64] = (
        found.standard_error.astype(np.float64) ** 2 * repetitions * (repetitions - 1)
    )
    return squares


def _rest(plan: ProbePlan, done: int) -> ProbePlan:
    return replace(
        plan,
        count=plan.count - done,
        draw=lambda start, stop: plan.draw(start + done, stop + done),
    )
