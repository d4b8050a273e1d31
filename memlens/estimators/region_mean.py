"""A map's mean over a region, with its standard error, from one to a few full ±1 probes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memlens.estimators.estimation import Estimation
from memlens.estimators.names import AUTO, HUTCHINSON
from memlens.maps.localize import BaselineChoice, map_requests
from memlens.methods.curvature import networks_of
from memlens.methods.registry import LESS_TRAINED, map_kind, method
from memlens.methods.request import MapRequest
from memlens.models.finite_output import require_finite
from memlens.products.network import TARGET
from memlens.products.vector_products import VectorProducts
from memlens.progress import CancelToken, ProgressCallback, ignore_progress
from memlens.sampling.trajectory import Trajectory

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline

DEFAULT_REGION_PROBES = 4


@dataclass(frozen=True, slots=True, eq=False)
class RegionMeans:
    """Weighted means of one map.

    Attributes
    ----------
    means
        Canonical, one for each row of weights, (R,).
    standard_errors
        Of `means`, (R,); 0 where nothing is estimated.
    probes
        So far; 0 where nothing is estimated.
    network_calls
        Forward passes and vector products so far, beyond the trajectory.
    """

    means: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    probes: int
    network_calls: int


def region_means_stream(
    run: Trajectory,
    kind: str,
    weights: NDArray[np.float64],
    *,
    baseline: Baseline | None = None,
    step: int = -1,
    probes: int = DEFAULT_REGION_PROBES,
    seed: int = 0,
    products: str = AUTO,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[RegionMeans]:
    """Yield weighted means of a map after every probe, better and better.

    For curvatures, σ Σ w ⊙ v ⊙ Jᵀv with J the difference of target and baseline and v = ±1
    over all coordinates: unbiased, and since neighbours' errors cancel in the sum, one probe
    tells a region's mean where it tells next to nothing of one coordinate. With a symmetric J
    its variance is at most 2 Σ w_j² (Σ_i J_ij² − J_jj²): Σ_i J_ij² is what (Jᵀv)_j² is on
    average, so that one probe tells its own standard error; J_jj² comes from pairs of probes,
    and from the region's mean while there is one alone.

    Parameters
    ----------
    kind
        Name in `memlens.methods.registry.MAP_KINDS`; other kinds than curvatures are made
        whole, once, and have no error.
    weights
        (R, H, W) on the latent grid; each row adds up to 1.
    probes
        At most.
    run, baseline, step, seed, products, progress, cancel
        As for `memlens.localize_stream`, and so are the errors.
    """
    chosen = map_kind(kind)
    less_trained: BaselineChoice = baseline if chosen.baseline == LESS_TRAINED else None
    (request,) = map_requests(
        run,
        chosen.method,
        baseline=less_trained,
        step=step,
        estimation=Estimation(
            probes=probes, estimator=HUTCHINSON, seed=seed, products=products, probes_per_batch=1
        ),
        progress=progress or ignore_progress,
        cancel=cancel or CancelToken(),
    )
    return _whole(request, weights) if request.plan is None else _estimated(request, weights)


def _whole(request: MapRequest, weights: NDArray[np.float64]) -> Iterator[RegionMeans]:
    *_, found = method(request.kind.method).load().compute(request)
    means = np.tensordot(weights, found.values.astype(np.float64), axes=2)
    yield RegionMeans(means, np.zeros(len(weights)), 0, found.network_calls)


def _estimated(request: MapRequest, weights: NDArray[np.float64]) -> Iterator[RegionMeans]:
    plan = request.plan
    assert plan is not None
    networks = networks_of((request,))
    total = len(networks) + plan.count
    request.report(0, total)
    multiply = VectorProducts(
        networks, request.x_t(), kind=request.products, batch=1, cancel=request.cancel
    )
    request.report(len(networks), total)
    # The map is σ times the mean over channels.
    scaled = weights[:, None] * (request.level.sigma / plan.shape[0])
    squares = np.zeros(plan.shape)
    entries, entries_squared = np.zeros(plan.shape), np.zeros(plan.shape)
    for count in range(1, plan.count + 1):
        probe = plan.draw(count - 1, count)
        made = multiply(probe)
        product = made[TARGET]
        if request.kind.baseline is not None:
            product = product - made[request.kind.baseline]
        require_finite(product, what="vector product", step=request.step, level=request.level)
        pulled = product[0].to("cpu").double().numpy()
        own = probe[0].double().numpy() * pulled
        squares += pulled**2
        entries += own
        entries_squared += own**2
        request.report(len(networks) + count, total)
        means = (scaled * (entries / count)).sum(axis=(1, 2, 3))
        if count == 1:
            diagonal = (means / request.level.sigma)[:, None, None, None] ** 2
        else:
            diagonal = ((entries**2 - entries_squared) / (count * (count - 1)))[None]
        variance = 2.0 * (scaled**2 * (squares / count - diagonal)).sum(axis=(1, 2, 3)) / count
        errors = np.sqrt(np.maximum(variance, 0.0))
        yield RegionMeans(means, errors, count, len(networks) + count)
