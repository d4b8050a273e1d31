"""Curvatures of many steps together, from fewer products: `localize_timeline`."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.estimators.estimation import Estimation, plan_probes
from memlens.estimators.names import AUTO, DEFAULT_ESTIMATOR, DEFAULT_PROBES, HUTCHINSON, TIMELINE
from memlens.estimators.timeline_estimate import (
    Anchor,
    FloatArray,
    carried,
    covariance,
    mean_error_with,
    remaining,
)
from memlens.maps.localization_map import LocalizationMap
from memlens.maps.localize import kind_requests
from memlens.methods.curvature import SharedCurvature
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, map_kind
from memlens.methods.request import MapRequest
from memlens.models.denoiser import Baseline
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.seeds import check_seed
from memlens.sampling.trajectory import Trajectory

TimelineMaps = Mapping[tuple[str, int], LocalizationMap]

# At every step; two tell their own spread.
SHARED_PROBES = 2
# Variance of an anchor's probes over that of as many full ±1 probes, until one is measured.
_USUAL_GAIN = 0.7
# Variance with half as many probes, which are laid out more coarsely.
_HALF_AS_MANY = 2.5
# Of the steps, for the progress alone.
_USUAL_SHARE_OF_ANCHORS = 0.25
_ACTIVITY = "curvatures"


def localize_timeline(
    run: Trajectory,
    kinds: Iterable[str],
    *,
    baseline: Baseline | None = None,
    steps: Iterable[int] | None = None,
    probes: int = DEFAULT_PROBES,
    seed: int = 0,
    known: Iterable[LocalizationMap] = (),
    products: str = AUTO,
    probes_per_batch: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> dict[tuple[str, int], LocalizationMap]:
    """Estimate curvatures of many steps; see `localize_timeline_stream` for all else.

    Returns
    -------
    dict
        The maps by kind and step.
    """
    stream = localize_timeline_stream(
        run,
        kinds,
        baseline=baseline,
        steps=steps,
        probes=probes,
        seed=seed,
        known=known,
        products=products,
        probes_per_batch=probes_per_batch,
        progress=progress,
        cancel=cancel,
    )
    return dict(deque(stream, maxlen=1).pop())


def localize_timeline_stream(
    run: Trajectory,
    kinds: Iterable[str],
    *,
    baseline: Baseline | None = None,
    steps: Iterable[int] | None = None,
    probes: int = DEFAULT_PROBES,
    seed: int = 0,
    known: Iterable[LocalizationMap] = (),
    products: str = AUTO,
    probes_per_batch: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[TimelineMaps]:
    """Yield the maps of all steps, better and better, until they are as good as was asked for.

    Two full ±1 probes, the same at every step, tell how alike the steps' errors are. Then some
    steps, one after the other, get `probes` probes of their own, wherever that takes most off
    the mean standard error of all steps; what they share with the others is carried over
    (`memlens.estimators.timeline_estimate`). It ends when that mean is what `probes` probes at
    every step would leave, mostly after two fifths of the network calls. Unbiased, with
    standard errors; the maps' errors are alike at neighbouring steps.

    Parameters
    ----------
    run
        From `memlens.sample`, with its model attached.
    kinds
        Curvatures: "cov", "cov_bad" or "curvature"; they share all products.
    baseline
        The less-trained one, for kinds that need it.
    steps
        None means all. −1 is the last.
    probes
        How good the maps are to be.
    seed
        Of all probes.
    known
        Maps of this run at some of the steps that are there already, with standard errors: they
        serve as anchors and cost nothing.
    products, probes_per_batch
        As for `memlens.localize`.
    progress, cancel
        Counted and checked per network call; how many there will be is guessed.

    Raises
    ------
    SettingsError
        If a setting is out of range, a kind is no curvature, or it needs a less-trained
        baseline that is not given.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As `memlens.localize`.
    """
    names = tuple(map_kind(name).name for name in dict.fromkeys(kinds))
    every = range(len(run.schedule)) if steps is None else steps
    wanted = sorted({run.schedule.index(step) for step in every})
    if not names or not wanted:
        raise SettingsError("name at least one kind of map and one step.")
    for name in names:
        if not METHODS[MAP_KINDS[name].method].uses_probes:
            raise SettingsError(f"{name} is not estimated with probes: use localize_steps.")
    if run.other_draws:
        raise SettingsError(
            "a picture with several draws of noise has one step: use localize_maps."
        )
    check_seed(seed, "probe seed")
    # Raises what is wrong with their number.
    plan_probes(DEFAULT_ESTIMATOR, probes, seed, run.latent_shape)
    work = _Timeline(
        run,
        names,
        wanted,
        baseline=baseline,
        probes=probes,
        seed=seed,
        products=products,
        probes_per_batch=probes_per_batch,
        progress=progress or ignore_progress,
        cancel=cancel or CancelToken(),
    )
    return work.stream([found for found in known if _tells_its_error(found, run, baseline)])


class _Timeline:
    """The work of one call."""

    def __init__(
        self,
        run: Trajectory,
        kinds: tuple[str, ...],
        steps: list[int],
        *,
        baseline: Baseline | None,
        probes: int,
        seed: int,
        products: str,
        probes_per_batch: int | None,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> None:
        self._run, self._kinds, self._steps, self._baseline = run, kinds, steps, baseline
        self._probes, self._seed = probes, seed
        self._estimation = Estimation(
            probes=SHARED_PROBES,
            estimator=HUTCHINSON,
            seed=self._drawn_from("shared"),
            products=products,
            probes_per_batch=probes_per_batch,
        )
        self._progress, self._cancel = progress, cancel
        # Raises before the first map is asked for what every step would raise.
        self._requests = [self._requests_at(step) for step in steps]
        self._networks = SharedCurvature.network_calls(self._requests[0]) - SHARED_PROBES
        self._probes_made = np.zeros(len(steps), np.int64)
        self._calls = np.zeros(len(steps), np.int64)
        self._seconds = np.zeros(len(steps))
        self._products = products
        anchors = max(1, round(_USUAL_SHARE_OF_ANCHORS * len(steps)))
        self._total = len(steps) * (self._networks + SHARED_PROBES)
        self._total += anchors * (self._networks + probes)

    def stream(self, known: list[LocalizationMap]) -> Iterator[TimelineMaps]:
        """Yield all maps as the shared probes tell them, and again after every anchor."""
        shared = np.stack([self._shared(at) for at in range(len(self._steps))], axis=1)
        errors = [covariance(each) for each in shared]
        anchors = [self._known_anchors(kind, known) for kind in self._kinds]
        for turn in range(len(self._steps) + 1):
            yield self._maps(shared, anchors)
            chosen = self._next(errors, anchors)
            if chosen is None or turn == len(self._steps):
                break
            for own, anchor in zip(anchors, self._measured(*chosen, turn), strict=True):
                own.append(anchor)
        done = int(self._calls.sum())
        self._progress(Progress(done, done, _ACTIVITY))

    def _requests_at(self, step: int) -> list[MapRequest]:
        return kind_requests(
            self._run,
            self._kinds,
            baseline=self._baseline,
            step=step,
            estimation=self._estimation,
            progress=self._counted,
            cancel=self._cancel,
        )

    def _shared(self, at: int) -> NDArray[np.float64]:
        """Return e_t(v) of the shared probes, mean over channels, (kinds, K, H, W)."""
        began = time.perf_counter()
        plan = self._requests[at][0].plan
        assert plan is not None
        curvature = SharedCurvature(self._requests[at])
        self._products = curvature.products
        probes = plan.draw(0, SHARED_PROBES)
        own = [
            (probes * made.to("cpu")).double().mean(dim=1) for made in curvature.differences(probes)
        ]
        told = torch.stack(own)
        curvature.require_finite(told)
        self._made(at, SHARED_PROBES, began)
        return told.numpy()

    def _measured(self, at: int, probes: int, turn: int) -> list[Anchor]:
        """Give a step probes of its own; return an anchor per kind."""
        began = time.perf_counter()
        seed = self._drawn_from("anchor", self._steps[at], turn)
        plan = plan_probes(DEFAULT_ESTIMATOR, probes, seed, self._run.latent_shape)
        if plan.count < 2 * plan.per_repetition:
            # One repetition does not tell its own error.
            plan = plan_probes(HUTCHINSON, probes, seed, self._run.latent_shape)
        requests = [replace(request, plan=plan) for request in self._requests[at]]
        *_, found = SharedCurvature(requests).estimates()
        self._made(at, plan.count, began)
        return [Anchor(at, each.mean, each.standard_error, plan.count, (seed,)) for each in found]

    def _known_anchors(self, kind: str, known: list[LocalizationMap]) -> list[Anchor]:
        anchors = []
        for found in known:
            made, error = found.provenance, found.standard_error
            if found.kind != kind or found.step not in self._steps or error is None:
                continue
            sigma = self._run.schedule[found.step].sigma
            anchors.append(
                Anchor(
                    self._steps.index(found.step),
                    found.values.astype(np.float64) / sigma,
                    error.astype(np.float64) / sigma,
                    made.probes or 0,
                    (made.estimator, made.probe_seed),
                )
            )
        return anchors

    def _next(
        self, errors: list[FloatArray], anchors: list[list[Anchor]]
    ) -> tuple[int, int] | None:
        """Return the step whose own probes help most, and how many; None where all is enough."""
        variances = [self._variance(*each) for each in zip(errors, anchors, strict=True)]
        wanted = [float(np.sqrt(variance).mean()) for variance in variances]
        lefts = [remaining(*each, SHARED_PROBES) for each in zip(errors, anchors, strict=True)]
        now = [np.sqrt(np.maximum(np.diagonal(left), 0.0)).mean() for left in lefts]
        if all(mean <= goal for mean, goal in zip(now, wanted, strict=True)):
            return None
        best = 0
        # Half as many where that is all that is missing.
        for probes in (max(self._probes // 2, 2), max(self._probes, 2)):
            scale = 1.0 if probes >= self._probes else _HALF_AS_MANY
            shares = np.stack(
                [
                    mean_error_with(left, scale * variance) / goal
                    for left, variance, goal in zip(lefts, variances, wanted, strict=True)
                    if goal > 0
                ]
            )
            best = int(np.argmin(shares.sum(axis=0)))
            if (shares[:, best] <= 1.0).all():
                break
        return best, probes

    def _variance(self, errors: FloatArray, anchors: list[Anchor]) -> FloatArray:
        """Return what `probes` probes of its own would leave at each step, (T,)."""
        one = np.diagonal(errors)
        gains = {
            anchor.at: float(np.mean(anchor.standard_error**2)) * anchor.probes / one[anchor.at]
            for anchor in anchors
            # Fewer are laid out more coarsely, and gain less.
            if one[anchor.at] > 0 and anchor.probes >= self._probes
        }
        at = sorted(gains) or [0]
        gain = np.interp(np.arange(len(one)), at, [gains.get(each, _USUAL_GAIN) for each in at])
        expected: FloatArray = gain * one / self._probes
        return expected

    def _maps(self, shared: FloatArray, anchors: list[list[Anchor]]) -> TimelineMaps:
        made = {}
        channels = self._run.latent_shape[0]
        for place, own in enumerate(anchors):
            means, errors = carried(shared[place], own)
            leaned = tuple((self._steps[anchor.at], anchor.probes) for anchor in own)
            for at, step in enumerate(self._steps):
                request = self._requests[at][place]
                sigma = request.level.sigma
                found = request.finished(
                    sigma * means[at],
                    standard_error=sigma * errors[at],
                    paper=channels * means[at],
                    network_calls=int(self._calls[at]),
                    probes=int(self._probes_made[at]),
                    products=self._products,
                )
                provenance = replace(
                    found.provenance,
                    estimator=TIMELINE,
                    planned_probes=None,
                    probe_seed=self._seed,
                    carried_from=leaned,
                )
                made[request.kind.name, step] = replace(
                    found, seconds=float(self._seconds[at]), provenance=provenance
                )
        return made

    def _drawn_from(self, *what: object) -> int:
        """Return a seed of its own for every purpose; the same for the same `seed`."""
        words = f"{self._seed} {' '.join(map(str, what))}"
        return int(hashlib.sha256(words.encode()).hexdigest()[:15], 16)

    def _made(self, at: int, probes: int, began: float) -> None:
        self._probes_made[at] += probes
        self._calls[at] += self._networks + probes
        self._seconds[at] += time.perf_counter() - began

    def _counted(self, inner: Progress) -> None:
        done = int(self._calls.sum()) + inner.done
        self._progress(Progress(done, max(self._total, done + 1), _ACTIVITY))


def _tells_its_error(found: LocalizationMap, run: Trajectory, baseline: Baseline | None) -> bool:
    """Whether a map is one of this run, as it was estimated, with a standard error."""
    made, sampled = found.provenance, run.provenance
    kind = map_kind(found.kind)
    other = None if baseline is None else baseline.description.identity
    return (
        METHODS[kind.method].uses_probes
        and (made.model, made.prompt, made.seed) == (sampled.model, sampled.prompt, sampled.seed)
        and (kind.baseline != LESS_TRAINED or made.baseline == other)
        and made.smoothing is None
        and made.steps_averaged in (None, 1)
        and made.estimator != TIMELINE
        and found.standard_error is not None
        and bool(np.isfinite(found.standard_error).all())
    )
