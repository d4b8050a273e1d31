"""What the worker thread does to compare maps with a mask."""

from __future__ import annotations

from memlens.evaluation.agreement import agreement_with_curve
from ui.jobs.context import JobContext
from ui.jobs.measure import Measure, Measured
from ui.worker.open_engine import OpenEngine


def measure(request: Measure, context: JobContext, engine: OpenEngine) -> Measured:
    """Compare maps with a mask, as they are shown."""
    rows = []
    for key, found in request.maps:
        context.cancel.check()
        shown = found.smoothed(request.smoothing)
        rows.append((key, found, *agreement_with_curve(shown, request.mask)))
    return Measured(token=request.token, smoothing=request.smoothing, rows=tuple(rows))
