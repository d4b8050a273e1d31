"""Guidance cosine: the angle between the unconditional score and the guidance, per pixel.

A per-pixel map after Asthana & Belagiannis (ICLR 2026), whose own reading is global: one
number for the whole latent.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from memlens.methods.request import MapRequest, at_step
from memlens.sampling.trajectory import FloatArray, StepRecord


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield cos(s_∅, s_c − s_∅) over channels once, a per-pixel map after Asthana & Belagiannis.

    Theirs (ICLR 2026) is global, one number for the whole latent.
    Read off the trajectory: s = −ε̂/σ, and a cosine keeps its value when both vectors are
    scaled by the same −1/σ, so it is cos(ε̂_∅, ε̂_c − ε̂_∅), sign included. −1..1 in every unit:
    1 where guidance pushes the way that the unconditional score already points.
    """
    values = cosine(request.record)
    request.report(1, 1)
    yield request.finished(values, paper=values, network_calls=0)


def from_record(record: StepRecord) -> LocalizationMap:
    """Make the map of a step as soon as it is sampled, before there is a trajectory."""
    kind = MAP_KINDS["guidance_cosine"]
    values = cosine(record)
    return LocalizationMap(
        kind=kind.name,
        values=values,
        standard_error=None,
        paper=values,
        network_calls=0,
        seconds=0.0,
        provenance=at_step(record.provenance, kind, record.step, record.level, baseline=None),
    )


def cosine(record: StepRecord) -> FloatArray:
    """Cosine over channels of ε̂_∅ and ε̂_c − ε̂_∅, (H, W); 0 where either vanishes."""
    base = record.unconditional().astype(np.float64)
    guidance = record.eps_target - base
    product = (base * guidance).sum(axis=0)
    lengths = np.linalg.norm(base, axis=0) * np.linalg.norm(guidance, axis=0)
    share = np.divide(product, lengths, out=np.zeros_like(product), where=lengths > 0)
    values: FloatArray = np.clip(share, -1.0, 1.0).astype(np.float32)
    return values
