"""Curvature: diag(−H_c) = diag(J_c)/σ, in canonical units 1 − ρ_c = σ·diag(J_c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from memlens.diagonal import stream
from memlens.errors import SettingsError
from memlens.finite import require_finite
from memlens.maps import LocalizationMap
from memlens.methods.request import MapRequest
from memlens.models.precision import for_products
from memlens.products import VectorProducts


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield the target's curvature after every batch of probes (Kim & Lee 2026, Prop. 4.1)."""
    condition = request.target_condition()
    level, denoiser = request.level, for_products(request.model.denoiser)
    return curvature_of(
        request, lambda x: denoiser.eps(x, level, condition.embedding), forward_calls=1
    )


def curvature_of(
    request: MapRequest, eps: Callable[[Tensor], Tensor], *, forward_calls: int
) -> Iterator[LocalizationMap]:
    """Yield σ·diag(J) of an ε̂-valued map at the request's latent.

    Parameters
    ----------
    request
        Its plan says which probes.
    eps
        x, (1, C, H, W), to ε̂ or to a difference of two ε̂.
    forward_calls
        Network calls that one evaluation of `eps` makes.
    """
    plan = request.plan
    if plan is None:
        raise SettingsError(f"{request.kind.label} needs probes.")
    total = forward_calls + plan.count
    request.report(0, total)
    products = VectorProducts(
        eps, request.x_t(), batch=request.probes_per_batch, cancel=request.cancel
    )
    require_finite(products.value, what="noise", step=request.step, level=request.level)
    request.report(forward_calls, total)
    sigma, channels = request.level.sigma, plan.shape[0]
    for estimate in stream(plan, products, lambda: products.batch):
        require_finite(
            torch.from_numpy(estimate.mean),
            what="vector product",
            step=request.step,
            level=request.level,
        )
        request.report(forward_calls + estimate.products, total)
        yield request.finished(
            sigma * estimate.mean,
            standard_error=sigma * estimate.standard_error,
            paper=estimate.mean * channels,
            network_calls=forward_calls + estimate.products,
            probes=estimate.products,
        )
