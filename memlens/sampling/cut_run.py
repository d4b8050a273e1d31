"""A run cancelled before its end: the trajectory as far as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from memlens.models.denoiser import Model
from memlens.sampling.schedule import Schedule
from memlens.sampling.trajectory import FloatArray, StepRecord, Trajectory


def cut_run(
    records: Sequence[StepRecord], *, model: Model, image: NDArray[np.uint8], seconds: float
) -> Trajectory:
    """Make a trajectory of the steps that a cancelled run reached; no network call is made.

    The schedule ends where the run did, `provenance.steps_reached` says so, and the final
    latent is the target's x̂₀ there. Every map of a reached step is the one that the whole run
    would give.

    Parameters
    ----------
    records
        Of steps 0, 1, …, at least one.
    model
        That samples them.
    image
        The picture last decoded, (height, width, 3).
    seconds
        Wall time so far.
    """
    last = records[-1]
    return Trajectory(
        schedule=Schedule(tuple(record.level for record in records)),
        x_t=np.stack([record.x_t for record in records]),
        eps_target=np.stack([record.eps_target for record in records]),
        eps_unconditional=_stacked([record.eps_unconditional for record in records], last.x_t),
        final_latent=last.x0_prediction,
        image=image,
        provenance=replace(last.provenance, steps_reached=len(records)),
        seconds=seconds,
        model=model,
    )


def _stacked(each: Sequence[FloatArray | None], like: FloatArray) -> FloatArray:
    kept = [values for values in each if values is not None]
    return np.stack(kept) if len(kept) == len(each) else np.empty((0, *like.shape), np.float32)
