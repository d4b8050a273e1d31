"""Which checkpoints can be the baseline of a model; told from their configurations alone."""

from __future__ import annotations

from pathlib import Path

from memlens.errors import ModelError
from memlens.models.loading import EARLY_UNET, refuse_unfit_baseline
from memlens.models.sources import read_json, resolve_baseline
from memlens.models.stable_diffusion import StableDiffusion

_MOST_NEARBY = 32


def baseline_refusal(source: str | Path, *, like: StableDiffusion) -> str:
    """Return why a checkpoint cannot be the baseline of `like`, "" when it can.

    Weights are not read: a file damaged inside is found out when it is loaded. A hub id must be
    in the local cache.
    """
    try:
        _, path = resolve_baseline(source)
        if path.resolve() == Path(like.description.source).resolve():
            return "This is the target itself."
        refuse_unfit_baseline(path, like)
    except ModelError as error:
        return str(error)
    return ""


def nearby_checkpoints(model: StableDiffusion) -> tuple[Path, ...]:
    """Return further checkpoints of the UNet in the model's folder, as trainers leave them.

    Those are ``NAME/`` with a UNet's configuration and ``NAME/unet/`` (``checkpoint-500/unet``).
    """
    folder = Path(model.description.source)
    found = []
    for child in sorted(folder.iterdir()) if folder.is_dir() else ():
        own, inner = child / "config.json", child / "unet" / "config.json"
        if child.name in ("unet", EARLY_UNET) or not (inner.is_file() or _is_unet(own)):
            continue
        found.append(child)
    return tuple(found[:_MOST_NEARBY])


def _is_unet(config: Path) -> bool:
    try:
        return config.is_file() and read_json(config).get("_class_name") == "UNet2DConditionModel"
    except ModelError:
        return False
