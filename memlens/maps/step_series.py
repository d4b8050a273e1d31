"""One map per step of a trajectory: `localize_steps`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Unpack

from memlens.estimators.estimation import EstimationKeywords
from memlens.maps.localization_map import LocalizationMap
from memlens.maps.localize import BaselineChoice, localize
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.trajectory import Trajectory


def localize_steps(
    run: Trajectory,
    method: str,
    *,
    steps: Iterable[int] | None = None,
    baseline: BaselineChoice = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> Iterator[LocalizationMap]:
    """Yield the finished map of one step after the other, from the stored x_t.

    The sampling is not repeated. Score differences to ∅ and guidance cosines cost nothing; a
    score difference to a less-trained baseline takes one forward pass a step, once for each
    baseline and step of a trajectory.

    Parameters
    ----------
    steps
        In this order; None means all. −1 is the last.
    progress
        Counted in network calls, all steps together.
    run, method, baseline, cancel, **estimation
        As for `memlens.localize`, and so are the errors.
    """
    wanted = [
        run.schedule.index(step) for step in (range(len(run.schedule)) if steps is None else steps)
    ]
    report = progress or ignore_progress

    def maps() -> Iterator[LocalizationMap]:
        for place, step in enumerate(wanted):

            def counted(p: Progress, place: int = place) -> None:
                report(Progress(place * p.total + p.done, len(wanted) * p.total, p.activity))

            yield localize(
                run,
                method,
                baseline=baseline,
                step=step,
                progress=counted,
                cancel=cancel,
                **estimation,
            )

    return maps()
