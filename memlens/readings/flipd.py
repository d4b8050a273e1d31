"""FLIPD: the local intrinsic dimension at the sampled picture (Kamkari et al., NeurIPS 2024)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.maps.localize import localize
from memlens.models.finite_output import require_finite
from memlens.readings.map_mean import mean_of
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest
from memlens.sampling.sample import to_numpy

# Of the schedule's timesteps: noise that blurs pixels but leaves the manifold's shape.
DEFAULT_T0 = 0.3


def compute(request: ReadingRequest) -> Reading:
    """Estimate FLIPD(x₀, t₀) = D + σ²(tr ∇s_c(α x₀) + ‖s_c(α x₀)‖²), in dimensions.

    The definition for a transition kernel N(α x₀, σ² I), which both variance-preserving
    schedules and flows have; x₀ is the final latent, s_c the target's score without guidance
    and D = C·H·W. With s = −ε̂/σ and J = ∂ε̂/∂x it is D·(1 − mean of σ·diag J) + ‖ε̂_c‖²: the
    trace comes from a curvature map at α x₀, which costs one forward pass more than at x_t. It
    may be negative where the score is far from any density's.

    `step` chooses t₀; by default the one nearest to 0.3 of the schedule.
    """
    model, run = request.model(), request.run
    times = np.array([level.timestep for level in run.schedule.levels])
    nearest = int(np.argmin(np.abs(times - DEFAULT_T0 * times[0])))
    step = nearest if request.step is None else request.step
    level = run.schedule[step]
    at = (level.alpha * run.final_latent).astype(np.float32)[None]
    request.cancel.check()
    with torch.no_grad(), guarding_memory(model.denoiser.device, "one forward pass"):
        condition = model.encode_prompt(run.provenance.prompt, run.provenance.guidance_scale)
        x = torch.from_numpy(at).to(model.denoiser.device)
        eps = model.denoiser.eps(x, level, condition)
    require_finite(eps, what="noise", step=step, level=level, dtype=model.denoiser.dtype)
    length = float(np.square(to_numpy(eps), dtype=np.float64).sum())
    latents = run.x_t.copy()
    latents[step] = at[0]
    curvature = localize(
        replace(run, x_t=latents),
        "curvature",
        step=step,
        progress=request.progress,
        cancel=request.cancel,
        **request.estimation,
    )
    mean, error = mean_of(curvature)
    return request.finished(
        at.size * (1.0 - mean) + length,
        standard_error=None if error is None else at.size * error,
        step=step,
        network_calls=curvature.network_calls + 1,
        provenance=curvature.provenance,
    )
