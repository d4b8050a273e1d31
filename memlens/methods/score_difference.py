"""Score difference: σ²·(s_c − s_base)² = (ε̂_c − ε̂_base)², Δs_∅ and Δs_θ̃."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, UNCONDITIONAL
from memlens.methods.request import MapRequest, at_step
from memlens.models.denoiser import Baseline
from memlens.models.finite_output import require_finite
from memlens.sampling.sample import to_numpy
from memlens.sampling.trajectory import FloatArray, StepRecord


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield Δs once (Kim & Lee 2026, Eq. 5 for ∅, Eq. 6 for θ̃).

    Against ∅ nothing is computed anew; against a less-trained checkpoint, one forward pass, and
    none where the trajectory keeps that checkpoint's ε̂ already.
    """
    record, calls = request.record, 0
    if request.baseline is None:
        baseline_eps = record.unconditional()
    else:
        denoiser, run = request.baseline.denoiser, request.run
        kept = run.baseline_noise.get(denoiser, run.x_t, request.step)
        if kept is None:
            kept, calls = _predicted(request, request.baseline), 1
            run.baseline_noise.keep(denoiser, run.x_t, request.step, kept)
        baseline_eps = kept
    request.report(1, 1)
    values = squared_difference(record.eps_target, baseline_eps)
    yield request.finished(values, paper=_paper(values, record), network_calls=calls)


def _predicted(request: MapRequest, baseline: Baseline) -> FloatArray:
    request.cancel.check()
    request.report(0, 1)
    device = baseline.denoiser.device
    with torch.no_grad(), guarding_memory(device, "one forward pass"):
        condition = baseline.encoder(request.run.provenance.prompt, request.guidance_scale)
        eps = baseline.denoiser.eps(request.x_t(), request.level, condition)
    require_finite(
        eps,
        what="baseline's noise",
        step=request.step,
        level=request.level,
        dtype=baseline.denoiser.dtype,
    )
    return to_numpy(eps[0])


def from_record(record: StepRecord) -> LocalizationMap:
    """Make Δs_∅ of a step as soon as it is sampled, before there is a trajectory.

    Parameters
    ----------
    record
        From ``on_step`` of `memlens.sample`.
    """
    kind = MAP_KINDS["score_diff"]
    values = squared_difference(record.eps_target, record.unconditional())
    return LocalizationMap(
        kind=kind.name,
        values=values,
        standard_error=None,
        paper=_paper(values, record),
        network_calls=0,
        seconds=0.0,
        provenance=at_step(
            record.provenance, kind, record.step, record.level, baseline=UNCONDITIONAL
        ),
    )


def squared_difference(eps_target: FloatArray, eps_baseline: FloatArray) -> FloatArray:
    """Mean over channels of (ε̂_c − ε̂_base)², (C, H, W) each, to (H, W)."""
    difference = eps_target.astype(np.float64) - eps_baseline
    values: FloatArray = (difference**2).mean(axis=0).astype(np.float32)
    return values


def _paper(values: FloatArray, record: StepRecord) -> FloatArray:
    return (values * (len(record.eps_target) / record.level.sigma**2)).astype(np.float32)
