"""What a model's name means: the demo, a folder or a hub id. Imports no torch."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from memlens.errors import ModelError
from memlens.models.families import family_of
from memlens.models.json_file import read_json

DEMO = "demo"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_HUB_FILES = (
    "model_index.json",
    "memlens.json",
    "unet/*",
    "transformer/*",
    "vae/*",
    "text_encoder/*",
    "text_encoder_2/*",
    "text_encoder_3/*",
    "tokenizer/*",
    "tokenizer_2/*",
    "tokenizer_3/*",
    "scheduler/*",
)
# A repository may also be a network by itself.
_HUB_BASELINE_FILES = (
    "config.json",
    "diffusion_pytorch_model*.safetensors",
    "unet/*",
    "transformer/*",
    "text_encoder/*",
    "scheduler/*",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A pipeline's folder that was found and recognised.

    Attributes
    ----------
    name
        What people call it: "demo", the hub id or the folder's name.
    folder
        Where it lies: a folder, or a model in one file.
    pipeline
        The pipeline class that ``model_index.json`` names.
    default_guidance_scale
        From ``memlens.json`` beside it; None without one: the family's own.
    """

    name: str
    folder: Path
    pipeline: str
    default_guidance_scale: float | None = None


def demo_folder() -> Path:
    """Return the folder of the bundled demo model."""
    return Path(str(resources.files("resources") / "demo-model"))


def resolve(source: str | Path, *, download: bool = False) -> ModelSource:
    """Find the pipeline that `source` means and read what it says of itself.

    Parameters
    ----------
    source
        "demo", a folder with a ``model_index.json``, or a hub id "owner/name".
    download
        Whether a hub id that is not in the local cache may be downloaded.

    Raises
    ------
    ModelError
        If it is not there, not a pipeline, or of a family that memlens does not know.
    """
    text = str(source)
    if not text.strip():
        raise ModelError('no model is named: give "demo", a folder or a hub id such as owner/name.')
    if text == DEMO:
        return _read(DEMO, demo_folder())
    folder = Path(source).expanduser()
    if folder.is_dir():
        return _read(folder.resolve().name, folder)
    if folder.is_file():
        return _file(folder)
    if is_hub_id(text):
        return _read(text, _hub_folder(text, _HUB_FILES, download=download))
    raise ModelError(f"the model {text} does not exist: there is no such folder.")


def is_hub_id(text: str) -> bool:
    """Whether `text` has the form of a hub id, "owner/name"; a folder may have it too."""
    return bool(_HUB_ID.fullmatch(text)) and not text.startswith(".")


def resolve_baseline(source: str | Path, *, download: bool = False) -> tuple[str, Path]:
    """Find what a less-trained baseline is named by; nothing there is read.

    Parameters
    ----------
    source
        "demo", a folder, a file, or a hub id "owner/name".
    download
        Whether a hub id that is not in the local cache may be downloaded.

    Returns
    -------
    tuple
        What people call it, and where it lies, which may be nowhere.

    Raises
    ------
    ModelError
        If it is a hub id that is not there.
    """
    text, path = str(source), Path(source).expanduser()
    if text == DEMO:
        return DEMO, demo_folder()
    if is_hub_id(text) and not path.exists():
        return text, _hub_folder(text, _HUB_BASELINE_FILES, download=download)
    return path.stem, path


def _read(name: str, folder: Path) -> ModelSource:
    index = folder / "model_index.json"
    if not index.is_file():
        raise ModelError(f"{folder} is not a pipeline: it has no model_index.json.")
    pipeline = str(read_json(index).get("_class_name", ""))
    family_of(pipeline, of=str(folder))
    extra = folder / "memlens.json"
    card = read_json(extra) if extra.is_file() else {}
    guidance = card.get("default_guidance_scale")
    if guidance is not None:
        if not isinstance(guidance, int | float) or not math.isfinite(guidance):
            raise ModelError(f"{extra}: default_guidance_scale is not a number.")
        guidance = float(guidance)
    return ModelSource(name=name, folder=folder, pipeline=pipeline, default_guidance_scale=guidance)


def _file(path: Path) -> ModelSource:
    """Recognise a model in one file; only the names of its weights are read."""
    from memlens.models.checkpoint_file import shapes_in
    from memlens.models.single_file import recognised

    kind = recognised(shapes_in(path), path)
    return ModelSource(name=path.stem, folder=path, pipeline=kind.pipeline)


def _hub_folder(hub_id: str, files: tuple[str, ...], *, download: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(hub_id, local_files_only=not download, allow_patterns=list(files))
        )
    except (LocalEntryNotFoundError, FileNotFoundError) as error:
        if download:
            raise ModelError(
                f"{hub_id} cannot be downloaded: the hub does not answer and the local cache "
                "does not hold it. Check the network, or give a folder."
            ) from error
        raise ModelError(
            f"{hub_id} is neither a folder here nor in the local hub cache: "
            "allow the download, or give a folder."
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{hub_id} cannot be fetched from the hub: {reason}") from error
