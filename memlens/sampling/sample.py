"""Sample one trajectory: a deterministic walk with guidance that keeps what every map needs."""

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
from memlens.models.description import CLASS, NOTHING
from memlens.models.finite_output import require_finite
from memlens.models.sizes import resized
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.guidance import Guidance
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
    size: tuple[int, int] | None = None,
    noise: Noise = CPU,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    on_step: Callable[[StepRecord], None] | None = None,
) -> Trajectory:
    """Sample one picture and keep x_t and ε̂ of target and ∅ at every step.

    ε̂ = ε̂_∅ + w (ε̂_c − ε̂_∅), both halves from one network call of batch 2. Stable Diffusion is
    walked by DDIM, η = 0, as in the official protocol, whose x_T is that of `noise="cuda"`; other
    families by their pipeline's own sampler where it adds no noise, by DDIM where it does. x_t is
    always the network's input, α x₀ + σ ε.

    Parameters
    ----------
    model
        From `memlens.load_model`.
    prompt
        Not empty; cut to the tokenizer's limit (`provenance.prompt_truncated` tells). A class's
        number or label for a model of classes; empty for a model without condition.
    seed
        Of x_T, 0 ≤ seed < 2⁶³.
    steps
        1 to the length of the training schedule.
    guidance_scale
        w; None takes the model's default. An input of the network where guidance is embedded;
        without effect where the model knows none.
    size
        (height, width) in pixels; None takes the model's own.
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
    _refuse_prompt(model, prompt)
    check_seed(seed)
    if size is not None:
        model = resized(model, size)
    check_noise(noise, model.denoiser.latent_shape)
    check_scale(guidance_scale)
    walk = model.walk(steps)
    schedule = walk.schedule
    started = time.perf_counter()
    with guarding_memory(model.denoiser.device, "the prompt"):
        guidance = Guidance(model, [prompt], guidance_scale)
    provenance = provenance_of(
        model,
        prompt=prompt,
        truncated=bool(guidance.targets[0].truncated),
        seed=seed,
        steps=steps,
        guidance_scale=guidance.scale,
        noise=noise_name(noise),
    )
    x = starting_latent(model, seed, noise)
    shape = (steps, *x.shape[1:])
    kept = [np.empty(shape, np.float32) for _ in range(2 + guidance.has_unconditional)]
    with torch.no_grad(), guarding_memory(model.denoiser.device, "sampling"):
        for step, level in enumerate(schedule.levels):
            token.check()
            report(Progress(step, steps, "sampling"))
            said = guidance(x, level)
            told = [x, said.target, *([] if said.unconditional is None else [said.unconditional])]
            for array, values in zip(kept, told, strict=True):
                require_finite(
                    values, what="noise", step=step, level=level, dtype=model.denoiser.dtype
                )
                array[step] = to_numpy(values[0])
            if on_step is not None:
                on_step(
                    StepRecord(
                        step=step,
                        level=level,
                        x_t=kept[0][step],
                        eps_target=kept[1][step],
                        eps_unconditional=kept[2][step] if guidance.has_unconditional else None,
                        provenance=provenance,
                    )
                )
            x = walk.move(x, said.guided, step)
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
        eps_unconditional=kept[2] if guidance.has_unconditional else kept[1][:0],
        final_latent=to_numpy(x[0]),
        image=image,
        provenance=provenance,
        seconds=time.perf_counter() - started,
        model=model,
    )


def provenance_of(
    model: Model,
    *,
    prompt: str,
    truncated: bool,
    seed: int,
    steps: int,
    guidance_scale: float,
    noise: str = CPU,
    one_step: int | None = None,
) -> Provenance:
    """Say what makes a run of `model`."""
    facts = model.description
    return Provenance(
        model=facts.identity,
        family=facts.family,
        prediction_type=facts.prediction_type,
        device=facts.device,
        dtype=facts.dtype,
        prompt=prompt,
        prompt_truncated=truncated,
        seed=seed,
        steps=steps,
        guidance_scale=guidance_scale,
        noise=noise,
        schedule_mended=facts.schedule_mended,
        assumed=facts.assumed,
        adapter=facts.adapter,
        one_step=one_step,
    )


def check_scale(guidance_scale: float | None) -> None:
    """Raise unless a guidance scale is a finite number, or None for the model's own.

    Raises
    ------
    SettingsError
        If it is not.
    """
    if guidance_scale is not None and not np.isfinite(guidance_scale):
        raise SettingsError(f"guidance scale {guidance_scale} is not a number.")


def _refuse_prompt(model: Model, prompt: str) -> None:
    if model.description.takes == NOTHING or prompt.strip():
        return
    what = "type what the picture should show"
    if model.description.takes == CLASS:
        what = "give a class's number or label"
    raise SettingsError(f"the prompt is empty: {what}.")


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
