"""The sampling job: one run, delivered step by step; cancelled, it leaves what it reached."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

import memlens
from memlens.errors import Cancelled
from memlens.sampling.noise import check_noise, read_noise
from memlens.sampling.trajectory import StepRecord
from ui.jobs import requests as ask
from ui.jobs.runner import JobContext
from ui.worker.lab_masks import lab_truth

if TYPE_CHECKING:
    from memlens.models.stable_diffusion import StableDiffusion

_PREVIEW_SHARE = 0.08


def sample_run(model: StableDiffusion, request: ask.Sample, context: JobContext) -> ask.Sampled:
    """Sample a run.

    Raises
    ------
    SettingsError
        If a setting, or a file of noise, cannot be used.
    Cancelled
        If it is cancelled before its first step.
    """
    from memlens.methods import score_difference
    from memlens.sampling.cut_run import cut_run
    from memlens.sampling.sample import decode_latent

    noise = read_noise(request.noise)
    check_noise(noise, model.description.latent_shape)
    condition = model.encode_prompt(request.prompt)
    schedule = model.schedule(request.steps)
    truth = lab_truth(
        model.description,
        prompt=request.prompt,
        seed=request.seed,
        steps=request.steps,
        guidance_scale=request.guidance_scale,
        noise=request.noise,
    )
    context.partial(
        ask.SamplingBegan(
            run=request.run,
            log_snr=schedule.log_snr.astype(np.float32),
            truncated=condition.truncated,
            masks=truth.masks if truth.sure else (),
            offered_masks=() if truth.sure else truth.masks,
            prompt=request.prompt,
            seed=request.seed,
        ),
        "began",
    )
    began, decoding = time.perf_counter(), 0.0
    records: list[StepRecord] = []
    newest: ask.Picture | None = None

    def on_step(record: StepRecord) -> None:
        nonlocal decoding, newest
        now = time.perf_counter()
        records.append(record)
        picture = None
        if decoding <= _PREVIEW_SHARE * (now - began):
            picture = newest = decode_latent(model, record.x0_prediction)
            decoding += time.perf_counter() - now
        free = score_difference.from_record(record)
        sampled = ask.StepSampled(run=request.run, step=record.step, free_map=free, picture=picture)
        context.partial(sampled, (request.run, record.step))

    try:
        trajectory = memlens.sample(
            model,
            request.prompt,
            seed=request.seed,
            steps=request.steps,
            guidance_scale=request.guidance_scale,
            noise=noise,
            progress=context.progress,
            cancel=context.cancel,
            on_step=on_step,
        )
    except Cancelled:
        if newest is None:
            raise
        seconds = time.perf_counter() - began
        trajectory = cut_run(records, model=model, image=newest, seconds=seconds)
    return ask.Sampled(run=request.run, trajectory=trajectory)
