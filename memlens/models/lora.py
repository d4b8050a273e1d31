"""Put a LoRA on a model, diffusers' or kohya's, through peft; its strength can be changed."""

from __future__ import annotations

import copy
import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor

from memlens.errors import BaselineMismatch, ModelError, SettingsError
from memlens.models.adapter import Adapter
from memlens.models.components import naming, refuse_infinite
from memlens.models.denoiser import Condition, Model
from memlens.models.families import family_of
from memlens.models.pipeline_model import PipelineModel, RenewableEncoder
from memlens.models.weights import check_safetensors, fingerprint

_NAME = "memlens"
_FILES = ("pytorch_lora_weights.safetensors", "adapter_model.safetensors")
# Part of the names of LoRA weights, in either layout.
_MARKS = ("lora_", ".lora.", "_lora")


class AdaptedEncoder:
    """A prompt encoder whose text encoders may have a LoRA, at a strength of its own.

    Parameters
    ----------
    inner
        The family's encoder; others may use the same text encoders at another strength.
    scale
        0 turns the LoRA off.
    """

    def __init__(self, inner: RenewableEncoder, scale: float) -> None:
        self.inner = inner
        self.scale = scale
        self._adapters = [Adapter(network) for network in inner.networks.values()]

    @property
    def networks(self) -> Mapping[str, Any]:
        """The text encoders by the names of their folders."""
        return self.inner.networks

    @property
    def max_tokens(self) -> int:
        """Longest prompt in tokens, start and end included."""
        return self.inner.max_tokens

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a prompt; "" is ∅."""
        for adapter in self._adapters:
            adapter.use(self.scale)
        return self.inner(prompt, guidance_scale)

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for."""
        return self.inner.count(prompt)

    def __getattr__(self, name: str) -> Any:
        # Tells tokens where the family's encoder does.
        if name != "token_texts":
            raise AttributeError(name)
        return getattr(self.inner, name)

    def with_networks(self, networks: Mapping[str, Any]) -> AdaptedEncoder:
        """Return the same with other text encoders."""
        return AdaptedEncoder(self.inner.with_networks(networks), self.scale)


def lora_in(path: Path) -> Path | None:
    """Return the LoRA file that `path` is, or that a folder of a LoRA's training holds."""
    if path.is_dir():
        return next((path / name for name in _FILES if (path / name).is_file()), None)
    if path.suffix != ".safetensors" or not path.is_file():
        return None
    check_safetensors(path)
    from safetensors import safe_open

    with safe_open(path, framework="pt") as weights:
        names = list(weights.keys())
    return path if names and any(mark in names[0] for mark in _MARKS) else None


def with_lora(model: Model, file: Path, scale: float = 1.0) -> PipelineModel:
    """Put a LoRA on a freshly loaded model; its networks are changed.

    Parameters
    ----------
    model
        Without a LoRA.
    file
        ``.safetensors``, diffusers' or kohya's, or a folder with one.
    scale
        How strongly it acts.

    Raises
    ------
    ModelError
        If the file cannot be read, holds no LoRA, or fits nothing of this model.
    SettingsError
        If `scale` is no number.
    """
    check_scale(scale)
    if not isinstance(model, PipelineModel):
        raise ModelError(f"{model.description.name} is of its own making: no LoRA file fits it.")
    path = lora_in(file)
    if path is None:
        if not file.exists():
            raise ModelError(f"the LoRA {file} does not exist: there is no such file.")
        raise ModelError(
            f"{file} holds no LoRA: give a .safetensors file in diffusers' or kohya's layout."
        )
    family = family_of(model.description.family, of=str(file))
    if not family.lora_loader:
        raise ModelError(f"{file}: memlens puts no LoRA on a {family.pipeline}.")
    _inject(model, path, family.lora_loader, family.denoiser)
    adapted = copy.copy(model)
    adapted.denoiser = model.denoiser.with_network(model.denoiser.network)
    adapted.encoder = AdaptedEncoder(model.encoder, scale)
    adapted.base = model.description
    adapted.description = replace(
        model.description, fingerprint=_joined(model.description.fingerprint, fingerprint([path]))
    )
    return at_scale(adapted, scale, path.name)


