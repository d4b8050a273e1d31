"""Load the model that a command names, its libraries' own bars and warnings silenced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from memlens.cli.report import Report
from memlens.errors import SettingsError
from memlens.methods.registry import LESS_TRAINED, UNCONDITIONAL

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model


def load(
    report: Report,
    model: str,
    *,
    device: str,
    dtype: str,
    download: bool,
    lora: Path | None = None,
    lora_scale: float = 1.0,
    size: tuple[int, int] | None = None,
    config: Path | None = None,
    prediction_type: str | None = None,
) -> Model:
    """Load a model and say what was assumed of it; see `memlens.load_model` for the rest."""
    silence_libraries()
    from memlens.models.loading import load_model

    loaded = load_model(
        model,
        size=size,
        lora=lora,
        lora_scale=lora_scale,
        config=config,
        prediction_type=prediction_type,
        device=device,
        dtype=dtype,
        download=download,
        progress=report.progress,
        cancel=report.cancel,
    )
    for phrase in loaded.description.assumed:
        report.note(f"{loaded.description.name}: {phrase}.")
    return loaded


def less_trained(
    report: Report,
    model: Model,
    baseline: str | None,
    *,
    download: bool = False,
    needed: bool = True,
) -> Baseline | None:
    """Load the less-trained baseline that is named, or the one that the model brings.

    That is the one in its folder, or else the model without its LoRA, where it has one.

    Raises
    ------
    SettingsError
        If none is named or brought, and one is `needed`.
    ModelError, BaselineMismatch
        As `memlens.load_baseline`.
    """
    from memlens.models.baseline_loading import early_checkpoint, load_baseline
    from memlens.models.own_baseline import LORA_OFF

    path: Path | str | None = baseline
    if baseline == "":
        raise SettingsError("no baseline is named: give unconditional, less-trained or a path.")
    if baseline in (None, UNCONDITIONAL, LESS_TRAINED):
        path = early_checkpoint(model)
        if path is None and model.description.adapter:
            path = LORA_OFF
    if path is None and needed:
        raise SettingsError(
            f"{model.description.name} brings no less-trained checkpoint: name one with --baseline."
        )
    if path is None:
        return None
    return load_baseline(
        path, like=model, download=download, progress=report.progress, cancel=report.cancel
    )


def silence_libraries() -> None:
    """Keep the libraries from drawing bars and logging over the command's own output."""
    # Read when the libraries are imported; the calls below are for when they already are.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    import diffusers.utils.logging
    import transformers.utils.logging

    for logging in (diffusers.utils.logging, transformers.utils.logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
