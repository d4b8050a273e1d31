"""Carries out requests for readings; called in the worker thread only."""

from __future__ import annotations

import memlens
from memlens.sampling.trajectory import Trajectory
from ui.jobs.reading_requests import ComputeReading, ReadFree, ReadingsRead
from ui.jobs.runner import JobContext


def read_free(request: ReadFree, run: Trajectory, context: JobContext) -> ReadingsRead:
    """Read what costs no network call; no model is needed."""
    return ReadingsRead(
        rows=tuple(
            (
                key,
                memlens.reading(
                    run, key.key, step=key.step, maps=request.maps, cancel=context.cancel
                ),
            )
            for key in request.keys
        )
    )


def compute_reading(request: ComputeReading, run: Trajectory, context: JobContext) -> ReadingsRead:
    """Compute one reading."""
    found = memlens.reading(
        run,
        request.key.key,
        step=request.key.step,
        maps=request.maps,
        probes=request.probes,
        estimator=request.estimator,
        seed=request.probe_seed,
        probes_per_batch=request.probes_per_batch,
        progress=context.progress,
        cancel=context.cancel,
    )
    return ReadingsRead(rows=((request.key, found),))
