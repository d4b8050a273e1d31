"""Influence of each token on ‖ε̂_c − ε̂_∅‖₂ (Wen et al., ICLR 2024, token-wise significance)."""

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

END, AFTER = "end of text", "after the end"


def compute(request: ReadingRequest) -> Reading:
    """Take one forward pass of batch 2 and one gradient, by default at the first step.

    ‖∂‖ε̂_c − ε̂_∅‖₂/∂e_i‖₂ for the embedding e_i of every position that the network attends to.
    `per_token` holds the prompt's own tokens in their order, then the first end-of-text and, as
    one (root of the sum of squares), all positions after it; the start of the text is left out.
    The number is the largest of the prompt's own tokens, 0 without any.
    """
    model = request.model()
    step = 0 if request.step is None else request.step
    run, level = request.run, request.run.schedule[step]
    denoiser = for_products(model.denoiser)
    request.cancel.check()
    request.report(0, 2)
    with guarding_memory(denoiser.device, "one forward pass and its gradient"):
        scale = run.provenance.guidance_scale
        condition = model.encode_prompt(run.provenance.prompt, scale)
        unconditional = model.encode_prompt("", scale)
        x = torch.from_numpy(np.array(run.x_t[step]))[None].to(denoiser.device)
        with torch.enable_grad():
            embedding = condition.embedding.detach().float().requires_grad_(True)
            varied = replace(condition, embedding=embedding)
            target, base = pair_eps(denoiser, x, level, varied, unconditional)
            difference = target - base
            length = difference.double().norm()
        require_finite(difference, what="noise", step=step, level=level, dtype=denoiser.dtype)
        request.report(1, 2)
        request.cancel.check()
        (pulled,) = torch.autograd.grad(length, embedding)
    require_finite(pulled, what="gradient", step=step, level=level, dtype=denoiser.dtype)
    request.report(2, 2)
    norms = pulled[0].double().norm(dim=-1).cpu().numpy()
    end = condition.end_of_text
    words = model.token_texts(run.provenance.prompt)[1:end]
    own = tuple(zip(words, map(float, norms[1:end]), strict=True))
    rest = float(np.linalg.norm(norms[end + 1 :]))
    return request.finished(
        max((influence for _, influence in own), default=0.0),
        per_token=(*own, (END, float(norms[end])), (AFTER, rest)),
        step=step,
        network_calls=2,
        provenance=replace(
            request.at_step(step),
            baseline=UNCONDITIONAL,
            curvature_dtype=dtype_of_products(model.denoiser),
        ),
    )
