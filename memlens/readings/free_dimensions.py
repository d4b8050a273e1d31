"""Free dimensions: the trace term of FLIPD at the stored x_t, Σ ρ_i."""

from __future__ import annotations

from memlens.readings.map_mean import mean_of
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest


def compute(request: ReadingRequest) -> Reading:
    """Read D + σ² tr ∇s_c at x_t off the curvature map; by default at the last step.

    ∇s = −J/σ, and the curvature map holds the mean over channels of σ·diag(J), so with
    D = C·H·W: D + σ² tr ∇s = D − σ tr J = D·(1 − mean of the map) = Σ ρ_i, the number of
    coordinates whose noise the posterior keeps. No ‖s‖² here: at a noisy x_t it would add back
    the pinned dimensions (on a flat manifold σ²‖s‖² is about their number).
    """
    run = request.run
    step = run.schedule.index(-1 if request.step is None else request.step)
    curvature, calls = request.map_at("curvature", step)
    channels, height, width = run.latent_shape
    dimensions = channels * height * width
    mean, error = mean_of(curvature)
    return request.finished(
        dimensions * (1.0 - mean),
        standard_error=None if error is None else dimensions * error,
        step=step,
        network_calls=calls,
        provenance=curvature.provenance,
    )
