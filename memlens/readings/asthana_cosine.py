"""Guidance cosine on pure noise: cos(ε̂_∅, ε̂_c − ε̂_∅) at x_T (Asthana & Belagiannis, ICLR 2026)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.methods.registry import UNCONDITIONAL
from memlens.methods.request import pair_eps
from memlens.models.finite_output import require_finite
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest
from memlens.sampling.sample import to_numpy

# Steps from the end whose level the network is told: the authors' choice, of 50 steps.
_FROM_END = 3


def compute(request: ReadingRequest) -> Reading:
    """Take one forward pass of batch 2: x_T, noise alone, at the level of a late step.

    The anisotropic part of their metric: the network is told that x_T is nearly clean, where
    log-probabilities are anisotropic, and no step need be walked. s = −ε̂/σ, and a cosine keeps
    its value when both vectors are scaled alike, so it is cos(s_∅, s_c − s_∅), −1..1, over all
    coordinates; 0 where either vanishes. (Their published code takes the mean over pixels of
    cosines over channels.) `step` chooses the level; by default the third from the end.
    """
    model, run = request.model(), request.run
    last = len(run.schedule) - 1
    step = max(0, last + 1 - _FROM_END) if request.step is None else request.step
    level = run.schedule[step]
    request.cancel.check()
    request.report(0, 1)
    denoiser = model.denoiser
    with torch.no_grad(), guarding_memory(denoiser.device, "one forward pass"):
        x = torch.from_numpy(np.array(run.x_t[0]))[None].to(denoiser.device)
        target, base = pair_eps(
            denoiser,
            x,
            level,
            model.encode_prompt(run.provenance.prompt, run.provenance.guidance_scale),
            model.encode_prompt("", run.provenance.guidance_scale),
        )
    for each in (target, base):
        require_finite(each, what="noise", step=step, level=level, dtype=denoiser.dtype)
    request.report(1, 1)
    unconditional = to_numpy(base).astype(np.float64).ravel()
    guidance = to_numpy(target).astype(np.float64).ravel() - unconditional
    lengths = np.linalg.norm(unconditional) * np.linalg.norm(guidance)
    return request.finished(
        float(unconditional @ guidance / lengths) if lengths > 0 else 0.0,
        step=step,
        network_calls=1,
        provenance=replace(request.at_step(step), baseline=UNCONDITIONAL),
    )
