"""What the worker thread runs against memlens; it alone holds models and trajectories."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import memlens
from memlens.errors import ModelError, OutputError, SettingsError
from memlens.estimators import DEFAULT_ESTIMATOR
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, MapKind, map_kind
from memlens.progress import Progress
from memlens.sessions import NamedMask
from memlens.trajectory import StepRecord, Trajectory
from ui import requests as ask
from ui.engine_import import import_engine
from ui.jobs import JobContext

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline
    from memlens.models.stable_diffusion import StableDiffusion

_PREVIEW_SHARE = 0.08
_CHUNK_S = 0.15


class EngineWorker:
    """Carries out requests; called in the worker thread only.

    It keeps what is open: one model, one less-trained baseline, one run.
    """

    def __init__(self) -> None:
        self._model: StableDiffusion | None = None
        self._baseline: Baseline | None = None
        self._run: tuple[int, Trajectory] | None = None
        self._torch_ready = False

    def __call__(self, request: ask.Request, context: JobContext) -> ask.Result:
        """Carry out one request."""
        match request:
            case ask.Recognise():
                return _recognise(request)
            case ask.LoadModel():
                return self._load_model(request, context)
            case ask.LoadBaseline():
                return self._load_baseline(request, context)
            case ask.Sample():
                return self._sample(request, context)
            case ask.Localize():
                return self._localize(request, context)
            case ask.MakeFreeMaps():
                return self._make_free_maps(request, context)
            case ask.DecodeThumbnails():
                return self._decode_thumbnails(request, context)
            case ask.FindTruth():
                return ask.TruthFound(run=request.run, masks=self._truth(self._open_run(request)))
            case ask.Measure():
                return _measure(request, context)
            case ask.OpenSession():
                return self._open_session(request)
            case ask.SaveSession():
                return _save_session(request)

    def _load_model(self, request: ask.LoadModel, context: JobContext) -> ask.ModelLoaded:
        context.progress(Progress(0, 1, "starting the engine"))
        self._prepare_torch()
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
            detached=self._attach(),
        )

    def _load_baseline(self, request: ask.LoadBaseline, context: JobContext) -> ask.BaselineLoaded:
        baseline = memlens.load_baseline(
            request.source,
            like=self._open_model(),
            progress=context.progress,
            cancel=context.cancel,
        )
        self._baseline = baseline
        return ask.BaselineLoaded(description=baseline.description, source=request.source)

    def _sample(self, request: ask.Sample, context: JobContext) -> ask.Sampled:
        model = self._open_model()
        from memlens.methods import score_difference
        from memlens.sampling import decode_latent

        condition = model.encode_prompt(request.prompt)
        schedule = model.schedule(request.steps)
        context.partial(
            ask.SamplingBegan(
                run=request.run,
                log_snr=schedule.log_snr.astype(np.float32),
                truncated=condition.truncated,
                masks=_lab_masks(Path(model.description.source), request.prompt),
            ),
            "began",
        )
        began, decoding = time.perf_counter(), 0.0

        def on_step(record: StepRecord) -> None:
            nonlocal decoding
            now = time.perf_counter()
            picture = None
            if decoding <= _PREVIEW_SHARE * (now - began):
                picture = decode_latent(model, record.x0_prediction)
                decoding += time.perf_counter() - now
            free = score_difference.from_record(record)
            sampled = ask.StepSampled(
                run=request.run, step=record.step, free_map=free, picture=picture
            )
            context.partial(sampled, record.step)

        trajectory = memlens.sample(
            model,
            request.prompt,
            seed=request.seed,
            steps=request.steps,
            guidance_scale=request.guidance_scale,
            progress=context.progress,
            cancel=context.cancel,
            on_step=on_step,
        )
        self._run = (request.run, trajectory)
        return ask.Sampled(run=request.run, trajectory=trajectory)

    def _localize(self, request: ask.Localize, context: JobContext) -> ask.Localized:
        trajectory = self._open_run(request.keys[0])
        began, calls = time.perf_counter(), 0
        for place, key in enumerate(request.keys):
            kind = map_kind(key.kind)

            def progress(inner: Progress, done: int = place) -> None:
                whole = inner.total * len(request.keys)
                context.progress(Progress(inner.total * done + inner.done, whole, inner.activity))

            kept: memlens.LocalizationMap | None = None
            stream = memlens.localize_stream(
                trajectory,
                kind.method,
                baseline=self._baseline_for(kind),
                step=key.step,
                probes=request.probes,
                estimator=key.estimator or DEFAULT_ESTIMATOR,
                seed=key.probe_seed,
                probes_per_batch=request.probes_per_batch,
                progress=progress,
                cancel=context.cancel,
            )
            for better in stream:
                if kept is not None:
                    context.partial(ask.MapRefined(key=key, map=kept, complete=False), key)
                kept = better
            if kept is not None:
                calls += kept.network_calls
                context.partial(ask.MapRefined(key=key, map=kept, complete=True), key)
        return ask.Localized(seconds=time.perf_counter() - began, network_calls=calls)

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
        from memlens.sampling import decode_latent

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
        session = memlens.load_session(request.path)
        self._run = (request.run, session.trajectory)
        return ask.SessionOpened(
            run=request.run, path=request.path, session=session, detached=self._attach()
        )

    def _attach(self) -> str:
        """Give the open run its model back; return why that cannot be."""
        if self._run is None or self._model is None:
            return ""
        number, trajectory = self._run
        try:
            self._run = (number, trajectory.with_model(self._model))
        except ModelError as error:
            self._run = (number, replace(trajectory, model=None))
            return str(error)
        return ""

    def _truth(self, trajectory: Trajectory) -> tuple[NamedMask, ...]:
        if trajectory.model is None:
            return ()
        source = Path(trajectory.model.description.source)
        return _lab_masks(source, trajectory.provenance.prompt)

    def _open_model(self) -> StableDiffusion:
        if self._model is None:
            raise ModelError("no model is open: open one first.")
        return self._model

    def _open_run(
        self, request: ask.MapKey | ask.MakeFreeMaps | ask.DecodeThumbnails | ask.FindTruth
    ) -> Trajectory:
        if self._run is None or self._run[0] != request.run:
            raise ModelError("this run is not open any more: run the prompt again.")
        return self._run[1]

    def _baseline_for(self, kind: MapKind) -> str | Baseline | None:
        if kind.baseline != LESS_TRAINED:
            return kind.baseline
        if self._baseline is None:
            raise SettingsError(f"{kind.symbol} needs a less-trained baseline: choose one.")
        return self._baseline

    def _prepare_torch(self) -> None:
        if self._torch_ready:
            return
        import_engine()
        import torch
        from transformers.utils import logging

        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
        logging.disable_progress_bar()
        self._torch_ready = True


def _recognise(request: ask.Recognise) -> ask.Recognised:
    from memlens.models.sources import resolve

    try:
        found = resolve(request.source)
    except ModelError as error:
        return ask.Recognised(source=request.source, problem=str(error))
    return ask.Recognised(
        source=request.source,
        lines=(("Name", found.name), ("Kind", found.pipeline), ("Folder", str(found.folder))),
    )


def _measure(request: ask.Measure, context: JobContext) -> ask.Measured:
    rows = []
    for key, found in request.maps:
        context.cancel.check()
        shown = found.smoothed(request.smoothing)
        rows.append((key, found, memlens.agreement(shown, request.mask)))
    return ask.Measured(token=request.token, smoothing=request.smoothing, rows=tuple(rows))


def _save_session(request: ask.SaveSession) -> ask.SessionSaved:
    try:
        memlens.save_session(request.session, request.path)
    except OSError as error:
        raise OutputError(f"{request.path} cannot be written: {error.strerror}.") from error
    return ask.SessionSaved(path=request.path)


def _lab_masks(source: Path, prompt: str) -> tuple[NamedMask, ...]:
    from memlens.lab.ground_truth import find_ground_truth

    found = find_ground_truth(source, prompt)
    if found is None or found.kind == "free":
        return ()
    return (NamedMask(name="ground truth", kind="ground truth", pixels=found.mask()),)
