"""Which checkpoints can be the baseline of a model; told from their configurations alone."""

from __future__ import annotations

from pathlib import Path

from memlens.errors import ModelError, SettingsError
from memlens.models.baseline_loading import EARLY_UNET, refuse_unfit_baseline
from memlens.models.denoiser import Model
from memlens.models.families import family_of
from memlens.models.json_file import read_json
from memlens.models.lora import lora_in
from memlens.models.own_baseline import is_own, own_baseline
from memlens.models.sources import resolve_baseline

_MOST_NEARBY = 32


def baseline_refusal(source: str | Path, *, like: Model) -> str:
    """Return why a checkpoint cannot be the baseline of `like`, "" when it can.

    Weights are not read: a file damaged inside is found out when it is loaded. A hub id must be
    in the local cache.
    """
    try:
        if is_own(str(source)):
            own_baseline(str(source), like)
            return ""
        _, path = resolve_baseline(source)
        if path.resolve() == Path(like.description.source).resolve():
            return "This is the target itself."
        refuse_unfit_baseline(path, like)
    except (ModelError, SettingsError) as error:
        return str(error)
    return ""


def nearby_checkpoints(model: Model) -> tuple[Path, ...]:
    """Return further checkpoints of the network in the model's folder, as trainers leave them.

    Those are ``NAME/`` with a network's configuration, ``NAME/unet/`` or ``NAME/transformer/``
    (``checkpoint-500/unet``), and ``checkpoint-500/`` with a LoRA.
    """
    folder = Path(model.description.source)
    if not folder.is_dir():
        return ()
    part = family_of(model.description.family, of=str(folder)).denoiser
    kind = type(model.denoiser.network).__name__
    found = []
    for child in sorted(folder.iterdir()):
        own, inner = child / "config.json", child / part / "config.json"
        trained = child.is_dir() and lora_in(child) is not None
        if child.name in (part, EARLY_UNET) or not (
            trained or inner.is_file() or _is_network(own, kind)
        ):
            continue
        found.append(child)
    return tuple(found[:_MOST_NEARBY])


def _is_network(config: Path, kind: str) -> bool:
    try:
        return config.is_file() and read_json(config).get("_class_name") == kind
    except ModelError:
        return False
