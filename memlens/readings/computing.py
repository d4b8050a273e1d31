"""Read numbers off a trajectory: `reading` and `readings`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Unpack

from memlens.errors import MethodUnavailable, ModelError, SettingsError
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, Cost
from memlens.progress import CancelToken, ProgressCallback, ignore_progress
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS, reading_kind
from memlens.readings.request import ReadingRequest, began_from_noise
from memlens.sampling.trajectory import NO_LATENTS, Trajectory

if TYPE_CHECKING:
    from memlens.estimators.estimation import EstimationKeywords
    from memlens.models.denoiser import Baseline


def reading(
    run: Trajectory,
    key: str,
    *,
    step: int | None = None,
    baseline: Baseline | None = None,
    maps: Iterable[LocalizationMap] = (),
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> Reading:
    """Read one number off a run.

    Parameters
    ----------
    run
        From `memlens.sample` or a session; what is not free needs its model attached.
    key
        Key in `memlens.readings.registry.READINGS`, such as "wen".
    step
        0..N−1, −1 for the last, or None for the reading's own (the whole run, or the step that
        its paper uses).
    baseline
        A loaded less-trained baseline, for means of maps that subtract one.
    maps
        Maps of this run that are there already: they are read, not computed again.
    progress, cancel
        Counted and checked per network call.
    **estimation
        As for `memlens.localize`, where the reading is estimated.

    Raises
    ------
    SettingsError
        If there is no such reading or step, or a setting is out of range.
    ModelError
        If the latents were not kept, or it needs a model and none is attached.
    MethodUnavailable
        If the model cannot offer it.
    NumericalError
        If the network gives NaN or infinity.
    OutOfMemory
        If it does not fit.
    Cancelled
        Within one network call of the token being set.
    """
    kind = reading_kind(key)
    less_trained = kind.map_kind and MAP_KINDS[kind.map_kind].baseline == LESS_TRAINED
    if less_trained and baseline is None:
        raise SettingsError(f"{key} needs a less-trained baseline: give a loaded one.")
    request = ReadingRequest(
        run=run,
        kind=kind,
        step=None if step is None else run.schedule.index(step),
        maps=tuple(maps),
        baseline=baseline,
        estimation=dict(estimation),
        progress=progress or ignore_progress,
        cancel=cancel or CancelToken(),
    )
    request.cancel.check()
    if not run.keeps_latents:
        raise ModelError(NO_LATENTS)
    if kind.of_noise and not began_from_noise(run):
        raise MethodUnavailable("this is read on pure noise: the run did not begin from it.")
    found: Reading = kind.load().compute(request)
    return found


def readings(
    run: Trajectory,
    keys: Sequence[str] | None = None,
    *,
    step: int | None = None,
    baseline: Baseline | None = None,
    maps: Iterable[LocalizationMap] = (),
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    **estimation: Unpack[EstimationKeywords],
) -> dict[str, Reading]:
    """Read several numbers off a run, by key; None takes all that are free.

    Parameters and errors are those of `reading`.
    """
    if keys is None:
        keys = [key for key, kind in READINGS.items() if kind.cost is Cost.FREE]
        model = run.model
        # Without a model attached, what is kept decides.
        if model is not None:
            keys = [key for key in keys if not READINGS[key].unavailable(model)]
        elif not run.keeps_unconditional:
            keys = []
        if not began_from_noise(run):
            keys = [key for key in keys if not READINGS[key].of_noise]
    given = tuple(maps)
    return {
        key: reading(
            run,
            key,
            step=step,
            baseline=baseline,
            maps=given,
            progress=progress,
            cancel=cancel,
            **estimation,
        )
        for key in dict.fromkeys(keys)
    }
