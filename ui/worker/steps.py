"""What the worker thread makes of a run's steps behind the scenes, a chunk at a time."""

from __future__ import annotations

import time

from memlens.methods.registry import METHODS, map_kind
from ui.jobs.context import JobContext
from ui.jobs.decode_thumbnails import ChunkDone, DecodeThumbnails, PictureDecoded
from ui.jobs.localize import MapRefined
from ui.jobs.make_free_maps import MakeFreeMaps
from ui.worker.open_engine import OpenEngine

_CHUNK_S = 0.15


def make_free_maps(request: MakeFreeMaps, context: JobContext, engine: OpenEngine) -> ChunkDone:
    """Make maps that can be read off the run."""
    trajectory = engine.runs[request.run]
    engine.prepare_torch()
    until = time.perf_counter() + _CHUNK_S
    for key in request.keys:
        context.cancel.check()
        made_from = METHODS[map_kind(key.kind).method].load().from_record
        found = made_from(trajectory.record(key.step))
        context.partial(MapRefined(key=key, map=found, complete=True), key)
        if time.perf_counter() > until:
            break
    return ChunkDone(run=request.run)


def decode_thumbnails(
    request: DecodeThumbnails, context: JobContext, engine: OpenEngine
) -> ChunkDone:
    """Decode x̂₀ at some steps."""
    trajectory, model = engine.runs[request.run], engine.the_model()
    from memlens.sampling.sample import decode_latent

    until = time.perf_counter() + _CHUNK_S
    for step in request.steps:
        context.cancel.check()
        picture = decode_latent(model, trajectory.record(step).x0_prediction)
        decoded = PictureDecoded(run=request.run, step=step, picture=picture)
        context.partial(decoded, ("picture", step))
        if time.perf_counter() > until:
            break
    return ChunkDone(run=request.run)
