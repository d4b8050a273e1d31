"""Length of the guidance on pure noise: ‖ε̂_c − ε̂_∅‖₂ at x_T (Asthana & Belagiannis, ICLR 2026)."""

from __future__ import annotations

import numpy as np

from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest


def compute(request: ReadingRequest) -> Reading:
    """Read the isotropic part of their metric off the trajectory's first step; no model needed.

    Over all coordinates, dimensionless. They add it to the cosine of `asthana_cosine` with
    weights that they tuned for each model (1 and 2 for SD 1.4, 1 and .1 for SD 2); here both
    parts stand for themselves.
    """
    run = request.run
    step = 0 if request.step is None else request.step
    record = run.record(step)
    difference = record.eps_target.astype(np.float64) - record.unconditional()
    return request.finished(
        float(np.linalg.norm(difference)), step=step, provenance=request.at_step(step)
    )
