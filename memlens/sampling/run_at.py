"""A run of one step, from a latent that is given: `run_at`."""

from __future__ import annotations

import time

import numpy as np
import torch
from numpy.typing import NDArray

from memlens.device import guarding_memory
from memlens.errors import SettingsError
from memlens.models.denoiser import Model
from memlens.models.finite_output import require_finite
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.guidance import Guidance
from memlens.sampling.noise import noise_name
from memlens.sampling.sample import check_scale, decode_latent, provenance_of, to_numpy
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import StepRecord, Trajectory


def run_at(
    model: Model,
    latent: NDArray[np.generic],
    *,
    prompt: str = "",
    step: int = -1,
    steps: int = 50,
    guidance_scale: float | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Trajectory:
    """Make a run of one step of a schedule, from a given x_t; everything localizes it.

    Its schedule has that step alone (index 0, or −1); its picture is the target's x̂₀ there.

    Parameters
    ----------
    model
        From `memlens.load_model`; latents of another size than its own are taken too.
    latent
        x_t, (C, H, W), in the coordinates of the network's input, α x₀ + σ ε.
    prompt
        "" for ∅.
    step
        Where in the schedule the latent stands, −1 for the last.
    steps
        Length of the schedule.
    guidance_scale
        An input of networks that have guidance embedded, noted for the others.
    progress, cancel
        One network call.

    Raises
    ------
    SettingsError
        If the latent is not numbers of the model's shape, or there is no such step.
    NumericalError
        If the network gives NaN or infinity.
    OutOfMemory
        If it does not fit.
    Cancelled
        Before the network call.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    check_scale(guidance_scale)
    x_t = _checked(model, latent)
    sized = model.sized((x_t.shape[1], x_t.shape[2]))
    schedule = sized.schedule(steps)
    index = schedule.index(step)
    report(Progress(0, 1, "predicting"))
    run = run_of_latents(
        sized,
        x_t[None],
        (schedule[index],),
        prompt=prompt,
        steps=steps,
        guidance_scale=guidance_scale,
        one_step=index,
        cancel=token,
    )
    report(Progress(1, 1, "predicting"))
    return run


def run_of_latents(
    model: Model,
    x_t: NDArray[np.float32],
    levels: tuple[NoiseLevel, ...],
    *,
    prompt: str,
    steps: int,
    guidance_scale: float | None,
    one_step: int | None = None,
    decoded: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None,
    cancel: CancelToken,
) -> Trajectory:
    """Make a run of latents, (N, C, H, W), one for each level, with one network call each.

    Its final latent is the target's x̂₀ at the last, unless `decoded` brings the clean latent and
    the picture.

    Raises
    ------
    NumericalError, OutOfMemory, Cancelled
        As `run_at`.
    """
    started = time.perf_counter()
    where = model.denoiser.device
    with guarding_memory(where, "the prompt"):
        guidance = Guidance(model, [prompt], guidance_scale)
    targets, unconditionals = np.empty_like(x_t), np.empty_like(x_t)
    with torch.no_grad(), guarding_memory(where, "one forward pass"):
        for step, level in enumerate(levels):
            cancel.check()
            said = guidance(torch.from_numpy(x_t[step : step + 1]).to(where), level)
            for eps, kept in ((said.target, targets), (said.unconditional, unconditionals)):
                if eps is not None:
                    dtype = model.denoiser.dtype
                    require_finite(eps, what="noise", step=step, level=level, dtype=dtype)
                    kept[step] = to_numpy(eps[0])
    provenance = provenance_of(
        model,
        prompt=prompt,
        truncated=bool(guidance.targets[0].truncated),
        seed=0,
        steps=steps,
        guidance_scale=guidance.scale,
        noise=noise_name(x_t[0]),
        one_step=one_step,
    )
    last = StepRecord(
        step=len(levels) - 1,
        level=levels[-1],
        x_t=x_t[-1],
        eps_target=targets[-1],
        eps_unconditional=None,
        provenance=provenance,
    )
    final, image = decoded or (last.x0_prediction, None)
    return Trajectory(
        schedule=Schedule(levels),
        x_t=x_t,
        eps_target=targets,
        eps_unconditional=unconditionals if guidance.has_unconditional else targets[:0],
        final_latent=final,
        image=decode_latent(model, final) if image is None else image,
        provenance=provenance,
        seconds=time.perf_counter() - started,
        model=model,
    )


def _checked(model: Model, latent: NDArray[np.generic]) -> NDArray[np.float32]:
    given = np.asarray(latent)
    if given.ndim == 4 and len(given) == 1:
        given = given[0]
    channels = model.description.latent_shape[0]
    if given.dtype.kind not in "fiu" or given.ndim != 3 or given.shape[0] != channels:
        raise SettingsError(
            f"the latent has shape {given.shape} and holds {given.dtype}: numbers of shape "
            f"({channels}, H, W) are needed."
        )
    if not np.isfinite(given).all():
        raise SettingsError("the latent holds NaN or infinity.")
    return np.array(given, np.float32)
