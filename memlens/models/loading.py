"""Load a model and a less-trained baseline of the same architecture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from memlens.device import choose_device, choose_dtype, guarding_memory
from memlens.errors import BaselineMismatch, ModelError
from memlens.models.components import (
    load_decoder,
    load_denoiser,
    load_text_encoder,
    refuse_infinite,
)
from memlens.models.denoiser import Baseline
from memlens.models.description import ModelDescription
from memlens.models.scheduler_config import (
    SchedulerConfig,
    prediction_type_of,
    read_scheduler_config,
)
from memlens.models.sources import ModelSource, read_json, resolve, resolve_baseline
from memlens.models.stable_diffusion import ClipPromptEncoder, StableDiffusion, UNetDenoiser
from memlens.models.weights import check_safetensors, component_weights, fingerprint
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

EARLY_UNET = "unet-early"
EARLY_TEXT_ENCODER = "text_encoder-early"
_WEIGHTED = ("unet", "text_encoder", "vae")
_SCHEDULE_KEYS = ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule")


def load_model(
    source: str | Path,
    *,
    device: str = "auto",
    dtype: str = "auto",
    download: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> StableDiffusion:
    """Load a model.

    Parameters
    ----------
    source
        "demo", a folder in diffusers' layout, or a hub id "owner/name".
    device, dtype
        "auto" or a name; see `memlens.device`.
    download
        Whether a hub id may be downloaded.
    progress, cancel
        Counted and checked per component.

    Raises
    ------
    ModelError
        If it cannot be found, read or used.
    SettingsError
        If `device` or `dtype` is unknown.
    Cancelled
        Between two components.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    where = choose_device(device)
    found = resolve(source, download=download)
    stages = iter(range(len(_WEIGHTED) + 2))

    def stage(what: str) -> None:
        token.check()
        report(Progress(next(stages), len(_WEIGHTED) + 1, f"loading {what}"))

    stage("checksums")
    files = [path for part in _WEIGHTED for path in component_weights(found.folder / part)]
    for path in files:
        check_safetensors(path)
    precision = choose_dtype(dtype, where, _weight_count(found.folder / "unet"))
    scheduler = read_scheduler_config(found.folder / "scheduler" / "scheduler_config.json")

    stage("text encoder")
    encoder = load_text_encoder(
        found.folder / "text_encoder", found.folder / "tokenizer", where, precision
    )
    stage("denoiser")
    prediction_type = scheduler.values["prediction_type"]
    denoiser = load_denoiser(found.folder / "unet", prediction_type, where, precision)
    stage("decoder")
    vae = load_decoder(found.folder / "vae", where, precision)
    _refuse_parts_that_differ(found.folder, denoiser, encoder, vae)
    stage("done")
    description = _describe(found, denoiser, encoder, vae, scheduler, files)
    return StableDiffusion(
        description=description,
        denoiser=denoiser,
        encoder=encoder,
        vae=vae,
        scheduler_config=scheduler.values,
    )


def early_checkpoint(model: StableDiffusion) -> Path | None:
    """Return the less-trained UNet that the model's folder brings, None where it brings none."""
    folder = Path(model.description.source) / EARLY_UNET
    return folder if (folder / "config.json").is_file() else None


