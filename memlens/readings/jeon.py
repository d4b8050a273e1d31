"""Sharpness along the score difference: ‖(H_c − H_∅)(s_c − s_∅)‖₂ (Jeon et al., ICML 2025)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.methods.registry import UNCONDITIONAL
from memlens.methods.request import pair_eps
from memlens.models.finite_output import require_finite
from memlens.models.precision import dtype_of_products, for_products
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest


def compute(request: ReadingRequest) -> Reading:
    """Take one forward pass of batch 2 and one vector product, by default at the first step.

    s = −ε̂/σ and H = −J/σ, so it is ‖ΔJ Δε̂‖₂/σ² with Δε̂ = ε̂_c − ε̂_∅ and ΔJ its Jacobian. The
    product taken is ΔJᵀΔε̂: a Hessian is symmetric, and so is a network's Jacobian as far as
    its output is a score. Over all coordinates; the norm, not its square; in the paper's units,
    (latent unit)⁻³.
    """
    model = request.model()
    step = 0 if request.step is None else request.step
    run, level = request.run, request.run.schedule[step]
    denoiser = for_products(model.denoiser)
    request.report(0, 2)
    with guarding_memory(denoiser.device, "one forward pass and its gradient"):
        scale = run.provenance.guidance_scale
        condition = model.encode_prompt(run.provenance.prompt, scale)
        unconditional = model.encode_prompt("", scale)
        with torch.enable_grad():
            x = torch.from_numpy(np.array(run.x_t[step]))[None].to(denoiser.device)
            x.requires_grad_(True)
            target, base = pair_eps(denoiser, x, level, condition, unconditional)
            difference = target - base
        require_finite(difference, what="noise", step=step, level=level, dtype=denoiser.dtype)
        request.report(1, 2)
        request.cancel.check()
        (pulled,) = torch.autograd.grad(difference, x, difference.detach())
    require_finite(pulled, what="vector product", step=step, level=level, dtype=denoiser.dtype)
    request.report(2, 2)
    return request.finished(
        float(pulled.double().norm()) / level.sigma**2,
        step=step,
        network_calls=2,
        provenance=replace(
            request.at_step(step),
            baseline=UNCONDITIONAL,
            curvature_dtype=dtype_of_products(model.denoiser),
        ),
    )
