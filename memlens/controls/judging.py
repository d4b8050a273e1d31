"""Judge a picture against its controls: `judge`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from memlens.controls.comparable import checked_kinds, why_run_differs
from memlens.controls.comparing import incomparable, verdict_of
from memlens.controls.controls import Controls
from memlens.controls.verdict import Verdict
from memlens.estimators.names import DEFAULT_ESTIMATOR, DEFAULT_PROBES
from memlens.progress import CancelToken, ProgressCallback

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline
    from memlens.sampling.trajectory import Trajectory

_WITH_BASELINE = ("cov_bad", "score_diff_bad")
_WITHOUT_BASELINE = ("cov", "score_diff")


def judge(
    run: Trajectory,
    controls: Controls,
    *,
    kinds: Iterable[str] | None = None,
    baseline: Baseline | None = None,
    step: int = -1,
    probes: int | None = None,
    estimator: str | None = None,
    seed: int = 0,
    probes_per_batch: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Verdict:
    """Make the maps of a picture and say what of them is beyond the controls.

    Where settings differ from the controls', the verdict is inconclusive and names the
    difference.

    Parameters
    ----------
    run
        From `memlens.sample`, with its model attached.
    controls
        From `memlens.load_controls` or `memlens.calibrate`.
    kinds
        Judged together, as one family; None takes both differences to the less-trained
        baseline where one is given, else both to ∅.
    baseline
        The less-trained one, for kinds that need it.
    step
        0..N−1, or −1 for the last.
    probes, estimator
        None takes the controls' own.
    seed, probes_per_batch, progress, cancel
        As for `memlens.localize_maps`.

    Raises
    ------
    SettingsError
        If there is no such step or kind, or a kind needs a less-trained baseline.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As `memlens.localize_maps`.
    """
    names = checked_kinds(default_kinds(baseline) if kinds is None else kinds, baseline)
    at = run.schedule.index(step)
    made = controls.settings
    height, width = run.image.shape[:2]
    from memlens.estimators.estimation import plan_probes
    from memlens.maps.joint_maps import localize_maps

    estimator = estimator or made.estimator or DEFAULT_ESTIMATOR
    wanted = (made.probes or DEFAULT_PROBES) if probes is None else probes
    plan = plan_probes(estimator, wanted, seed, run.latent_shape)
    estimate = plan.estimator, plan.count
    differs = why_run_differs(run, controls, names, baseline, at, estimate=estimate)
    if differs:
        return incomparable(differs, controls, names, at, (height, width))
    found = localize_maps(
        run,
        names,
        baseline=baseline,
        step=at,
        probes=plan.count,
        estimator=estimator,
        seed=seed,
        probes_per_batch=probes_per_batch,
        progress=progress,
        cancel=cancel,
    )
    return verdict_of(found.values(), controls, picture_size=(height, width))


def default_kinds(baseline: object | None) -> tuple[str, ...]:
    """Return the kinds that are judged where none are named."""
    return _WITHOUT_BASELINE if baseline is None else _WITH_BASELINE
