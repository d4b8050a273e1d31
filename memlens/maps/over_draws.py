"""Maps of a picture that exists: averaged over draws of noise, with the error between draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from memlens.maps.localization_map import LocalizationMap
from memlens.progress import Progress, ProgressCallback
from memlens.sampling.trajectory import Trajectory

Maps = Mapping[str, LocalizationMap]


def over_draws(
    run: Trajectory,
    stream: Callable[[Trajectory, ProgressCallback], Iterator[Maps]],
    report: ProgressCallback,
) -> Iterator[Maps]:
    """Yield what `stream` makes of a run; with several draws, the average after each of them.

    Parameters
    ----------
    run
        With or without other draws.
    stream
        Makes maps of one draw, by name, better and better.
    report
        Counted over all draws.
    """
    if not run.other_draws:
        yield from stream(run, report)
        return
    count = len(run.draws)
    done: dict[str, list[LocalizationMap]] = {}
    for index, draw in enumerate(run.draws):

        def counted(p: Progress, index: int = index) -> None:
            report(Progress(index * p.total + p.done, count * p.total, p.activity))

        made: dict[str, LocalizationMap] = {}
        for better in stream(draw, counted):
            made.update(better)
        for name, found in made.items():
            done.setdefault(name, []).append(found)
        yield {name: averaged(found) for name, found in done.items()}


def averaged(maps: Sequence[LocalizationMap]) -> LocalizationMap:
    """Average one map of several draws; the standard error is that of the mean between draws."""
    first = maps[0]
    if len(maps) == 1:
        return first
    values = np.stack([found.values for found in maps]).astype(np.float64)
    paper = np.stack([found.paper for found in maps]).astype(np.float64)
    error = values.std(axis=0, ddof=1) / np.sqrt(len(maps))
    return replace(
        first,
        values=values.mean(axis=0).astype(np.float32),
        paper=paper.mean(axis=0).astype(np.float32),
        standard_error=error.astype(np.float32),
        network_calls=sum(found.network_calls for found in maps),
        seconds=sum(found.seconds for found in maps),
        provenance=replace(first.provenance, draws=len(maps)),
    )
