"""Load what is subtracted from a model: a less-trained checkpoint of the same architecture."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memlens.errors import BaselineMismatch, ModelError
from memlens.models.checkpoint_file import PICKLED, SAFETENSORS, network_from_file
from memlens.models.components import load_network, load_text_network
from memlens.models.denoiser import Baseline, Model
from memlens.models.families import family_of
from memlens.models.json_file import read_json
from memlens.models.lora import AdaptedEncoder, lora_in, with_lora
from memlens.models.own_baseline import LoadedBaseline, own_baseline
from memlens.models.pipeline_model import PipelineModel
from memlens.models.scheduler_config import prediction_type_of
from memlens.models.sources import resolve_baseline
from memlens.models.weights import check_safetensors, component_weights, fingerprint
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

EARLY_UNET = "unet-early"
EARLY_TEXT_ENCODER = "text_encoder-early"
_SCHEDULE_KEYS = ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule")


def early_checkpoint(model: Model) -> Path | None:
    """Return the less-trained UNet that the model's folder brings, None where it brings none."""
    folder = Path(model.description.source) / EARLY_UNET
    return folder if (folder / "config.json").is_file() else None


def load_baseline(
    source: str | Path,
    *,
    like: Model,
    download: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Baseline:
    """Load what is subtracted from `like`.

    Parameters
    ----------
    source
        A network's folder, a folder or pipeline with such a folder (``unet`` or
        ``transformer``; its own text encoders are used if it brings any), an earlier checkpoint
        of a LoRA on the same model (a file, or a ``checkpoint-N`` folder with one), a
        ``.safetensors`` or ``.ckpt`` file of the network's weights, or a hub id "owner/name" of
        such a folder.

        "lora-off", or "lora:0.5", for `like` with its LoRA off, or at that scale;
        "prompt:a free caption" for `like` itself under another prompt.
    like
        The target; all that the checkpoint does not bring is shared.
    download
        Whether a hub id may be downloaded.
    progress, cancel
        Counted and checked per component.

    Raises
    ------
    BaselineMismatch
        If architecture, latent shape, schedule or text width differ; names the difference.
    ModelError
        If it cannot be found or read.
    Cancelled
        Between two components.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    token.check()
    own = own_baseline(str(source), like)
    if own is not None:
        return own
    model = _pipeline(like)
    report(Progress(0, 2, "loading baseline"))
    called, path = resolve_baseline(source, download=download)
    token.check()
    loaded = _loaded(path, model, token)
    report(Progress(2, 2, "loading baseline"))
    early = path.name == EARLY_UNET and path.parent == Path(like.description.source)
    return replace(
        loaded,
        description=replace(
            loaded.description,
            name=f"{like.description.name}/{EARLY_UNET}" if early else called,
            source=str(path),
        ),
    )


def refuse_unfit_baseline(path: Path, like: Model) -> None:
    """Check what can be told of a baseline without its weights.

    Raises
    ------
    BaselineMismatch
        If architecture or schedule differ; names the difference.
    ModelError
        If it is not there or damaged.
    """
    model = _pipeline(like)
    if path.is_file() or lora_in(path) is not None:
        _refuse_other_files(path if path.is_file() else lora_in(path))
        return
    found = _baseline_parts(path, model)
    component_weights(found.network)
    _refuse_other_schedule(path, model)
    _refuse_other_architecture(found.network, read_json(found.network / "config.json"), model)


@dataclass(frozen=True, slots=True)
class _CheckpointFolders:
    """The network's folder and those of the text encoders that the checkpoint brings."""

    network: Path
    texts: dict[str, Path]


def _loaded(path: Path, model: PipelineModel, token: CancelToken) -> LoadedBaseline:
    adapter = lora_in(path)
    if adapter is not None:
        return _with_other_lora(adapter, model)
    denoiser, encoder = model.denoiser, model.encoder
    files: tuple[Path, ...] = (path,)
    if path.is_file():
        network = network_from_file(path, denoiser.network, denoiser.device, denoiser.dtype)
    else:
        found = _baseline_parts(path, model)
        files = component_weights(found.network)
        _refuse_other_schedule(path, model)
        config = read_json(found.network / "config.json")
        _refuse_other_architecture(found.network, config, model)
        for file in files:
            check_safetensors(file)
        kind = type(denoiser.network).__name__
        network = load_network(found.network, kind, denoiser.device, denoiser.dtype)
        token.check()
        if found.texts:
            text_files = [
                file for folder in found.texts.values() for file in component_weights(folder)
            ]
            for file in text_files:
                check_safetensors(file)
            files = (*files, *text_files)
            encoder = encoder.with_networks(_texts(found.texts, model))
    description = replace(model.description, fingerprint=fingerprint(files), adapter="")
    return LoadedBaseline(
        description=description, denoiser=denoiser.with_network(network), encoder=encoder
    )


def _with_other_lora(file: Path, model: PipelineModel) -> LoadedBaseline:
    """Return the target without its own LoRA and with an earlier one, on networks of its own."""
    bare = copy.copy(model)
    bare.denoiser = model.denoiser.with_network(_without_lora(model.denoiser.network))
    inner = model.encoder.inner if isinstance(model.encoder, AdaptedEncoder) else model.encoder
    bare.encoder = inner.with_networks(
        {part: _without_lora(network) for part, network in inner.networks.items()}
    )
    bare.description = model.base or model.description
    made = with_lora(bare, file)
    return LoadedBaseline(
        description=made.description, denoiser=made.denoiser, encoder=made.encoder
    )


def _without_lora(network: Any) -> Any:
    other = copy.deepcopy(network)
    if getattr(other, "peft_config", None):
        from peft.tuners.tuners_utils import BaseTunerLayer

        for name, layer in list(other.named_modules()):
            if isinstance(layer, BaseTunerLayer):
                other.set_submodule(name, layer.get_base_layer())
        del other.peft_config
        if hasattr(other, "_hf_peft_config_loaded"):
            other._hf_peft_config_loaded = False
    return other


def _texts(folders: dict[str, Path], model: PipelineModel) -> dict[str, Any]:
    texts = {}
    for part, folder in folders.items():
        own = model.encoder.networks[part]
        kind = type(own).__name__
        found = load_text_network(folder, kind, own.device, own.dtype)
        width, needed = (int(each.config.hidden_size) for each in (found, own))
        if width != needed:
            raise BaselineMismatch(
                f"{folder} does not fit {model.description.name}: its text width is {width}, "
                f"the target's is {needed}."
            )
        texts[part] = found
    return texts


def _pipeline(model: Model) -> PipelineModel:
    if not isinstance(model, PipelineModel):
        raise BaselineMismatch(
            f"{model.description.name} was not loaded from a pipeline, so that no file can be its "
            "baseline: make one of its own family (memlens.models.custom)."
        )
    return model


def _baseline_parts(path: Path, model: PipelineModel) -> _CheckpointFolders:
    if not path.is_dir():
        raise ModelError(f"the baseline {path} does not exist: there is no such folder or file.")
    part = family_of(model.description.family, of=str(path)).denoiser
    if (path / part / "config.json").is_file():
        texts = {
            text: path / text
            for text in model.encoder.networks
            if (path / text / "config.json").is_file()
        }
        return _CheckpointFolders(path / part, texts)
    if (path / "config.json").is_file():
        text = path.parent / EARLY_TEXT_ENCODER
        brings = path.name == EARLY_UNET and (text / "config.json").is_file()
        return _CheckpointFolders(path, {"text_encoder": text} if brings else {})
    what = "UNet" if part == "unet" else part
    raise ModelError(f"{path} holds no {what}: neither config.json nor a {part} folder is there.")


def _refuse_other_architecture(folder: Path, config: dict[str, Any], like: PipelineModel) -> None:
    network = like.denoiser.network
    kind = type(network).__name__
    if config.get("_class_name", kind) != kind:
        raise BaselineMismatch(f"{folder} is a {config['_class_name']}; the target is a {kind}.")
    own = {k: v for k, v in network.config.items() if not k.startswith("_")}
    for key in (*(["sample_size"] if "sample_size" in own else []), *sorted(own)):
        theirs = config.get(key, own[key])
        if _plain(theirs) != _plain(own[key]):
            raise BaselineMismatch(
                f"{folder} does not fit {like.description.name}: its {key} is {theirs}, "
                f"the target's is {own[key]}."
            )


def _refuse_other_schedule(path: Path, like: PipelineModel) -> None:
    # A pipeline's network named by itself has the schedule beside it.
    places = (path, path.parent) if (path.parent / "model_index.json").is_file() else (path,)
    files = (place / "scheduler" / "scheduler_config.json" for place in places)
    file = next((found for found in files if found.is_file()), None)
    if file is None:
        return
    theirs, own = read_json(file), like.noise.values
    pairs: dict[str, tuple[Any, Any]] = {
        key: (theirs.get(key), own.get(key)) for key in _SCHEDULE_KEYS
    }
    if like.denoiser.prediction_type != "flow":
        # Filled in on both sides: a file that says nothing means the library's default.
        pairs["prediction_type"] = prediction_type_of(theirs), like.denoiser.prediction_type
    for key, (other, mine) in pairs.items():
        if other is not None and mine is not None and other != mine:
            raise BaselineMismatch(
                f"{path} does not fit {like.description.name}: its schedule has {key} {other}, "
                f"the target's has {mine}."
            )


def _refuse_other_files(path: Path | None) -> None:
    if path is None or path.suffix not in (SAFETENSORS, *PICKLED):
        raise ModelError(f"{path} is not a .safetensors file: convert the checkpoint first.")
    if path.suffix == SAFETENSORS:
        check_safetensors(path)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
