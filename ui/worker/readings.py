"""Carries out requests for readings; called in the worker thread only."""

from __future__ import annotations

import memlens
from ui.jobs.compute_reading import ComputeReading
from ui.jobs.context import JobContext
from ui.jobs.read_free import ReadFree, ReadingsRead
from ui.worker.open_engine import OpenEngine


def read_free(request: ReadFree, context: JobContext, engine: OpenEngine) -> ReadingsRead:
    """Read what costs no network call; no model is needed."""
    run = engine.runs[request.keys[0].run]
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


def compute_reading(
    request: ComputeReading, context: JobContext, engine: OpenEngine
) -> ReadingsRead:
    """Compute one reading."""
    found = memlens.reading(
        engine.runs[request.key.run],
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
