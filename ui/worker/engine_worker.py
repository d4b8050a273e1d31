"""What the worker thread runs against memlens; it alone holds models and trajectories."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import memlens
from memlens.errors import ModelError
from memlens.evaluation.agreement import agreement_with_curve
from memlens.methods.registry import MAP_KINDS, METHODS, map_kind
from memlens.progress import Progress
from memlens.sampling.trajectory import Trajectory
from ui.jobs import mask_requests
from ui.jobs import requests as ask
from ui.jobs.export_requests import DrawPreview, Export
from ui.jobs.reading_requests import ReadingKey
from ui.jobs.runner import JobContext
from ui.language.translation import tr
from ui.worker import masks as mask_jobs
from ui.worker import sessions as session_jobs
from ui.worker.engine_import import import_engine
from ui.worker.exports import carry_out, draw_preview
from ui.worker.lab_masks import lab_truth
from ui.worker.localizing import Localizing
from ui.worker.open_runs import OpenRuns
from ui.worker.readings import compute_reading, read_free
from ui.worker.sampling import sample_run

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline
    from memlens.models.stable_diffusion import StableDiffusion

_CHUNK_S = 0.15


class EngineWorker:
    """Carries out requests; called in the worker thread only.

    It keeps what is open: one model, one less-trained baseline, the runs of the window.
    """

    def __init__(self) -> None:
        self._model: StableDiffusion | None = None
        self._baseline: Baseline | None = None
        self._runs = OpenRuns()
        self._torch_ready = False

    def __call__(self, request: ask.Request, context: JobContext) -> ask.Result:
        """Carry out one request."""
        match request:
            case ask.CountTokens():
                return self._count_tokens(request)
            case ask.Recognise():
                return self._recognise(request)
            case ask.LoadModel():
                return self._load_model(request, context)
            case ask.LoadBaseline():
                return self._load_baseline(request, context)
            case ask.OpenPicture():
                return _open_picture(request)
            case ask.CheckBaselines():
                return self._check_baselines(request, context)
            case ask.Sample():
                return self._sample(request, context)
            case ask.Localize() | ask.Prefetch():
                return self._localize(request, context)
            case ask.ForgetRuns():
                self._runs.forget(request.runs)
                return ask.RunsForgotten()
            case ask.MakeFreeMaps():
                return self._make_free_maps(request, context)
            case ask.DecodeThumbnails():
                return self._decode_thumbnails(request, context)
            case ask.FindTruth():
                return self._truth(request.run, self._open_run(request))
            case ask.Measure():
                return _measure(request, context)
            case ask.OpenSession():
                return self._open_session(request)
            case mask_requests.FindMask() | mask_requests.CompareMasks():
                return mask_jobs.carry_out(request, context)
            case mask_requests.ReadMask() | mask_requests.WriteMask() | mask_requests.ShapeMask():
                return mask_jobs.carry_out(request, context)
            case mask_requests.WriteAllMasks() | mask_requests.CombineMasks():
                return mask_jobs.carry_out(request, context)
            case mask_requests.TryWand() | mask_requests.CutPicture():
                return mask_jobs.carry_out(request, context)
            case ask.SaveSession():
                return session_jobs.save_session(request)
            case ask.KeepRun():
                return session_jobs.keep_runs(request)
            case ask.BringBack():
                return self._bring_back(request)
            case ask.FindLeftBehind():
                return session_jobs.find_left_behind_now(request)
            case Export():
                return carry_out(request, context)
            case DrawPreview():
                return draw_preview(request)
            case ask.ReadFree():
                return read_free(request, self._open_run(request.keys[0]), context)
            case ask.ComputeReading():
                return compute_reading(request, self._open_run(request.key), context)

    def _load_model(self, request: ask.LoadModel, context: JobContext) -> ask.ModelLoaded:
        context.progress(Progress(0, 1, tr("starting the engine")))
        self._prepare_torch()
        from memlens.device import device_choices, dtype_choices
        from memlens.models.loading import early_checkpoint, load_model

        model = load_model(
            request.source,
            device=request.device,
            dtype=request.dtype,
            download=request.download,
            progress=context.progress,
            cancel=context.cancel,
        )
        self._model, self._baseline = model, None
        reasons = {kind.name: model.unavailable(kind.method) for kind in MAP_KINDS.values()}
        return ask.ModelLoaded(
            description=model.description,
            source=request.source,
            unavailable={name: reason for name, reason in reasons.items() if reason},
            early=early_checkpoint(model),
            detached=self._runs.attach(model),
            devices=device_choices(),
            dtypes=dtype_choices(model.denoiser.device),
        )

    def _load_baseline(self, request: ask.LoadBaseline, context: JobContext) -> ask.BaselineLoaded:
        baseline = memlens.load_baseline(
            request.source,
            like=self._open_model(),
            download=request.download,
            progress=context.progress,
            cancel=context.cancel,
        )
        self._baseline = baseline
        return ask.BaselineLoaded(description=baseline.description, source=request.source)

    def _count_tokens(self, request: ask.CountTokens) -> ask.TokensCounted:
        used, room = self._open_model().count_tokens(request.prompt)
        return ask.TokensCounted(prompt=request.prompt, used=used, room=room)

    def _recognise(self, request: ask.Recognise) -> ask.Recognised:
        if not request.baseline:
            return _recognise_model(request)
        model = self._model
        if model is None:
            return ask.Recognised(source=request.source, problem=tr("Open a model first."))
        from memlens.models.baseline_fit import baseline_refusal

        problem = baseline_refusal(request.source, like=model)
        fits = tr("It fits {name}.").format(name=model.description.name)
        lines = () if problem else ((tr("Baseline"), fits),)
        return ask.Recognised(source=request.source, lines=lines, problem=problem)

    def _check_baselines(
        self, request: ask.CheckBaselines, context: JobContext
    ) -> ask.BaselinesChecked:
        model = self._open_model()
        from memlens.models.baseline_fit import baseline_refusal, nearby_checkpoints

        reasons: dict[str, str] = {}
        for source in (*map(str, nearby_checkpoints(model)), *request.sources):
            context.cancel.check()
            reasons[source] = baseline_refusal(source, like=model)
        return ask.BaselinesChecked(identity=model.description.identity, reasons=reasons)

    def _sample(self, request: ask.Sample, context: JobContext) -> ask.Sampled:
        model = self._open_model()
        sampled = sample_run(model, request, context)
        self._runs.keep(request.run, sampled.trajectory)
        return sampled

    def _localize(self, request: ask.Localize | ask.Prefetch, context: JobContext) -> ask.Localized:
        trajectory = self._open_run(request.keys[0])
        return Localizing(request, trajectory, self._baseline, context).carry_out()

    def _make_free_maps(self, request: ask.MakeFreeMaps, context: JobContext) -> ask.ChunkDone:
        trajectory = self._open_run(request)
        self._prepare_torch()

        until = time.perf_counter() + _CHUNK_S
        for key in request.keys:
            context.cancel.check()
            made_from = METHODS[map_kind(key.kind).method].load().from_record
            found = made_from(trajectory.record(key.step))
            context.partial(ask.MapRefined(key=key, map=found, complete=True), key)
            if time.perf_counter() > until:
                break
        return ask.ChunkDone(run=request.run)

    def _decode_thumbnails(
        self, request: ask.DecodeThumbnails, context: JobContext
    ) -> ask.ChunkDone:
        trajectory = self._open_run(request)
        model = self._open_model()
        from memlens.sampling.sample import decode_latent

        until = time.perf_counter() + _CHUNK_S
        for step in request.steps:
            context.cancel.check()
            picture = decode_latent(model, trajectory.record(step).x0_prediction)
            context.partial(
                ask.PictureDecoded(run=request.run, step=step, picture=picture), ("picture", step)
            )
            if time.perf_counter() > until:
                break
        return ask.ChunkDone(run=request.run)

    def _open_session(self, request: ask.OpenSession) -> ask.SessionOpened:
        opened = session_jobs.open_session(request)
        for run in opened.runs:
            self._runs.keep(run.number, run.session.trajectory)
        detached = self._runs.attach(self._model)
        runs = (replace(run, detached=detached.get(run.number, "")) for run in opened.runs)
        return replace(opened, runs=tuple(runs))

    def _bring_back(self, request: ask.BringBack) -> ask.BroughtBack:
        back = session_jobs.bring_back(request)
        self._runs.keep(request.run, back.session.trajectory)
        return replace(back, detached=self._runs.attach(self._model).get(request.run, ""))

    def _truth(self, run: int, trajectory: Trajectory) -> ask.TruthFound:
        if trajectory.model is None:
            return ask.TruthFound(run=run, masks=())
        made = trajectory.provenance
        truth = lab_truth(
            trajectory.model.description,
            prompt=made.prompt,
            seed=made.seed,
            steps=made.steps,
            guidance_scale=made.guidance_scale,
            noise=made.noise,
        )
        if truth.sure:
            return ask.TruthFound(run=run, masks=truth.masks)
        return ask.TruthFound(run=run, masks=(), offered_masks=truth.masks)

    def _open_model(self) -> StableDiffusion:
        if self._model is None:
            raise ModelError(tr("no model is open: open one first."))
        return self._model

    def _open_run(
        self,
        request: ask.MapKey | ask.MakeFreeMaps | ask.DecodeThumbnails | ask.FindTruth | ReadingKey,
    ) -> Trajectory:
        return self._runs[request.run]

    def _prepare_torch(self) -> None:
        if self._torch_ready:
            return
        import_engine()
        import torch
        from transformers.utils import logging

        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
        logging.disable_progress_bar()
        self._torch_ready = True


def _recognise_model(request: ask.Recognise) -> ask.Recognised:
    from memlens.models.sources import resolve

    try:
        found = resolve(request.source)
    except ModelError as error:
        return ask.Recognised(source=request.source, problem=str(error))
    return ask.Recognised(
        source=request.source,
        lines=(
            (tr("Name"), found.name),
            (tr("Kind"), found.pipeline),
            (tr("Folder"), str(found.folder)),
        ),
    )


def _open_picture(request: ask.OpenPicture) -> ask.PictureOpened:
    from memlens.files.training_picture import (
        looks_like_mask,
        nearly_black_and_white,
        read_training_picture,
    )

    if request.may_be_mask and looks_like_mask(request.path):
        return ask.PictureOpened(path=request.path, pixels=None)
    pixels = read_training_picture(request.path, request.size)
    nearly = request.may_be_mask and nearly_black_and_white(pixels)
    return ask.PictureOpened(path=request.path, pixels=pixels, nearly_mask=nearly)


def _measure(request: ask.Measure, context: JobContext) -> ask.Measured:
    rows = []
    for key, found in request.maps:
        context.cancel.check()
        shown = found.smoothed(request.smoothing)
        rows.append((key, found, *agreement_with_curve(shown, request.mask)))
    return ask.Measured(token=request.token, smoothing=request.smoothing, rows=tuple(rows))
