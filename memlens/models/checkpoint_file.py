"""Weights in one file, ``.safetensors`` or pickled ``.ckpt``, in diffusers' or the first layout."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from memlens.device import guarding_memory
from memlens.errors import BaselineMismatch, ModelError
from memlens.models.components import naming, refuse_infinite
from memlens.models.weights import check_safetensors

SAFETENSORS = ".safetensors"
PICKLED = (".ckpt",)
# What the first layout of Stable Diffusion, and of its successors, puts before a network's names.
NETWORK_PREFIX = "model.diffusion_model."
_ZIP = b"PK\x03\x04"


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read all tensors of a file.

    A pickled file is read through ``weights_only=True``: it can hold tensors and plain values,
    and runs nothing.

    Raises
    ------
    ModelError
        If it is missing, damaged, of another kind, or needs to run code.
    """
    if path.suffix == SAFETENSORS:
        check_safetensors(path)
        from safetensors.torch import load_file

        loaded: dict[str, Tensor] = naming(path, lambda: load_file(path))
        return loaded
    if path.suffix not in PICKLED:
        raise ModelError(
            f"{path} is not a .safetensors file: weights are read from .safetensors and .ckpt."
        )
    content = _unpickled(path)
    weights = content.get("state_dict", content) if isinstance(content, dict) else content
    if not isinstance(weights, dict):
        raise ModelError(f"{path} holds no weights: it is a {type(weights).__name__}.")
    found = {str(name): value for name, value in weights.items() if isinstance(value, Tensor)}
    if not found:
        raise ModelError(f"{path} holds no weights.")
    # Trainers keep the number of steps beside them.
    step = content.get("global_step") if isinstance(content, dict) else None
    if isinstance(step, int):
        found.setdefault("global_step", torch.tensor(step))
    return found


def shapes_in(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of every weight of a file; of ``.safetensors``, only the header is read.

    Errors are those of `read_weights`.
    """
    if path.suffix != SAFETENSORS:
        return {name: tuple(weight.shape) for name, weight in read_weights(path).items()}
    check_safetensors(path)
    from safetensors import safe_open

    with safe_open(path, framework="pt") as weights:
        return {name: tuple(weights.get_slice(name).get_shape()) for name in weights.keys()}


def _unpickled(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            start = file.read(len(_ZIP))
        with warnings.catch_warnings():
            # Of a pickle's age and of storages: what cannot be read is refused below.
            warnings.simplefilter("ignore")
            # Memory is not filled with what is not asked for.
            return torch.load(path, map_location="cpu", weights_only=True, mmap=start == _ZIP)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path} holds more than weights, or is damaged: its pickle is not run. Convert it to "
            ".safetensors where you trust it."
        ) from error
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, AttributeError, IndexError,
            TypeError, ImportError) as error:  # fmt: skip
        reason = getattr(error, "strerror", None) or "it is no checkpoint, or not a whole one"
        raise ModelError(f"{path} cannot be read: {reason}. Download it again.") from error


def converted(kind: str, weights: dict[str, Tensor], config: dict[str, Any]) -> dict[str, Tensor]:
    """Rename the weights of one network from the first layout to diffusers'.

    Parameters
    ----------
    kind
        The diffusers class.
    weights
        Of the whole file; others than this network's are passed over.
    config
        Of the network.
    """
    from diffusers.loaders.single_file_model import SINGLE_FILE_LOADABLE_CLASSES

    rename = SINGLE_FILE_LOADABLE_CLASSES[kind]["checkpoint_mapping_fn"]
    made: dict[str, Tensor] = rename(config=config, checkpoint=dict(weights))
    return made


def network_from_file(
    path: Path, like: Any, where: torch.device, precision: torch.dtype
) -> torch.nn.Module:
    """Load a network of the same architecture as `like` from a file of either layout.

    Raises
    ------
    ModelError
        If the file cannot be read.
    BaselineMismatch
        If a weight is missing, too much, or of another shape; names it.
    """
    weights = read_weights(path)
    kind, config = type(like), like.config
    from accelerate import init_empty_weights

    with init_empty_weights(include_buffers=False):
        network: torch.nn.Module = kind.from_config(config)
    own = network.state_dict()
    if any(name.startswith(NETWORK_PREFIX) for name in weights):
        original = weights
        weights = naming(path, lambda: converted(kind.__name__, original, dict(config)))
    refuse_other_weights(path, weights, own)
    network.load_state_dict(weights, assign=True)
    refuse_infinite(path, network)
    with guarding_memory(where, "the baseline"):
        return network.to(where, precision)


def refuse_other_weights(path: Path, weights: dict[str, Tensor], own: dict[str, Tensor]) -> None:
    """Refuse weights that are not those of a network.

    Raises
    ------
    BaselineMismatch
        If a weight is missing, too much, or of another shape; names it.
    """
    missing = sorted(own.keys() - weights.keys()) or sorted(weights.keys() - own.keys())
    if missing:
        raise BaselineMismatch(
            f"{path} does not fit the target: they differ in the weight {missing[0]}."
        )
    for name, tensor in weights.items():
        if tensor.shape != own[name].shape:
            raise BaselineMismatch(
                f"{path} does not fit the target: {name} is {tuple(tensor.shape)}, "
                f"the target's is {tuple(own[name].shape)}."
            )
