"""Sample several prompts in the same network calls; their pictures are not decoded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from memlens.device import guarding_memory
from memlens.models.denoiser import Model
from memlens.models.finite_output import require_finite
from memlens.progress import CancelToken, Progress, ProgressCallback
from memlens.sampling.noise import CPU
from memlens.sampling.provenance import Provenance
from memlens.sampling.sample import starting_latent, to_numpy
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
    schedule = model.schedule(steps)
    with guarding_memory(model.denoiser.device, "the prompts"):
        targets = [model.encode_prompt(prompt) for prompt in prompts]
        unconditional = model.encode_prompt("")
    embedding = torch.cat(
        [unconditional.embedding.expand(count, -1, -1), *(each.embedding for each in targets)]
    )
    x = torch.cat([starting_latent(model, seed, noise) for seed in seeds])
    kept = [np.empty((count, steps, *x.shape[1:]), np.float32) for _ in range(3)]
    with torch.no_grad(), guarding_memory(model.denoiser.device, "sampling"):
        for step, level in enumerate(schedule.levels):
            cancel.check()
            progress(Progress(step, steps, "sampling"))
            eps = model.denoiser.eps(torch.cat([x, x]), level, embedding)
            require_finite(eps, what="noise", step=step, level=level, dtype=model.denoiser.dtype)
            base, target = eps.chunk(2)
            for array, values in zip(kept, (x, target, base), strict=True):
                array[:, step] = to_numpy(values)
            x = model.ddim_step(x, base + guidance_scale * (target - base), step, schedule)
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
            eps_unconditional=kept[2][index],
            final_latent=final[index],
            image=images[index],
            provenance=Provenance(
                model=description.identity,
                family=description.family,
                prediction_type=description.prediction_type,
                device=description.device,
                dtype=description.dtype,
                prompt=prompts[index],
                prompt_truncated=bool(targets[index].truncated),
                seed=seeds[index],
                steps=steps,
                guidance_scale=guidance_scale,
                noise=noise,
                schedule_mended=description.schedule_mended,
            ),
            model=model,
        )
        for index in range(count)
    )
