"""The parts of a pipeline, each loaded from its folder or refused with a sentence that names it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch

from memlens.device import guarding_memory
from memlens.errors import ModelError
from memlens.models.stable_diffusion import ClipPromptEncoder, UNetDenoiser

_Loaded = TypeVar("_Loaded")
_LIBRARY_ERRORS = (
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
)


def load_denoiser(
    folder: Path, prediction_type: str, where: torch.device, precision: torch.dtype
) -> UNetDenoiser:
    """Load a UNet.

    Raises
    ------
    ModelError
        If it is not whole, holds NaN or infinity, or is not a UNet that memlens can call.
    OutOfMemory
        If it does not fit.
    """
    unet = _from_diffusers("UNet2DConditionModel", folder, where, precision)
    _refuse_other_interface(folder, unet.config)
    return UNetDenoiser(unet, prediction_type)


def load_decoder(folder: Path, where: torch.device, precision: torch.dtype) -> Any:
    """Load an AutoencoderKL; errors are those of `load_denoiser`."""
    return _from_diffusers("AutoencoderKL", folder, where, precision)


def load_text_encoder(
    folder: Path, tokenizer_folder: Path, where: torch.device, precision: torch.dtype
) -> ClipPromptEncoder:
    """Load a CLIP text encoder with its tokenizer; errors are those of `load_denoiser`."""
    from transformers import CLIPTextModel, CLIPTokenizer

    def load() -> Any:
        text, info = CLIPTextModel.from_pretrained(
            folder,
            dtype=precision,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        _refuse_missing(info)
        return text

    text = _naming(folder, load)
    refuse_infinite(folder, text)
    # Without its vocabulary the library would make a tokenizer that knows no word.
    if not any((tokenizer_folder / name).is_file() for name in ("tokenizer.json", "vocab.json")):
        raise ModelError(f"{tokenizer_folder} holds no tokenizer.json and no vocab.json.")
    tokenizer = _naming(
        tokenizer_folder,
        lambda: CLIPTokenizer.from_pretrained(tokenizer_folder, local_files_only=True),
    )
    if len(tokenizer) > text.config.vocab_size:
        raise ModelError(
            f"{tokenizer_folder} has {len(tokenizer):,} tokens, the text encoder knows "
            f"{text.config.vocab_size:,}: they do not belong together."
        )
    with guarding_memory(where, "the text encoder"):
        return ClipPromptEncoder(text.to(where), tokenizer)


def refuse_infinite(source: Path, network: torch.nn.Module) -> None:
    """Refuse weights that are not numbers, before a picture is sampled with them.

    Raises
    ------
    ModelError
        If one is NaN or infinite; names it.
    """
    for name, weight in network.named_parameters():
        if not bool(torch.isfinite(weight).all()):
            way_on = "download it again"
            if weight.dtype == torch.float16:
                way_on = "choose float32, or download it again"
            raise ModelError(f"{source} holds NaN or infinity in the weight {name}: {way_on}.")


def _from_diffusers(name: str, folder: Path, where: torch.device, precision: torch.dtype) -> Any:
    import diffusers

    def load() -> Any:
        loaded, info = getattr(diffusers, name).from_pretrained(
            folder,
            torch_dtype=precision,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        _refuse_missing(info)
        return loaded

    loaded = _naming(folder, load)
    refuse_infinite(folder, loaded)
    with guarding_memory(where, f"the weights in {folder.name}"):
        return loaded.to(where)


def _refuse_missing(info: dict[str, Any]) -> None:
    # The libraries would leave missing weights at their random initial values.
    if info["missing_keys"]:
        raise ValueError(f"the weight {sorted(info['missing_keys'])[0]} is missing")


def _refuse_other_interface(folder: Path, config: Any) -> None:
    size = config.sample_size
    sides = (size, size) if isinstance(size, int) else size
    if not isinstance(sides, tuple | list) or len(sides) != 2 or min(sides) < 1:
        raise ModelError(f"{folder}: sample_size is {size!r}, so the latent's size is not known.")
    if config.in_channels != config.out_channels:
        raise ModelError(
            f"{folder} takes {config.in_channels} channels and gives {config.out_channels}: "
            "memlens knows no pipelines that condition on a picture."
        )
    for key in ("class_embed_type", "addition_embed_type", "encoder_hid_dim_type"):
        if config.get(key) is not None:
            raise ModelError(f"{folder} needs more than a prompt ({key} is {config[key]!r}).")


def _naming(folder: Path, load: Callable[[], _Loaded]) -> _Loaded:
    """Call `load`; whatever the libraries raise becomes a sentence that names the folder."""
    try:
        with guarding_memory(torch.device("cpu"), f"the weights in {folder.name}"):
            return load()
    except _LIBRARY_ERRORS as error:
        raise ModelError(f"{folder} cannot be loaded: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    if "`ignore_mismatched_sizes`" in lines[0] and "expected shape" not in lines[0]:
        return "its weights have other shapes than its config.json says"
    first = re.split(r"(?<=[^.])\. ", lines[0])[0]
    return re.sub(r"  +", " ", first).rstrip(".")