def load_baseline(
    source: str | Path,
    *,
    like: StableDiffusion,
    download: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> Baseline:
    """Load a less-trained checkpoint of the same architecture as `like`.

    Parameters
    ----------
    source
        A UNet's folder, a folder or pipeline with a ``unet`` folder (its own text encoder is
        used if it brings one), a ``.safetensors`` file of UNet weights, or a hub id "owner/name"
        of such a folder.
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
    denoiser = like.denoiser
    where, precision = denoiser.device, denoiser.dtype
    token.check()
    report(Progress(0, 2, "loading baseline"))
    called, path = resolve_baseline(source, download=download)
    token.check()
    if path.is_file():
        files: tuple[Path, ...] = (path,)
        encoder = like.encoder
        unet = _unet_from_file(path, like)
    else:
        unet_folder, text_folder = _baseline_parts(path)
        files = component_weights(unet_folder)
        _refuse_other_schedule(path, like)
        config = read_json(unet_folder / "config.json")
        _refuse_other_architecture(unet_folder, config, like)
        for file in files:
            check_safetensors(file)
        unet = load_denoiser(unet_folder, denoiser.prediction_type, where, precision).unet
        token.check()
        encoder = like.encoder
        if text_folder is not None:
            text_files = component_weights(text_folder)
            for file in text_files:
                check_safetensors(file)
            files = (*files, *text_files)
            tokenizer = Path(like.description.source) / "tokenizer"
            encoder = load_text_encoder(text_folder, tokenizer, where, precision)
            _refuse_other_text_width(text_folder, encoder, like)
    report(Progress(2, 2, "loading baseline"))
    early = path.name == EARLY_UNET and path.parent == Path(like.description.source)
    name = f"{like.description.name}/{EARLY_UNET}" if early else called
    description = replace(
        like.description, name=name, source=str(path), fingerprint=fingerprint(files)
    )
    return Baseline(
        description=description,
        denoiser=UNetDenoiser(unet, denoiser.prediction_type),
        encoder=encoder,
    )


def refuse_unfit_baseline(path: Path, like: StableDiffusion) -> None:
    """Check what can be told of a baseline without its weights.

    Raises
    ------
    BaselineMismatch
        If architecture or schedule differ; names the difference.
    ModelError
        If it is not there or damaged.
    """
    if path.is_file():
        if path.suffix != ".safetensors":
            raise ModelError(f"{path} is not a .safetensors file: convert the checkpoint first.")
        check_safetensors(path)
        return
    unet_folder, _ = _baseline_parts(path)
    component_weights(unet_folder)
    _refuse_other_schedule(path, like)
    _refuse_other_architecture(unet_folder, read_json(unet_folder / "config.json"), like)


def _baseline_parts(path: Path) -> tuple[Path, Path | None]:
    """Return the UNet's folder and the text encoder's, None where the checkpoint brings none."""
    if not path.is_dir():
        raise ModelError(f"the baseline {path} does not exist: there is no such folder or file.")
    if (path / "unet" / "config.json").is_file():
        text = path / "text_encoder"
        return path / "unet", text if (text / "config.json").is_file() else None
    if (path / "config.json").is_file():
        text = path.parent / EARLY_TEXT_ENCODER
        brings = path.name == EARLY_UNET and (text / "config.json").is_file()
        return path, text if brings else None
    raise ModelError(f"{path} holds no UNet: neither config.json nor a unet folder is there.")


def _refuse_other_architecture(folder: Path, config: dict[str, Any], like: StableDiffusion) -> None:
    unet = like.denoiser.unet
    if config.get("_class_name", "UNet2DConditionModel") != "UNet2DConditionModel":
        raise BaselineMismatch(
            f"{folder} is a {config['_class_name']}; the target is a UNet2DConditionModel."
        )
    own = {k: v for k, v in unet.config.items() if not k.startswith("_")}
    for key in ("sample_size", *sorted(own)):
        theirs = config.get(key, own[key])
        if _plain(theirs) != _plain(own[key]):
            raise BaselineMismatch(
                f"{folder} does not fit {like.description.name}: its {key} is {theirs}, "
                f"the target's is {own[key]}."
            )


def _refuse_other_schedule(path: Path, like: StableDiffusion) -> None:
    # A pipeline's UNet named by itself has the schedule beside it.
    places = (path, path.parent) if (path.parent / "model_index.json").is_file() else (path,)
    files = (place / "scheduler" / "scheduler_config.json" for place in places)
    file = next((found for found in files if found.is_file()), None)
    if file is None:
        return
    theirs = read_json(file)
    pairs = {key: (theirs.get(key), like.scheduler_config.get(key)) for key in _SCHEDULE_KEYS}
    predicts = (prediction_type_of(theirs), like.denoiser.prediction_type)
    for key, (other, own) in {**pairs, "prediction_type": predicts}.items():
        if other is not None and own is not None and other != own:
            raise BaselineMismatch(
                f"{path} does not fit {like.description.name}: its schedule has {key} {other}, "
                f"the target's has {own}."
            )


def _refuse_other_text_width(
    folder: Path, encoder: ClipPromptEncoder, like: StableDiffusion
) -> None:
    width = int(encoder.text_encoder.config.hidden_size)
    own = int(like.encoder.text_encoder.config.hidden_size)
    if width != own:
        raise BaselineMismatch(
            f"{folder} does not fit {like.description.name}: its text width is {width}, "
            f"the target's is {own}."
        )


def _unet_from_file(path: Path, like: StableDiffusion) -> Any:
    from diffusers import UNet2DConditionModel
    from safetensors.torch import load_file

    if path.suffix != ".safetensors":
        raise ModelError(f"{path} is not a .safetensors file: convert the checkpoint first.")
    check_safetensors(path)
    weights = load_file(path)
    unet = UNet2DConditionModel.from_config(like.denoiser.unet.config)
    own = unet.state_dict()
    missing = sorted(own.keys() - weights.keys()) or sorted(weights.keys() - own.keys())
    if missing:
        raise BaselineMismatch(
            f"{path} does not fit {like.description.name}: they differ in the weight {missing[0]}."
        )
    for name, tensor in weights.items():
        if tensor.shape != own[name].shape:
            raise BaselineMismatch(
                f"{path} does not fit {like.description.name}: {name} is {tuple(tensor.shape)}, "
                f"the target's is {tuple(own[name].shape)}."
            )
    unet.load_state_dict(weights)
    refuse_infinite(path, unet)
    with guarding_memory(like.denoiser.device, "the baseline"):
        return unet.to(like.denoiser.device, like.denoiser.dtype)


def _refuse_parts_that_differ(
    folder: Path, denoiser: UNetDenoiser, encoder: ClipPromptEncoder, vae: Any
) -> None:
    width = encoder.text_encoder.config.hidden_size
    needed = denoiser.unet.config.cross_attention_dim
    if isinstance(needed, int) and width != needed:
        raise ModelError(
            f"{folder}: the text encoder's width is {width}, the UNet needs {needed}: "
            "they do not belong together."
        )
    channels = denoiser.latent_shape[0]
    if vae.config.latent_channels != channels:
        raise ModelError(
            f"{folder}: the decoder takes {vae.config.latent_channels} channels, the UNet gives "
            f"{channels}: they do not belong together."
        )


def _describe(
    found: ModelSource,
    denoiser: UNetDenoiser,
    encoder: ClipPromptEncoder,
    vae: Any,
    scheduler: SchedulerConfig,
    files: list[Path],
) -> ModelDescription:
    _, height, width = denoiser.latent_shape
    scale = 2 ** (len(vae.config.block_out_channels) - 1)
    return ModelDescription(
        name=found.name,
        source=str(found.folder),
        fingerprint=fingerprint(files),
        family=found.pipeline,
        prediction_type=denoiser.prediction_type,
        latent_shape=denoiser.latent_shape,
        picture_size=(height * scale, width * scale),
        train_timesteps=scheduler.train_timesteps,
        prompt_tokens=encoder.max_tokens,
        parameters=sum(p.numel() for p in denoiser.unet.parameters()),
        device=str(denoiser.device),
        dtype=str(denoiser.dtype).removeprefix("torch."),
        default_guidance_scale=found.default_guidance_scale,
        longest_walk=scheduler.most_steps,
        schedule_mended=scheduler.mended,
    )


def _weight_count(folder: Path) -> int:
    # Two bytes a weight at the least: an upper bound is what the memory check wants.
    return sum(path.stat().st_size for path in component_weights(folder)) // 2


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
