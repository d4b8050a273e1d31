"""A run of a picture that exists, made by adding noise to it: `run_of_picture`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from memlens.device import guarding_memory
from memlens.errors import SettingsError
from memlens.models.denoiser import Model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.fitted_picture import CROP, fitted, read_picture_file
from memlens.sampling.run_at import run_of_latents
from memlens.sampling.sample import check_scale, to_numpy
from memlens.sampling.schedule import NoiseLevel
from memlens.sampling.seeds import check_seed
from memlens.sampling.trajectory import Trajectory

# In nats: where the demo's training pictures are best told from pictures that it never saw.
DEFAULT_LOG_SNR = (4.0,)
DEFAULT_DRAWS = 4


def run_of_picture(
    model: Model,
    picture: str | Path | NDArray[np.uint8],
    *,
    prompt: str = "",
    log_snr: float | Iterable[float] = DEFAULT_LOG_SNR,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    fit: str = CROP,
    guidance_scale: float | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Trajectory:
    """Encode a picture and add noise to it, instead of sampling one; everything localizes it.

    x_t = α x₀ + σ ε, with x₀ the encoder's mean. Noise levels take the place of steps, the most
    noise first. Maps are averaged over the draws of ε, and their standard error is that between
    draws; other numbers are the first draw's. Each draw has one ε for all levels.

    Parameters
    ----------
    model
        From `memlens.load_model`.
    picture
        A file, or (height, width, 3), uint8, of any size.
    prompt
        Its caption; "" for none: then nothing can be subtracted as ∅, which it is itself.
    log_snr
        One noise level or several, in nats; a model of discrete timesteps takes the nearest.
    draws
        Of ε, at least 1; a single one has the standard error of its probes.
    seed
        Of ε, 0 ≤ seed < 2⁶³.
    fit
        "crop": cut about the middle to the model's proportions; "pad": filled up with grey.
    guidance_scale
        An input of networks that have guidance embedded, noted for the others.
    progress, cancel
        Counted and checked per network call; one for each level and draw.

    Raises
    ------
    PictureError
        If the file is no picture.
    SettingsError
        If a setting is out of range.
    NumericalError
        If a network gives NaN or infinity.
    OutOfMemory
        If it does not fit.
    Cancelled
        Within one network call of the token being set.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    check_seed(seed)
    check_scale(guidance_scale)
    if draws < 1:
        raise SettingsError(f"{draws} draws of noise cannot be made: choose 1 or more.")
    levels = levels_of(model, log_snr)
    named, pixels = _pixels(picture)
    shown = fitted(pixels, model.description.picture_size, fit)
    token.check()
    with guarding_memory(model.denoiser.device, "the picture"):
        clean = to_numpy(model.encode_picture(shown)[0])
    generator = torch.Generator("cpu").manual_seed(seed)
    runs = []
    for draw in range(draws):
        noise = torch.randn(clean.shape, generator=generator).numpy()
        x_t = np.stack([level.alpha * clean + level.sigma * noise for level in levels])
        report(Progress(draw * len(levels), draws * len(levels), "adding noise"))
        runs.append(
            run_of_latents(
                model,
                x_t.astype(np.float32),
                levels,
                prompt=prompt,
                steps=len(levels),
                guidance_scale=guidance_scale,
                decoded=(clean, shown),
                cancel=token,
            )
        )
    report(Progress(1, 1, "adding noise"))
    provenance = replace(
        runs[0].provenance,
        seed=seed,
        noise="cpu",
        picture=f"{named}@{_fingerprint(shown)}",
        draws=draws,
    )
    first, *others = (replace(run, provenance=provenance) for run in runs)
    return replace(first, other_draws=tuple(others), seconds=sum(run.seconds for run in runs))


def levels_of(model: Model, log_snr: float | Iterable[float]) -> tuple[NoiseLevel, ...]:
    """Return the noise levels, most noise first, each once.

    Raises
    ------
    SettingsError
        If there is none, or one is not a finite number.
    """
    wanted = [float(log_snr)] if isinstance(log_snr, int | float) else [float(x) for x in log_snr]
    if not wanted or not np.isfinite(wanted).all():
        raise SettingsError("a noise level's logSNR must be a finite number; name at least one.")
    levels = {level.timestep: level for level in map(model.level, sorted(wanted))}
    return tuple(sorted(levels.values(), key=lambda level: level.log_snr))


def _pixels(picture: str | Path | NDArray[np.uint8]) -> tuple[str, NDArray[np.uint8]]:
    if isinstance(picture, str | Path):
        path = Path(picture).expanduser()
        return path.name, read_picture_file(path)
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise SettingsError(
            f"the picture has shape {picture.shape} and holds {picture.dtype}: (height, width, 3) "
            "of uint8 is needed."
        )
    return "picture", picture


def _fingerprint(pixels: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(f"{pixels.shape};".encode() + np.ascontiguousarray(pixels).tobytes())
    return digest.hexdigest()[:12]
