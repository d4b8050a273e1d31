"""Refine a map: more probes for an estimate that is there, instead of all of them anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from memlens.diagonal import ProbePlan
from memlens.errors import SettingsError
from memlens.localization import BaselineChoice, map_requests, plan_probes
from memlens.maps import LocalizationMap
from memlens.methods.registry import method
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.trajectory import Trajectory


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

    The probes of a seed are drawn in order, so those beyond the first are the ones that a
    computation from the start would draw there: the result is that computation's, up to the
    rounding of sums, and its provenance says the same. Where the estimator's choice of probes
    depends on their number (`continues` tells), everything is computed from the start.

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
        steps_averaged=1,
        probes=probes,
        estimator=estimator,
        seed=seed,
        probes_per_batch=probes_per_batch,
        progress=report,
        cancel=cancel or CancelToken(),
    )
    compute = method(request.kind.method).load().compute
    plan, done = request.plan, known.provenance.probes or 0
    made_alike = (
        known.provenance.estimator == estimator
        and known.provenance.probe_seed == seed
        and known.provenance.dtype == request.model.description.dtype
        and known.provenance.steps_averaged in (None, 1)
        and known.provenance.smoothing is None
        and known.kind == request.kind.name
    )
    if plan is None or not made_alike or not continues(plan, done, seed):
        yield from compute(request)
        return

    def rest_of_all(inner: Progress) -> None:
        report(Progress(done + inner.done, done + inner.total, inner.activity))

    rest = replace(request, plan=_rest(plan, done), progress=rest_of_all)
    for more in compute(rest):
        yield merged(known, more, per_repetition=plan.per_repetition)


def continues(plan: ProbePlan, done: int, seed: int) -> bool:
    """Whether the first `done` probes of `plan` are all the probes of a shorter plan."""
    if plan.exact or not 0 < done < plan.count or done % plan.per_repetition:
        return False
    try:
        shorter = plan_probes(plan.estimator, done, seed, plan.shape)
    except SettingsError:
        return False
    if (shorter.count, shorter.per_repetition) != (done, plan.per_repetition):
        return False
    return all(
        torch.equal(plan.draw(at, at + 1), shorter.draw(at, at + 1))
        for at in (0, done // 2, done - 1)
    )


def merged(
    first: LocalizationMap, second: LocalizationMap, *, per_repetition: int
) -> LocalizationMap:
    """Merge two independent estimates of one map, weighted by their repetitions.

    Means, and sums of squares about them, are combined as Chan et al. (1979) do: the outcome
    is what one pass over all repetitions gives.
    """
    one, two = ((found.provenance.probes or 0) // per_repetition for found in (first, second))
    whole = one + two

    def mean(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        return ((one * a.astype(np.float64) + two * b) / whole).astype(np.float32)

    apart = second.values.astype(np.float64) - first.values
    squares = _squares(first, one) + _squares(second, two) + apart**2 * one * two / whole
    return replace(
        first,
        values=mean(first.values, second.values),
        paper=mean(first.paper, second.paper),
        standard_error=np.sqrt(squares / (whole * (whole - 1))).astype(np.float32),
        network_calls=first.network_calls + second.network_calls,
        seconds=first.seconds + second.seconds,
        provenance=replace(
            first.provenance,
            probes=(first.provenance.probes or 0) + (second.provenance.probes or 0),
        ),
    )


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
