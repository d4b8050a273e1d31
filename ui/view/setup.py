"""Resolve what the left column shows."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path

from memlens.estimators.names import EXACT, HUTCHINSON, PROBING
from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS, free_caption
from memlens.methods.registry import MAP_KINDS, UNCONDITIONAL, Cost
from memlens.models.description import ModelDescription
from memlens.models.sources import DEMO, demo_folder, is_hub_id
from memlens.sampling.noise import CPU, CUDA, GIVEN
from ui.language.translation import tr
from ui.state.intent import MAX_PROBES, Intent
from ui.state.results import Results
from ui.view.view_state import SetupView

EARLY = "early"
OTHER_HUB = "other-hub"
OTHER = "other"
OTHER_FILE = "other-file"
# Choices that ask for a checkpoint first.
OTHERS = (OTHER_HUB, OTHER, OTHER_FILE)
NOISE_FILE = "noise-file"


def setup_view(
    intent: Intent, results: Results, *, loading: str, prefetch: bool = False
) -> SetupView:
    """Return the view of the left column; `loading` names the model being opened."""
    model = results.model
    name = _name(loading or intent.model)
    return SetupView(
        model_name=model.name if model is not None and not loading else name,
        model_facts=_facts(model),
        model_loading=bool(loading),
        baselines=_baselines(intent, results),
        baseline=intent.baseline,
        prompt=intent.prompt,
        prompts=_prompts(results, loading),
        seed=intent.seed,
        seeds=intent.seeds_text,
        steps=intent.steps,
        max_steps=model.max_steps if model is not None else 1000,
        max_probes=MAX_PROBES,
        guidance_scale=intent.guidance_scale,
        noises=_noises(intent.noise),
        noise=intent.noise,
        estimators=(
            (PROBING, tr("Probing (colour classes)")),
            (HUTCHINSON, tr("Hutchinson")),
            (EXACT, tr("Exact (small models)")),
        ),
        estimator=intent.estimator,
        probes=intent.probes,
        devices=_machine(results.devices, intent.device, tr("the fastest there is")),
        device=intent.device,
        dtypes=_machine(results.dtypes, intent.dtype, tr("float32 where it fits")),
        dtype=intent.dtype,
        tokens=_tokens(intent, results),
        too_long=_too_long(intent, results),
        prefetch=prefetch,
        disabled_reason=run_reason(intent, results, loading=bool(loading)),
        expected_seconds=_expected(intent, results),
    )


def run_reason(intent: Intent, results: Results, *, loading: bool) -> str:
    """Return why nothing can be run now, "" when it can."""
    if results.model is None and not loading:
        return tr("Open a model first.")
    if not intent.prompt.strip():
        return tr("Type a prompt first.")
    return intent.seeds_problem or _noise_reason(intent)


def _tokens(intent: Intent, results: Results) -> str:
    counted = results.tokens
    if counted is None or counted.prompt != intent.prompt:
        return ""
    words = tr("{used} of {room} tokens")
    if counted.used > counted.room:
        words = tr("{used} of {room} tokens: the end will be cut off")
    return words.format(used=counted.used, room=counted.room)


def _too_long(intent: Intent, results: Results) -> bool:
    counted = results.tokens
    if counted is None or counted.prompt != intent.prompt:
        return False
    return counted.used > counted.room


def _noise_reason(intent: Intent) -> str:
    if intent.noise.startswith(f"{GIVEN}@"):
        return tr("This run started from a file of noise: choose that file again, or CPU.")
    if intent.noise not in (CPU, CUDA) and len(intent.seeds) > 1:
        return tr("Noise from a file is the same for every seed: give one seed.")
    return ""


def _noises(chosen: str) -> tuple[tuple[str, str, str], ...]:
    choices = [(CPU, tr("CPU"), ""), (CUDA, tr("NVIDIA GPU"), "")]
    if chosen not in (CPU, CUDA):
        given = chosen.startswith(f"{GIVEN}@")
        name = chosen if given else Path(chosen).name
        choices.append((chosen, tr("File: {name}").format(name=name), ""))
    return (*choices, (NOISE_FILE, tr("File …"), ""))


def checkpoint_name(source: str) -> str:
    """Return what people call a checkpoint: a hub id whole, else the last part of its path."""
    return source if is_hub_id(source) else Path(source).name


def _prompts(results: Results, loading: str) -> tuple[tuple[str, str], ...]:
    """Return prompts to try: the demo's are for the demo alone, or for the first moment."""
    if results.model is not None:
        is_demo = Path(results.model.source) == demo_folder()
    else:
        is_demo = loading == DEMO or (not loading and results.run is None)
    if not is_demo:
        return ()
    return (
        (tr("Template"), TEMPLATE_CAPTIONS[0]),
        (tr("Verbatim"), VERBATIM_CAPTIONS[0]),
        (tr("Free"), free_caption(("lion", "owl"), ("yellow", "blue"))),
    )


