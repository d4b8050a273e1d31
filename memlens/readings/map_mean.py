"""Mean of a map over its coordinates, in canonical units."""

from __future__ import annotations

import numpy as np

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, METHODS, Cost
from memlens.readings.reading import Reading
from memlens.readings.request import ReadingRequest


def compute(request: ReadingRequest) -> Reading:
    """Make the map, or take it from those given, and read its mean; by default at the last step.

    A map that is free is read at every step.
    """
    run, kind = request.run, request.kind.map_kind
    step = run.schedule.index(-1 if request.step is None else request.step)
    if MAP_KINDS[kind].cost is Cost.FREE:
        made_from = METHODS[MAP_KINDS[kind].method].load().from_record
        found = [made_from(run.record(at)) for at in range(len(run.schedule))]
        means = np.array([mean_of(each)[0] for each in found])
        return request.finished(
            means[step], per_step=means, step=step, provenance=found[step].provenance
        )
    one, calls = request.map_at(kind, step)
    value, error = mean_of(one)
    return request.finished(
        value, standard_error=error, step=step, network_calls=calls, provenance=one.provenance
    )


def mean_of(found: LocalizationMap) -> tuple[float, float | None]:
    """Return a map's mean over coordinates, and its standard error where the map has one.

    Errors of two coordinates are correlated. With sign probes and a symmetric J the variance of
    the trace is twice the sum of the diagonal entries' own variances; entries of one place
    already share a part of that, so √(2 Σ SE²)/(H·W) is right or up to √2 too large.
    """
    value = float(found.values.mean(dtype=np.float64))
    if found.standard_error is None:
        return value, None
    squares = np.square(found.standard_error, dtype=np.float64).sum()
    return value, float(np.sqrt(2.0 * squares)) / found.values.size