def at_scale(model: PipelineModel, scale: float, name: str = "") -> PipelineModel:
    """Return a model with its LoRA at another strength; weights are shared.

    Raises
    ------
    BaselineMismatch
        If it has none.
    SettingsError
        If `scale` is no number.
    """
    check_scale(scale)
    if not isinstance(model.encoder, AdaptedEncoder):
        raise BaselineMismatch(f"{model.description.name} has no LoRA that could be off or weaker.")
    base = model.base
    assert base is not None
    other = copy.copy(model)
    other.denoiser = model.denoiser.adapted(scale)
    other.encoder = AdaptedEncoder(model.encoder.inner, scale)
    file = name or model.description.adapter.rpartition(" × ")[0]
    whole = model.description.fingerprint if name else model.lora_fingerprint
    other.lora_fingerprint = whole
    if scale == 0.0:
        # Off, it is the model itself.
        described = replace(
            model.description, name=base.name, fingerprint=base.fingerprint, adapter=""
        )
    else:
        described = replace(
            model.description,
            name=f"{base.name} + {file}",
            fingerprint=whole if scale == 1.0 else _joined(whole, f"{scale:g}"),
            adapter=f"{file} × {scale:g}",
        )
    other.description = described
    return other


def check_scale(scale: float) -> None:
    """Raise unless `scale` is a finite number.

    Raises
    ------
    SettingsError
        If it is not.
    """
    if not math.isfinite(scale):
        raise SettingsError(f"the LoRA's scale {scale} is not a number.")


def _inject(model: PipelineModel, path: Path, loader_name: str, part: str) -> None:
    from diffusers import loaders

    loader = getattr(loaders.lora_pipeline, loader_name)
    network = model.denoiser.network
    weights, alphas, metadata = naming(path, lambda: _state_of(loader, path, network.config))
    own = {key: value for key, value in weights.items() if key.startswith(f"{part}.")}

    def inject() -> None:
        if own:
            network.load_lora_adapter(
                weights, prefix=part, network_alphas=alphas, adapter_name=_NAME, metadata=metadata
            )
        for text, encoder in model.encoder.networks.items():
            if any(key.startswith(f"{text}.") for key in weights):
                loader.load_lora_into_text_encoder(
                    weights,
                    network_alphas=alphas,
                    text_encoder=encoder,
                    prefix=text,
                    adapter_name=_NAME,
                    metadata=metadata,
                )

    naming(path, inject)
    reached = [net for net in (network, *model.encoder.networks.values()) if Adapter(net)]
    if not reached:
        raise ModelError(
            f"{path} fits nothing of {model.description.name}: no layer has its names."
        )
    for net in reached:
        net.requires_grad_(False)
        net.eval()
        _cast(net)
        refuse_infinite(path, net)


def _cast(network: Any) -> None:
    """Bring the LoRA's weights to the precision of the network's own."""
    precision = network.dtype
    for weight in network.parameters():
        weight.data = weight.data.to(precision)


def _state_of(
    loader: Any, path: Path, config: Any
) -> tuple[dict[str, Tensor], dict[str, float] | None, Any]:
    """Return a LoRA file's weights in diffusers' layout, its alphas and its metadata."""
    asked: dict[str, Any] = {"return_lora_metadata": True}
    if loader.__name__ == "StableDiffusionXLLoraLoaderMixin":
        asked["unet_config"] = config
    if loader.__name__ == "FluxLoraLoaderMixin":
        asked["return_alphas"] = True
    found = loader.lora_state_dict(
        str(path.parent),
        weight_name=path.name,
        use_safetensors=True,
        local_files_only=True,
        **asked,
    )
    weights, *middle, metadata = found
    return weights, (middle[0] if middle else None), metadata


def _joined(*words: str) -> str:
    return hashlib.sha256(";".join(words).encode()).hexdigest()[:12]
