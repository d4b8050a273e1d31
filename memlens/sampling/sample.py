"""Sample one trajectory: a DDIM walk with guidance that keeps what every map needs."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.device import guarding_memory
from memlens.errors import SettingsError
from memlens.models.denoiser import Model
from memlens.models.finite_output import require_finite
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.noise import CPU, Noise, check_noise, cuda_noise, noise_name
from memlens.sampling.provenance import Provenance
from memlens.sampling.seeds import check_seed
from memlens.sampling.trajectory import FloatArray, StepRecord, Trajectory


def sample(
    model: Model,
    prompt: str,
    *,
    seed: int = 0,
    steps: int = 50,
    guidance_scale: float | None = None,
    noise: Noise = CPU,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    on_step: Callable[[StepRecord], None] | None = None,
) -> Trajectory:
    """Sample one picture and keep x_t and ε̂ of target and ∅ at every step.

    ε̂ = ε̂_∅ + w (ε̂_c − ε̂_∅), both halves from one network call of batch 2, DDIM, η = 0, as in the
    official protocol; its x_T is that of `noise="cuda"`.

    Parameters
    ----------
    model
        From `memlens.load_model`.
    prompt
        Not empty; cut to the tokenizer's limit (`provenance.prompt_truncated` tells).
    seed
        Of x_T, 0 ≤ seed < 2⁶³.
    steps
        1 to the length of the training schedule.
    guidance_scale
        w; None takes the model's default.
    noise
        Where x_T is drawn: "cpu", float32 from a CPU generator; "cuda", as a CUDA device draws it
        in half precision, on any machine: so were the published pairs of seed and template
        (`memlens.evaluation.datasets.OFFICIAL_NOISE`); or x_T itself, (C, H, W) or (1, C, H, W),
        and then `seed` plays no part.
    progress, cancel
        Counted and checked per network call; one call a step.
    on_step
        Called with each step's record as soon as it is made, in the calling thread.

    Raises
    ------
    SettingsError
        If a setting is out of range.
    NumericalError
        If the network gives NaN or infinity.
    OutOfMemory
        If one step does not fit.
    Cancelled
        Within one network call of the token being set.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    if not prompt.strip():
        raise SettingsError("the prompt is empty: type what the picture should show.")
    check_seed(seed)
    check_noise(noise, model.denoiser.latent_shape)
    description = model.description
    weight = description.default_guidance_scale if guidance_scale is None else guidance_scale
    if not np.isfinite(weight):
        raise SettingsError(f"guidance scale {weight} is not a number.")
    schedule = model.schedule(steps)
    started = time.perf_counter()
    with guarding_memory(model.denoiser.device, "the prompt"):
        target, unconditional = model.encode_prompt(prompt), model.encode_prompt("")
    provenance = Provenance(
        model=description.identity,
        family=description.family,
        prediction_type=description.prediction_type,
        device=description.device,
        dtype=description.dtype,
        prompt=prompt,
        prompt_truncated=bool(target.truncated),
        seed=seed,
        steps=steps,
        guidance_scale=float(weight),
        noise=noise_name(noise),
        schedule_mended=description.schedule_mended,
    )
    embedding = torch.cat([unconditional.embedding, target.embedding])
    x = starting_latent(model, seed, noise)
    shape = (steps, *x.shape[1:])
    kept = [np.empty(shape, np.float32) for _ in range(3)]
    with torch.no_grad(), guarding_memory(model.denoiser.device, "sampling"):
        for step, level in enumerate(schedule.levels):
            token.check()
            report(Progress(step, steps, "sampling"))
            eps = model.denoiser.eps(x.expand(2, -1, -1, -1), level, embedding)
            require_finite(eps, what="noise", step=step, level=level, dtype=model.denoiser.dtype)
            for array, values in zip(kept, (x[0], eps[1], eps[0]), strict=True):
                array[step] = to_numpy(values)
            if on_step is not None:
                on_step(
                    StepRecord(
                        step=step,
                        level=level,
                        x_t=kept[0][step],
                        eps_target=kept[1][step],
                        eps_unconditional=kept[2][step],
                        provenance=provenance,
                    )
                )
            x = model.ddim_step(x, eps[:1] + weight * (eps[1:] - eps[:1]), step, schedule)
        token.check()
        require_finite(
            x,
            what="final latent",
            step=steps - 1,
            level=schedule[-1],
            dtype=model.denoiser.dtype,
        )
        image = model.decode(x)
    report(Progress(steps, steps, "sampling"))
    return Trajectory(
        schedule=schedule,
        x_t=kept[0],
        eps_target=kept[1],
        eps_unconditional=kept[2],
        final_latent=to_numpy(x[0]),
        image=image,
        provenance=provenance,
        seconds=time.perf_counter() - started,
        model=model,
    )


def starting_latent(model: Model, seed: int, noise: Noise) -> Tensor:
    """Return x_T of a run, (1, C, H, W), float32 on the model's device."""
    if isinstance(noise, str) and noise == CPU:
        return model.initial_latent(seed)
    shape = (1, *model.denoiser.latent_shape)
    given = cuda_noise(seed, shape) if isinstance(noise, str) else noise.reshape(shape)
    return torch.from_numpy(np.array(given, np.float32)).to(model.denoiser.device)


def decode_latent(model: Model, latent: FloatArray) -> NDArray[np.uint8]:
    """Decode one latent, (C, H, W), into a picture, (height, width, 3)."""
    return model.decode(torch.from_numpy(np.array(latent, np.float32))[None])


def to_numpy(values: Tensor) -> FloatArray:
    """Copy a tensor to a float32 array on the CPU."""
    return values.detach().to("cpu", torch.float32).numpy()