def _name(source: str) -> str:
    """Return what people call a model that was asked for by `source`."""
    return Path(source).name if Path(source).is_absolute() else source


def _facts(model: ModelDescription | None) -> tuple[tuple[str, str], ...]:
    if model is None:
        return ()
    channels, height, width = model.latent_shape
    rows, columns = model.picture_size
    return (
        (tr("Family"), model.family.removesuffix("Pipeline")),
        (tr("Picture"), f"{columns} × {rows}"),
        (tr("Latent"), f"{channels} × {height} × {width}"),
        (tr("Weights"), _millions(model.parameters)),
        (tr("Predicts"), model.prediction_type),
        (tr("Runs on"), f"{model.device}, {model.dtype}"),
    )


def _baselines(intent: Intent, results: Results) -> tuple[tuple[str, str, str], ...]:
    model = results.model
    no_model = "" if model is not None else tr("Open a model first.")
    no_early = no_model or (
        "" if results.early is not None else tr("This model's folder brings no early checkpoint.")
    )
    choices = [
        (UNCONDITIONAL, tr("∅  Unconditional only"), ""),
        (EARLY, tr("θ̃  Early checkpoint of this model"), no_early),
    ]
    known = dict(results.checkpoints)
    if intent.baseline not in (UNCONDITIONAL, EARLY):
        known[intent.baseline] = results.refused_baseline
    for path, reason in sorted(known.items(), key=lambda item: bool(item[1])):
        choices.append((path, f"θ̃  {checkpoint_name(path)}", reason))
    choices.append((OTHER_HUB, tr("Open by hub id …"), no_model))
    choices.append((OTHER, tr("Open a checkpoint's folder …"), no_model))
    choices.append((OTHER_FILE, tr("Open a .safetensors file …"), no_model))
    return tuple(choices)


def _machine(
    offered: Mapping[str, str], chosen: str, automatic: str
) -> tuple[tuple[str, str, str], ...]:
    """Return (name, label, reason) of devices or precisions; few before the engine started."""
    there = dict(offered) or {"auto": "", chosen: ""}
    there.setdefault(chosen, "")
    labels = {"auto": tr("Auto: {what}").format(what=automatic)}
    return tuple((name, labels.get(name, name), reason) for name, reason in there.items())


def _expected(intent: Intent, results: Results) -> float | None:
    if results.sampling_call_s is None:
        return None
    seconds = results.sampling_call_s * intent.steps * len(intent.seeds)
    if results.curvature_call_s is not None:
        kinds = {c for c in intent.panels if c in MAP_KINDS and MAP_KINDS[c].cost is Cost.PROBES}
        products = _products(intent, results.model) * len(kinds - set(results.unavailable))
        seconds += results.curvature_call_s * products
    return seconds


def _products(intent: Intent, model: ModelDescription | None) -> int:
    """Return how many vector products one curvature map takes."""
    if intent.estimator == EXACT and model is not None:
        return prod(model.latent_shape)
    return intent.probes


def _millions(count: int) -> str:
    return f"{count / 1e6:.0f} M" if count >= 1e7 else f"{count / 1e6:.1f} M"
