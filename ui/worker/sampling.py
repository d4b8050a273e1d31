"""The sampling job: one run, delivered step by step; cancelled, it leaves what it reached."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

import memlens
from memlens.errors import Cancelled
from memlens.sampling.noise import check_noise, read_noise
from memlens.sampling.trajectory import StepRecord, Trajectory
from ui.jobs.context import JobContext
from ui.jobs.sample import Sample, Sampled, SamplingBegan, StepSampled
from ui.vocabulary.picture import Picture
from ui.worker.lab_masks import lab_truth
from ui.worker.open_engine import OpenEngine

if TYPE_CHECKING:
    from memlens.models.denoiser import Model

_PREVIEW_SHARE = 0.08


def sample(request: Sample, context: JobContext, engine: OpenEngine) -> Sampled:
    """Sample a run, and keep it open.

    Raises
    ------
    SettingsError
        If a setting, or a file of noise, cannot be used.
    Cancelled
        If it is cancelled before its first step.
    """
    model = engine.the_model()
    trajectory = _sampled(model, request, context)
    engine.runs.keep(request.run, trajectory)
    return Sampled(run=request.run, trajectory=trajectory)


def _sampled(model: Model, request: Sample, context: JobContext) -> Trajectory:
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
        SamplingBegan(
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
    newest: Picture | None = None

    def on_step(record: StepRecord) -> None:
        nonlocal decoding, newest
        now = time.perf_counter()
        records.append(record)
        picture = None
        if decoding <= _PREVIEW_SHARE * (now - began):
            picture = newest = decode_latent(model, record.x0_prediction)
            decoding += time.perf_counter() - now
        has_base = record.eps_unconditional is not None
        free = score_difference.from_record(record) if has_base else None
        sampled = StepSampled(run=request.run, step=record.step, free_map=free, picture=picture)
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
    return trajectory
