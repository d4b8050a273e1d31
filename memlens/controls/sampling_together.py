"""Sample several prompts in the same network calls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.models.denoiser import Model
from memlens.models.finite_output import require_finite
from memlens.progress import CancelToken, Progress, ProgressCallback
from memlens.sampling.guidance import Guidance
from memlens.sampling.noise import CPU
from memlens.sampling.sample import provenance_of, starting_latent, to_numpy
from memlens.sampling.trajectory import Trajectory


def sample_together(
    model: Model,
    prompts: Sequence[str],
    seeds: Sequence[int],
    *,
    steps: int,
    guidance_scale: float,
    noise: str = CPU,
    decoded: bool = False,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> tuple[Trajectory, ...]:
    """Walk as `memlens.sample` does, up to the rounding of a network evaluated in another batch.

    A batch uses a processor better than pictures one by one; controls need latents alone, so
    the pictures stay black unless they are to be `decoded`.

    Raises
    ------
    SettingsError, NumericalError, OutOfMemory, Cancelled
        As `memlens.sample`; cancelled within one network call.
    """
    description, count = model.description, len(prompts)
    walk = model.walk(steps)
    schedule = walk.schedule
    with guarding_memory(model.denoiser.device, "the prompts"):
        guidance = Guidance(model, prompts, guidance_scale)
    x = torch.cat([starting_latent(model, seed, noise) for seed in seeds])
    arrays = 2 + guidance.has_unconditional
    kept = [np.empty((count, steps, *x.shape[1:]), np.float32) for _ in range(arrays)]
    with torch.no_grad(), guarding_memory(model.denoiser.device, "sampling"):
        for step, level in enumerate(schedule.levels):
            cancel.check()
            progress(Progress(step, steps, "sampling"))
            said = guidance(x, level)
            told = [x, said.target, *([] if said.unconditional is None else [said.unconditional])]
            for array, values in zip(kept, told, strict=True):
                require_finite(
                    values, what="noise", step=step, level=level, dtype=model.denoiser.dtype
                )
                array[:, step] = to_numpy(values)
            x = walk.move(x, said.guided, step)
    dtype = model.denoiser.dtype
    require_finite(x, what="final latent", step=steps - 1, level=schedule[-1], dtype=dtype)
    progress(Progress(steps, steps, "sampling"))
    final = to_numpy(x)
    black = np.zeros((*description.picture_size, 3), np.uint8)
    with torch.no_grad(), guarding_memory(model.denoiser.device, "the pictures"):
        images = [model.decode(x[at : at + 1]) if decoded else black for at in range(count)]
    return tuple(
        Trajectory(
            schedule=schedule,
            x_t=kept[0][index],
            eps_target=kept[1][index],
            eps_unconditional=kept[2][index] if arrays == 3 else kept[1][index][:0],
            final_latent=final[index],
            image=images[index],
            provenance=provenance_of(
                model,
                prompt=prompts[index],
                truncated=bool(guidance.targets[index].truncated),
                seed=seeds[index],
                steps=steps,
                guidance_scale=guidance.scale,
                noise=noise,
            ),
            model=model,
        )
        for index in range(count)
    )
