"""Test a region that a person drew: its mean against the same mask on every control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memlens.controls import wording
from memlens.controls.cells import cell_grid, spread, weights_on_grid
from memlens.controls.comparable import checked_kinds, why_run_differs
from memlens.controls.controls import Controls
from memlens.controls.family import p_by_rank
from memlens.controls.verdict import FOUND
from memlens.errors import MaskError
from memlens.progress import CancelToken, ProgressCallback

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline
    from memlens.sampling.trajectory import Trajectory

_PROBES = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionTest:
    """A mask's mean of one map, against its controls.

    Attributes
    ----------
    mean, standard_error
        Of the map over the mask, canonical units; the error is 0 where nothing is estimated.
    p
        Of that mean, by rank among the controls' with the same mask (large means are unusual);
        NaN where picture and controls cannot be compared.
    network_calls
        Forward passes and vector products made for it.
    sentence
        For a person.
    inconclusive
        Why the answer cannot be told, as a clause; "" where it can.
    kind, step
        Which map.
    share
        Of the picture that the mask covers, 0..1.
    compared, controls
        What was ranked: the mean on the controls' coarse grid, and theirs, (N,).
    """

    mean: float
    standard_error: float
    p: float
    network_calls: int
    sentence: str
    inconclusive: str
    kind: str
    step: int
    share: float
    compared: float
    controls: NDArray[np.float64]


def test_region(
    run: Trajectory,
    controls: Controls,
    mask: NDArray[np.bool_],
    *,
    kind: str = "cov_bad",
    baseline: Baseline | None = None,
    step: int = -1,
    probes: int = _PROBES,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> RegionTest:
    """Tell a region's mean, and whether ordinary pictures have as large a one there.

    Curvatures take one to `probes` full ±1 probes: no more than it takes until two standard
    errors no longer change p.

    Parameters
    ----------
    run
        From `memlens.sample`, with its model attached.
    controls
        From `memlens.load_controls` or `memlens.calibrate`.
    mask
        At the picture's resolution, (height, width), boolean, not empty.
    kind
        Name in `memlens.methods.registry.MAP_KINDS`.
    baseline
        The less-trained one, for kinds that need it.
    step
        0..N−1, or −1 for the last.
    probes
        At most, 1 or more.
    seed
        Of the probes.
    progress, cancel
        Counted and checked per network call.

    Raises
    ------
    MaskError
        If the mask is empty or of another size.
    SettingsError
        If a setting is out of range, or `kind` needs a less-trained baseline.
    ModelError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As `memlens.localize`.
    """
    checked_kinds((kind,), baseline)
    drawn = _checked(mask, run.image.shape[:2])
    at = run.schedule.index(step)
    reason = why_run_differs(run, controls, (kind,), baseline, at)
    latent = run.latent_shape[1], run.latent_shape[2]
    grid = cell_grid(latent, controls.settings.cells)
    coarse = weights_on_grid(drawn, grid)
    theirs = np.zeros(0)
    if not reason:
        theirs = np.tensordot(controls.maps[kind, at].cells.astype(np.float64), coarse, axes=2)
    weights = np.stack([weights_on_grid(drawn, latent), spread(coarse, latent)])
    from memlens.estimators.region_mean import region_means_stream

    for found in region_means_stream(
        run,
        kind,
        weights,
        baseline=baseline,
        step=at,
        probes=probes,
        seed=seed,
        progress=progress,
        cancel=cancel,
    ):
        value, error = float(found.means[1]), float(found.standard_errors[1])
        if len(theirs) and p_by_rank(value - 2 * error, theirs) == p_by_rank(
            value + 2 * error, theirs
        ):
            break
    p = float("nan")
    if not reason:
        p = p_by_rank(value, theirs)
        low, high = p_by_rank(value + error, theirs), p_by_rank(value - error, theirs)
        changed = wording.within_error(low, high) if low <= FOUND < high else ""
        reason = wording.too_few(controls.count) or changed
    return RegionTest(
        mean=float(found.means[0]),
        standard_error=float(found.standard_errors[0]),
        p=p,
        network_calls=found.network_calls,
        sentence=_sentence(p, reason, value, theirs),
        inconclusive=reason,
        kind=kind,
        step=at,
        share=float(drawn.mean()),
        compared=value,
        controls=theirs,
    )


# pytest would take it for a test wherever it is imported.
test_region.__test__ = False  # type: ignore[attr-defined]


def _sentence(p: float, reason: str, value: float, theirs: NDArray[np.float64]) -> str:
    if reason:
        return wording.inconclusive_sentence(reason)
    words = wording.p_words(p, len(theirs))
    if p <= FOUND:
        beyond = wording.beyond_words(float(np.mean(theirs < value)), len(theirs))
        return f"This region's mean is {beyond} ({words})."
    return f"This region's mean is not beyond controls ({words})."


def _checked(mask: NDArray[np.bool_], size: tuple[int, ...]) -> NDArray[np.bool_]:
    drawn = np.asarray(mask)
    if drawn.dtype != np.bool_:
        raise MaskError(f"the mask holds {drawn.dtype}, not booleans.")
    if drawn.shape != size:
        raise MaskError(
            f"the mask is of shape {drawn.shape}, the picture is {size[1]}x{size[0]} pixels: "
            "draw or export it at the picture's size."
        )
    if not drawn.any():
        raise MaskError("the mask is empty: draw a region first.")
    return drawn
