"""Load a model of any family."""

from __future__ import annotations

from pathlib import Path

from memlens.device import GIB, choose_device, choose_dtype, free_memory
from memlens.models.denoiser import Model
from memlens.models.families import family_of
from memlens.models.lora import with_lora
from memlens.models.memory_plan import plan_memory
from memlens.models.parts import FolderParts
from memlens.models.single_file import SingleFileParts
from memlens.models.sizes import resized
from memlens.models.sources import resolve
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

# Of a pipeline, at most: a bar that is a little long for a model in one file.
_MOST_PARTS = 5


def load_model(
    source: str | Path,
    *,
    size: tuple[int, int] | None = None,
    lora: str | Path | None = None,
    lora_scale: float = 1.0,
    config: str | Path | None = None,
    prediction_type: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    download: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Model:
    """Load a model.

    Parameters
    ----------
    source
        "demo", a folder in diffusers' layout, a hub id "owner/name", or a single file
        (``.safetensors``, ``.ckpt``) in the original layout.
    size
        (height, width) of its pictures, in pixels; None takes the model's own.
    lora
        A LoRA that is put on it, a ``.safetensors`` file of diffusers' or kohya's.
    lora_scale
        How strongly; 0 leaves the model as it is.
    config
        For a single file: a folder in diffusers' layout with the configurations, and whatever
        weights the file does not have. None takes those that memlens brings.
    prediction_type
        For a single file that does not tell: "epsilon" or "v_prediction"; remembered.
    device, dtype
        "auto" or a name; see `memlens.device`.
    download
        Whether a hub id may be downloaded.
    progress, cancel
        Counted and checked per component.

    Raises
    ------
    ModelError
        If it cannot be found, read or used (`PredictionTypeNeeded` where a file does not tell).
    SettingsError
        If `device`, `dtype` or `size` cannot be used.
    Cancelled
        Between two components.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    where = choose_device(device)
    given = Path(source).expanduser()
    one_file = given.is_file()
    found = None if one_file else resolve(source, download=download)
    family = None if found is None else family_of(found.pipeline, of=str(found.folder))
    count = _MOST_PARTS if family is None else len(family.parts) + len(family.optional)
    stages = iter(range(count + 1))

    def stage(what: str) -> None:
        token.check()
        report(Progress(min(next(stages, count), count), count + 1, f"loading {what}"))

    stage("checksums")
    parts: FolderParts | SingleFileParts
    if found is None or family is None:
        parts = SingleFileParts(
            given,
            config=None if config is None else Path(config).expanduser(),
            prediction_type=prediction_type,
            device=where,
            stage=stage,
        )
        family = parts.family
    else:
        parts = FolderParts(found, family, device=where, stage=stage)
    plan = plan_memory(parts.parameters, family.denoiser, free_memory(where))
    report(Progress(0, count + 1, f"loading a model of {plan.needed / GIB:.1f} GiB"))
    wanted = plan.dtype if dtype == "auto" else dtype
    parts.load_in(choose_dtype(wanted, where, 0), together=plan.together or dtype != "auto")
    model = family.loader()(parts)
    token.check()
    if lora is not None:
        model = with_lora(model, Path(lora).expanduser(), lora_scale)
    report(Progress(count + 1, count + 1, "loading done"))
    return model if size is None else resized(model, size)
