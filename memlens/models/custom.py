"""A model of one's own: a network, a schedule and a shape are enough.

    import torch, memlens
    from memlens.models.custom import custom_model

    net = MyNetwork().eval()                       # any torch module

    def eps(x, level, condition):                  # x: (B, C, H, W); level: timestep, alpha, sigma
        return net(x, level.timestep, condition)   # condition: (B, …), what `encode` returns

    def encode(prompt):                            # (1, …); "" is ∅
        return my_text_encoder(prompt)

    model = custom_model(
        eps,
        shape=(3, 32, 32),
        schedule=torch.cumprod(1 - betas, 0),      # ᾱ of every timestep; or "flow"
        network=net,
        encode=encode,                             # leave it out where there is no condition
        name="mine",
    )
    run = memlens.sample(model, "a prompt", steps=50, guidance_scale=3.0)
    memlens.localize(run, "curvature-difference")

    early = custom_baseline(early_eps, like=model, network=early_net, name="earlier")
    memlens.localize(run, "curvature-difference", baseline=early)

A pipeline's folder becomes a family of its own with one more call: `families.add_family` names
the pipeline class and the module whose ``load(parts)`` returns such a model.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.errors import SettingsError
from memlens.models.denoiser import Condition, Prediction, prediction_of
from memlens.models.description import CLASSIFIER_FREE, NOTHING, PROMPT, UNGUIDED, ModelDescription
from memlens.models.noise_schedule import Flow, NoiseSchedule, VariancePreserving
from memlens.models.own_baseline import LoadedBaseline
from memlens.models.picture_codec import PictureCodec, Pixels
from memlens.models.pipeline_model import Offers, PipelineModel
from memlens.models.scheduler_config import SchedulerConfig
from memlens.models.text_encoders import TextEncoders
from memlens.sampling.schedule import NoiseLevel

Eps = Callable[[Tensor, NoiseLevel, Tensor], Tensor]
FLOW = "flow"
_WHERE = "custom model"


class CustomDenoiser:
    """A function that predicts noise, or what `prediction_type` says.

    Parameters
    ----------
    function
        ``(x, level, condition)`` to the output, (B, C, H, W).
    network
        The module behind it, for its device, precision and number of weights; None for none.
    prediction_type
        "epsilon", "sample", "v_prediction" or "flow".
    latent_shape
        (C, H, W).
    """

    def __init__(
        self,
        function: Eps,
        network: torch.nn.Module | None,
        prediction_type: str,
        latent_shape: tuple[int, int, int],
    ) -> None:
        if network is not None:
            network.requires_grad_(False)
            network.eval()
        self.function = function
        self.network = network
        self.prediction_type = prediction_type
        self.latent_shape = latent_shape

    @property
    def _weights(self) -> list[Tensor]:
        return [] if self.network is None else list(self.network.parameters())

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return self._weights[0].device if self._weights else torch.device("cpu")

    @property
    def dtype(self) -> torch.dtype:
        """The precision of its weights."""
        return self._weights[0].dtype if self._weights else torch.float32

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(weight.numel() for weight in self._weights)

    def in_float32(self) -> CustomDenoiser:
        """Return itself: a function cannot be copied to another precision."""
        return self

    def sized(self, latent_size: tuple[int, int]) -> CustomDenoiser:
        """Return the same for latents of (H, W)."""
        other = copy.copy(self)
        other.latent_shape = (self.latent_shape[0], *latent_size)
        return other

    def predict(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Prediction:
        """Predict noise and picture in `x`, (B, C, H, W)."""
        output = self.function(x.to(self.dtype), level, condition.embedding)
        return prediction_of(output.to(x.dtype), x, level, self.prediction_type)

    def eps(self, x: Tensor, level: NoiseLevel, condition: Condition) -> Tensor:
        """Predict the noise in `x`, (B, C, H, W)."""
        return self.predict(x, level, condition).eps


class _CustomEncoder(TextEncoders):
    max_tokens = 0

    def __init__(self, encode: Callable[[str], Tensor] | None, device: torch.device) -> None:
        super().__init__()
        self._encode = encode
        self._device = device

    @torch.no_grad()
    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        if self._encode is not None:
            return Condition(embedding=self._encode(prompt).to(self._device))
        if prompt.strip():
            raise SettingsError("this model takes no prompt: leave it empty.")
        return Condition(embedding=torch.zeros(1, 1, device=self._device))

    def count(self, prompt: str) -> tuple[int, int]:
        words = len(prompt.split())
        return words, words


def custom_model(
    function: Eps,
    *,
    shape: tuple[int, int, int],
    schedule: Tensor | NDArray[np.floating] | str,
    network: torch.nn.Module | None = None,
    encode: Callable[[str], Tensor] | None = None,
    prediction_type: str | None = None,
    codec: PictureCodec | None = None,
    guidance_scale: float = 1.0,
    name: str = "custom",
    family: str = "Custom",
    missing: Mapping[str, str] | None = None,
) -> PipelineModel:
    """Make a model of one's own.

    Parameters
    ----------
    function
        ``eps(x, level, condition)``: what the network says of x, (B, C, H, W), at a
        `NoiseLevel`, under B conditions; differentiable in x.
    shape
        (C, H, W) of x.
    schedule
        ᾱ of every training timestep, (T,), falling; or "flow".
    network
        The module behind the function.
    encode
        Turns a prompt into a condition, (1, …); "" must give ∅. None: there is no condition.
    prediction_type
        "epsilon" by default, "flow" for flows.
    codec
        Turns x into a picture and back; by default x is the picture, in ±1.
    guidance_scale
        The default.
    name, family
        For people and provenance.
    missing
        Method's key, or "unconditional" → why it cannot be offered.

    Raises
    ------
    SettingsError
        If shape or schedule cannot be used.
    """
    noise = _schedule_of(schedule)
    predicts = prediction_type or ("flow" if isinstance(noise, Flow) else "epsilon")
    denoiser: Any = CustomDenoiser(function, network, predicts, shape)
    pictures = codec or Pixels(shape[0])
    absent = dict(missing or {})
    absent.setdefault("bright-ending", f"{name} names no attention layers.")
    if encode is None:
        absent.setdefault("unconditional", f"{name} is conditioned on nothing.")
    return PipelineModel(
        description=ModelDescription(
            name=name,
            source=name,
            fingerprint=_fingerprint(network),
            family=family,
            prediction_type=predicts,
            latent_shape=shape,
            picture_size=(shape[1] * pictures.scale, shape[2] * pictures.scale),
            train_timesteps=noise.train_timesteps,
            prompt_tokens=0,
            parameters=denoiser.parameters,
            device=str(denoiser.device),
            dtype=str(denoiser.dtype).removeprefix("torch."),
            default_guidance_scale=guidance_scale,
            longest_walk=noise.most_steps,
            guidance=UNGUIDED if encode is None else CLASSIFIER_FREE,
            takes=NOTHING if encode is None else PROMPT,
        ),
        denoiser=denoiser,
        encoder=_CustomEncoder(encode, denoiser.device),
        codec=pictures,
        noise=noise,
        offers=Offers(missing=absent),
    )


def custom_baseline(
    function: Eps,
    *,
    like: PipelineModel,
    network: torch.nn.Module | None = None,
    encode: Callable[[str], Tensor] | None = None,
    name: str = "less-trained",
) -> LoadedBaseline:
    """Make a baseline of a model of one's own; what is not given is shared with `like`."""
    facts = like.description
    denoiser = CustomDenoiser(function, network, facts.prediction_type, facts.latent_shape)
    encoder = like.encoder if encode is None else _CustomEncoder(encode, denoiser.device)
    return LoadedBaseline(
        description=replace(facts, name=name, source=name, fingerprint=_fingerprint(network)),
        denoiser=denoiser,
        encoder=encoder,
    )


