"""DiT: conditioned on a class, which the prompt names by its number or its label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from memlens.errors import ModelError, SettingsError
from memlens.models.denoiser import Condition
from memlens.models.description import CLASS, CLASSIFIER_FREE
from memlens.models.network_denoiser import NetworkDenoiser
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.parts import Parts, latent_sides
from memlens.models.picture_codec import Autoencoder
from memlens.models.pipeline_model import Offers, PipelineModel, described
from memlens.models.scheduler_config import LATENT_MENDS, mended_config
from memlens.models.stable_diffusion import guidance_scale, refuse_other_channels
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

_GUIDANCE_SCALE = 4.0
_CLASSES = "classes"


class DiTDenoiser(NetworkDenoiser):
    """A DiTTransformer2DModel that speaks ε̂: its first C channels, the rest is variance."""

    def output(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Call the transformer on `x`, (B, C, H, W)."""
        output: Tensor = self.network(
            x,
            timestep=torch.full((len(x),), int(level.timestep), device=x.device),
            class_labels=condition.extra[_CLASSES],
            return_dict=False,
        )[0]
        return output[:, : x.shape[1]]


class ClassEncoder(TextEncoders):
    """Turns a class's number or label into its number; "" is the null class.

    Parameters
    ----------
    count
        Classes; the null class has this number.
    labels
        Label in lower case → number; synonyms each on its own.
    device
        Where the numbers go.
    """

    max_tokens = 1

    def __init__(self, count: int, labels: Mapping[str, int], device: torch.device) -> None:
        super().__init__()
        self._count = count
        self._labels = labels
        self._device = device

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode a class.

        Raises
        ------
        SettingsError
            If there is no such class.
        """
        number = torch.tensor([self._number(prompt)], device=self._device)
        return Condition(
            embedding=torch.zeros(1, 1, 1, device=self._device), extra={_CLASSES: number}
        )

    def count(self, prompt: str) -> tuple[int, int]:
        """Return whether a class is named, and that one can be."""
        return int(bool(prompt.strip())), 1

    def _number(self, prompt: str) -> int:
        words = prompt.strip().lower()
        if not words:
            return self._count
        if words in self._labels:
            return self._labels[words]
        if words.isascii() and words.isdigit() and int(words) < self._count:
            return int(words)
        known = f"0 to {self._count - 1}{', or its label' if self._labels else ''}"
        raise SettingsError(f"there is no class {prompt.strip()!r}: give a number from {known}.")


def labels_of(index: Mapping[str, Any]) -> dict[str, int]:
    """Return each label of ``id2label``, in lower case, with its number; synonyms by comma."""
    found: dict[str, int] = {}
    for number, label in dict(index.get("id2label") or {}).items():
        for name in (str(label), *str(label).split(",")):
            found.setdefault(name.strip().lower(), int(number))
    return found


def load(parts: Parts) -> PipelineModel:
    """Load a DiT pipeline.

    Raises
    ------
    ModelError
        If a part is missing, damaged, or does not go with the others.
    """
    values, file = parts.scheduler()
    noise = VariancePreserving(mended_config(values, file, LATENT_MENDS))
    transformer = parts.network("transformer", "DiTTransformer2DModel")
    config = transformer.config
    codec = Autoencoder(parts.network("vae", "AutoencoderKL"))
    size = latent_sides(parts, "transformer", config.sample_size)
    denoiser = DiTDenoiser(
        transformer, noise.values["prediction_type"], (int(config.in_channels), *size)
    )
    refuse_other_channels(parts, denoiser, codec, "transformer")
    try:
        labels = labels_of(parts.index)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{parts.source}: id2label of model_index.json is damaged.") from error
    encoder = ClassEncoder(int(config.num_embeds_ada_norm), labels, denoiser.device)
    return PipelineModel(
        description=described(
            name=parts.name,
            source=parts.source,
            fingerprint=parts.fingerprint,
            family=parts.pipeline,
            denoiser=denoiser,
            codec=codec,
            noise=noise,
            prompt_tokens=encoder.max_tokens,
            default_guidance_scale=guidance_scale(parts, _GUIDANCE_SCALE),
            guidance=CLASSIFIER_FREE,
            takes=CLASS,
        ),
        denoiser=denoiser,
        encoder=encoder,
        codec=codec,
        noise=noise,
        offers=Offers(
            missing={"bright-ending": "Bright Ending reads attention to a prompt; DiT has none."},
            multiple=int(config.patch_size),
        ),
    )
