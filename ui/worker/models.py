"""What the worker thread does about models and checkpoints."""

from __future__ import annotations

import memlens
from memlens.errors import ModelError
from memlens.methods.registry import MAP_KINDS
from memlens.progress import Progress
from ui.jobs.check_baselines import BaselinesChecked, CheckBaselines
from ui.jobs.context import JobContext
from ui.jobs.count_tokens import CountTokens, TokensCounted
from ui.jobs.load_baseline import BaselineLoaded, LoadBaseline
from ui.jobs.load_model import LoadModel, ModelLoaded
from ui.jobs.recognise import Recognise, Recognised
from ui.language.translation import tr
from ui.worker.open_engine import OpenEngine


def load(request: LoadModel, context: JobContext, engine: OpenEngine) -> ModelLoaded:
    """Load a model and let go of the one before it."""
    context.progress(Progress(0, 1, tr("starting the engine")))
    engine.prepare_torch()
    from memlens.device import device_choices, dtype_choices
    from memlens.models.baseline_loading import early_checkpoint
    from memlens.models.loading import load_model

    model = load_model(
        request.source,
        device=request.device,
        dtype=request.dtype,
        download=request.download,
        progress=context.progress,
        cancel=context.cancel,
    )
    engine.model, engine.baseline = model, None
    reasons = {kind.name: kind.unavailable(model) for kind in MAP_KINDS.values()}
    return ModelLoaded(
        description=model.description,
        source=request.source,
        unavailable={name: reason for name, reason in reasons.items() if reason},
        early=early_checkpoint(model),
        detached=engine.runs.attach(model),
        devices=device_choices(),
        dtypes=dtype_choices(model.denoiser.device),
    )


def load_less_trained(
    request: LoadBaseline, context: JobContext, engine: OpenEngine
) -> BaselineLoaded:
    """Load a less-trained baseline of the open model."""
    baseline = memlens.load_baseline(
        request.source,
        like=engine.the_model(),
        download=request.download,
        progress=context.progress,
        cancel=context.cancel,
    )
    engine.baseline = baseline
    return BaselineLoaded(description=baseline.description, source=request.source)


def count_tokens(request: CountTokens, context: JobContext, engine: OpenEngine) -> TokensCounted:
    """Count the tokens that a prompt takes."""
    used, room = engine.the_model().count_tokens(request.prompt)
    return TokensCounted(prompt=request.prompt, used=used, room=room)


def recognise(request: Recognise, context: JobContext, engine: OpenEngine) -> Recognised:
    """Say what a name means; why it cannot be opened is an answer, too."""
    if not request.baseline:
        return _recognise_model(request)
    model = engine.model
    if model is None:
        return Recognised(source=request.source, problem=tr("Open a model first."))
    from memlens.models.baseline_fit import baseline_refusal

    problem = baseline_refusal(request.source, like=model)
    fits = tr("It fits {name}.").format(name=model.description.name)
    lines = () if problem else ((tr("Baseline"), fits),)
    return Recognised(source=request.source, lines=lines, problem=problem)


def check_baselines(
    request: CheckBaselines, context: JobContext, engine: OpenEngine
) -> BaselinesChecked:
    """Say which checkpoints fit the open model."""
    model = engine.the_model()
    from memlens.models.baseline_fit import baseline_refusal, nearby_checkpoints

    reasons: dict[str, str] = {}
    for source in (*map(str, nearby_checkpoints(model)), *request.sources):
        context.cancel.check()
        reasons[source] = baseline_refusal(source, like=model)
    return BaselinesChecked(identity=model.description.identity, reasons=reasons)


def _recognise_model(request: Recognise) -> Recognised:
    from memlens.models.sources import resolve

    try:
        found = resolve(request.source)
    except ModelError as error:
        return Recognised(source=request.source, problem=str(error))
    return Recognised(
        source=request.source,
        lines=(
            (tr("Name"), found.name),
            (tr("Kind"), found.pipeline),
            (tr("Folder"), str(found.folder)),
        ),
    )
