"""Which baseline to subtract: ranked by what it does where the target pins, and on controls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.maps.joint_maps import localize_maps
from memlens.methods.registry import LESS_TRAINED, UNCONDITIONAL
from memlens.models.denoiser import Baseline, Model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import sample
from memlens.sampling.trajectory import Trajectory

# Of a map's coordinates, those that the target pins most.
_PINNED = 0.25
_KINDS = {UNCONDITIONAL: "cov", LESS_TRAINED: "cov_bad"}
# A baseline whose gap is this many standard errors above controls does something.
_CLEAR = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedBaseline:
    """One candidate.

    Attributes
    ----------
    name
        As it was named.
    refusal
        Why it does not fit; "" where it does, and numbers are NaN where it does not.
    gap
        Mean of Δh over the quarter of each prompt's picture that the target pins most: how much
        of the variance that is gone under the target is free under the baseline.
    control_gap
        The same on the controls.
    control_spread
        Standard deviation of Δh on the controls, over all coordinates: 0 is flat.
    separation
        (gap − control_gap) / control_spread, what ranks: how far above the controls' own noise
        the pinned places stand.
    standard_error
        Of `separation`, between prompts.
    """

    name: str
    refusal: str = ""
    gap: float = math.nan
    control_gap: float = math.nan
    control_spread: float = math.nan
    separation: float = math.nan
    standard_error: float = math.nan

    @property
    def fits(self) -> bool:
        """Whether it can be subtracted at all."""
        return not self.refusal

    @property
    def words(self) -> str:
        """What the numbers mean, in a sentence."""
        if not self.fits:
            return self.refusal
        if not self.separation > _CLEAR * self.standard_error:
            return "not underfitted where the target pins: it tells nothing here."
        return "underfitted where the target pins."


def rank_baselines(
    model: Model,
    candidates: Mapping[str, Baseline | str | None],
    prompts: Sequence[str],
    controls: Sequence[str],
    *,
    step: int = -1,
    sampling_steps: int = 50,
    guidance_scale: float | None = None,
    probes: int = 16,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> tuple[RankedBaseline, ...]:
    """Rank baselines of one model, best first; those that do not fit come last.

    A good one is underfitted where the target pins, and flat on pictures in which nothing is
    memorized: there target and baseline pin alike.

    Parameters
    ----------
    model
        The target.
    candidates
        By name: a loaded baseline, None for the unconditional ∅, or the reason for a refusal.
    prompts
        Suspected to be memorized.
    controls
        Believed not to be.
    step
        At which Δh is made, −1 for the last.
    sampling_steps, guidance_scale, probes, seed
        As for `memlens.sample` and `memlens.localize`; the n-th picture has seed `seed` + n.
    progress, cancel
        Counted in pictures; checked per network call.

    Raises
    ------
    SettingsError
        If there are no candidates, or fewer than two prompts or controls.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As sampling and localizing do.
    """
    if not candidates:
        raise SettingsError("no baselines are named: give at least one candidate.")
    if len(prompts) < 2 or len(controls) < 2:
        raise SettingsError("baselines are ranked on two prompts and two controls at least.")
    report, token = progress or ignore_progress, cancel or CancelToken()
    usable = {name: each for name, each in candidates.items() if not isinstance(each, str)}
    total, done = (len(prompts) + len(controls)), 0

    def measured(prompt: str) -> dict[str, _Measured]:
        nonlocal done
        report(Progress(done, total, "comparing baselines"))
        run = sample(
            model,
            prompt,
            seed=seed + done,
            steps=sampling_steps,
            guidance_scale=guidance_scale,
            cancel=token,
        )
        done += 1
        return _differences(run, usable, step=step, probes=probes, seed=seed, cancel=token)

    suspects = [measured(prompt) for prompt in prompts]
    ordinary = [measured(prompt) for prompt in controls]
    report(Progress(total, total, "comparing baselines"))
    ranked = [_ranked(name, suspects, ordinary) for name in usable]
    ranked.sort(key=lambda each: -each.separation)
    refused = [
        RankedBaseline(name=name, refusal=each)
        for name, each in candidates.items()
        if isinstance(each, str)
    ]
    return (*ranked, *refused)


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """Δh of one candidate on one picture, and where the target pins."""

    values: NDArray[np.float32]
    pinned: NDArray[np.bool_]

    @property
    def gap(self) -> float:
        return float(self.values[self.pinned].mean(dtype=np.float64))


def _differences(
    run: Trajectory,
    candidates: Mapping[str, Baseline | None],
    *,
    step: int,
    probes: int,
    seed: int,
    cancel: CancelToken,
) -> dict[str, _Measured]:
    made: dict[str, _Measured] = {}
    pinned: NDArray[np.bool_] | None = None
    for name, baseline in candidates.items():
        kind = _KINDS[UNCONDITIONAL if baseline is None else LESS_TRAINED]
        # The target's own curvature comes with its first difference, at no further product.
        kinds = (kind, "curvature") if pinned is None else (kind,)
        found = localize_maps(
            run, kinds, baseline=baseline, step=step, probes=probes, seed=seed, cancel=cancel
        )
        if pinned is None:
            target = found["curvature"].values
            pinned = target >= np.quantile(target, 1.0 - _PINNED)
        made[name] = _Measured(found[kind].values, pinned)
    return made


def _ranked(
    name: str,
    suspects: Sequence[Mapping[str, _Measured]],
    ordinary: Sequence[Mapping[str, _Measured]],
) -> RankedBaseline:
    gaps = np.array([each[name].gap for each in suspects])
    null = np.stack([each[name].values for each in ordinary]).astype(np.float64)
    control_gap = float(np.mean([each[name].gap for each in ordinary]))
    spread = max(float(null.std()), float(np.finfo(np.float32).tiny))
    return RankedBaseline(
        name=name,
        gap=float(gaps.mean()),
        control_gap=control_gap,
        control_spread=spread,
        separation=(float(gaps.mean()) - control_gap) / spread,
        standard_error=float(gaps.std(ddof=1)) / math.sqrt(len(gaps)) / spread,
    )
