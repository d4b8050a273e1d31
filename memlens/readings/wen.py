"""Length of the noise difference: mean over steps of ‖ε̂_c − ε̂_∅‖₂ (Wen et al., ICLR 2024)."""

from __future__ import annotations

import numpy as np

from memlens.errors import MethodUnavailable
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest
from memlens.sampling.trajectory import NO_UNCONDITIONAL


def compute(request: ReadingRequest) -> Reading:
    """Read ‖ε̂_c − ε̂_∅‖₂ over all coordinates off the trajectory, at every step; no model needed.

    Dimensionless. The value is the mean over all steps, or with `step` that of one step.
    """
    run = request.run
    if not run.keeps_unconditional:
        raise MethodUnavailable(NO_UNCONDITIONAL)
    difference = run.eps_target.astype(np.float64) - run.eps_unconditional
    lengths = np.sqrt((difference**2).sum(axis=(1, 2, 3)))
    if request.step is None:
        return request.finished(lengths.mean(), per_step=lengths, provenance=run.provenance)
    return request.finished(
        lengths[request.step],
        per_step=lengths,
        step=request.step,
        provenance=request.at_step(request.step),
    )
