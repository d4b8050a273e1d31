"""Curvature difference: ρ_base − ρ_c = σ·diag(J_c − J_base), Δh_∅ and Δh_θ̃."""

from __future__ import annotations

from collections.abc import Iterator

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.curvature import SharedCurvature
from memlens.methods.request import MapRequest


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield Δh after every batch of probes (Kim & Lee 2026, Eq. 1 for ∅, Eq. 2 for θ̃).

    Target and baseline share the probes, so that what their estimates have in common cancels.
    """
    for (found,) in SharedCurvature((request,)).stream():
        yield found
