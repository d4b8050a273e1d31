"""Curvature difference: ρ_base − ρ_c = σ·diag(J_c − J_base), Δh_∅ and Δh_θ̃."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from memlens.maps import LocalizationMap
from memlens.methods.curvature import curvature_of
from memlens.methods.request import MapRequest, pair_eps
from memlens.models.precision import for_products


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield Δh after every batch of probes (Kim & Lee 2026, Eq. 1 for ∅, Eq. 2 for θ̃).

    The difference is taken inside one product, so that target and baseline share the probes.
    """
    condition = request.target_condition()
    level, baseline = request.level, request.baseline
    denoiser = for_products(request.model.denoiser)

    if baseline is None:
        unconditional = request.model.encode_prompt("")

        def against_unconditional(x: Tensor) -> Tensor:
            target_eps, base_eps = pair_eps(denoiser, x, level, condition, unconditional)
            return target_eps - base_eps

        return curvature_of(request, against_unconditional, forward_calls=1)

    early, early_condition = (
        for_products(baseline.denoiser),
        baseline.encoder(request.run.provenance.prompt),
    )

    def against_less_trained(x: Tensor) -> Tensor:
        target_eps = denoiser.eps(x, level, condition.embedding)
        return target_eps - early.eps(x, level, early_condition.embedding)

    return curvature_of(request, against_less_trained, forward_calls=2)