def _schedule_of(schedule: Tensor | NDArray[np.floating] | str) -> NoiseSchedule:
    if isinstance(schedule, str):
        if schedule != FLOW:
            raise SettingsError(
                f'the schedule {schedule!r} must be ᾱ of every timestep, or "flow".'
            )
        return Flow({}, file=_WHERE, patch=1, starts_evenly=True)
    signal = np.asarray(schedule, np.float64)
    falls = signal.ndim == 1 and len(signal) > 1 and bool(np.all(np.diff(signal) < 0))
    if not falls or signal[0] >= 1.0 or signal[-1] <= 0.0:
        raise SettingsError("ᾱ must fall from timestep to timestep, between 1 and 0.")
    before = np.concatenate([[1.0], signal[:-1]])
    betas = (1.0 - signal / before).tolist()
    values = {
        "trained_betas": betas,
        "num_train_timesteps": len(signal),
        "clip_sample": False,
        "set_alpha_to_one": True,
        "prediction_type": "epsilon",
    }
    config = SchedulerConfig(
        values=values,
        mended=(),
        assumed=(),
        train_timesteps=len(signal),
        most_steps=len(signal),
    )
    return VariancePreserving(config, own_sampler=False)


def _fingerprint(network: torch.nn.Module | None) -> str:
    digest = hashlib.sha256()
    for weight in () if network is None else network.parameters():
        values = weight.detach().to("cpu", torch.float32).contiguous().numpy()
        digest.update(values.tobytes()[: 1 << 16])
    return digest.hexdigest()[:12]
