"""The parts of a pipeline, each loaded from its folder or refused with a sentence that names it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
from huggingface_hub.errors import StrictDataclassError

from memlens.device import guarding_memory
from memlens.errors import ModelError

_Loaded = TypeVar("_Loaded")
_LIBRARY_ERRORS = (
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    StrictDataclassError,
)


def load_network(folder: Path, kind: str, where: torch.device, precision: torch.dtype) -> Any:
    """Load a diffusers network of the class `kind`.

    Raises
    ------
    ModelError
        If it is not whole, of another class, or holds NaN or infinity.
    OutOfMemory
        If it does not fit.
    """
    import diffusers

    def load() -> Any:
        loaded, info = getattr(diffusers, kind).from_pretrained(
            folder,
            torch_dtype=precision,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        _refuse_missing(info)
        return loaded

    loaded = naming(folder, load)
    refuse_infinite(folder, loaded)
    with guarding_memory(where, f"the weights in {folder.name}"):
        return loaded.to(where)


def load_text_network(folder: Path, kind: str, where: torch.device, precision: torch.dtype) -> Any:
    """Load a transformers text encoder of the class `kind`; errors are those of `load_network`."""
    import transformers

    def load() -> Any:
        text, info = getattr(transformers, kind).from_pretrained(
            folder,
            dtype=precision,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
        _refuse_missing(info)
        return text

    text = naming(folder, load)
    refuse_infinite(folder, text)
    with guarding_memory(where, "the text encoder"):
        return text.to(where)


def load_tokenizer(folder: Path, kind: str, *, vocabulary: int) -> Any:
    """Load a transformers tokenizer of the class `kind`.

    Raises
    ------
    ModelError
        If it cannot be read, or has more tokens than the `vocabulary` of its text encoder.
    """
    import transformers

    # Without its vocabulary the library would make a tokenizer that knows no word.
    known = ("tokenizer.json", "vocab.json", "spiece.model")
    if not any((folder / name).is_file() for name in known):
        raise ModelError(f"{folder} holds no tokenizer.json and no vocab.json.")
    tokenizer = naming(
        folder,
        lambda: getattr(transformers, kind).from_pretrained(folder, local_files_only=True),
    )
    if len(tokenizer) > vocabulary:
        raise ModelError(
            f"{folder} has {len(tokenizer):,} tokens, the text encoder knows "
            f"{vocabulary:,}: they do not belong together."
        )
    return tokenizer


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


def _refuse_missing(info: dict[str, Any]) -> None:
    # The libraries would leave missing weights at their random initial values.
    if info["missing_keys"]:
        raise ValueError(f"the weight {sorted(info['missing_keys'])[0]} is missing")


def naming(folder: Path, load: Callable[[], _Loaded]) -> _Loaded:
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
