"""Stable-Diffusion-shaped pipelines: SD 1.x and 2.x, epsilon, sample and v prediction."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memlens.errors import MethodUnavailable, NumericalError, SettingsError
from memlens.models.denoiser import Condition, eps_from_output
from memlens.models.description import ModelDescription
from memlens.models.finite_output import advice
from memlens.sampling.schedule import NoiseLevel, Schedule

# The least ᾱ, as diffusers' own solvers have it: α = 2⁻¹², σ rounds to 1.
_LEAST_SIGNAL = 2.0**-24
_BRIGHT_ENDING_BLOCK = "CrossAttnDownBlock2D"


class UNetDenoiser:
    """A UNet2DConditionModel that speaks ε̂; weights take no gradient.

    Parameters
    ----------
    unet
        The diffusers model, on its device.
    prediction_type
        What its output is: "epsilon", "sample" or "v_prediction".
    """

    def __init__(self, unet: Any, prediction_type: str) -> None:
        unet.requires_grad_(False)
        unet.eval()
        self.unet = unet
        self.prediction_type = prediction_type

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        size = self.unet.config.sample_size
        height, width = (size, size) if isinstance(size, int) else size
        return int(self.unet.config.in_channels), int(height), int(width)

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        device: torch.device = self.unet.device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """The precision of its weights."""
        dtype: torch.dtype = self.unet.dtype
        return dtype

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(weight.numel() for weight in self.unet.parameters())

    def in_float32(self) -> UNetDenoiser:
        """Return a copy whose weights are float32."""
        return UNetDenoiser(copy.deepcopy(self.unet).float(), self.prediction_type)

    def eps(self, x: Tensor, level: NoiseLevel, embedding: Tensor) -> Tensor:
        """Predict the noise in `x`, (B, C, H, W), under `embedding`, (B, tokens, features)."""
        timestep = torch.tensor(int(level.timestep), device=x.device)
        output: Tensor = self.unet(
            x.to(self.dtype),
            timestep,
            encoder_hidden_states=embedding.to(self.dtype),
            return_dict=False,
        )[0]
        return eps_from_output(output.to(x.dtype), x, level, self.prediction_type)


class ClipPromptEncoder:
    """A CLIP text encoder with its tokenizer."""

    def __init__(self, text_encoder: Any, tokenizer: Any) -> None:
        text_encoder.requires_grad_(False)
        text_encoder.eval()
        self.text_encoder = text_encoder
        self.tokenizer = tokenizer
        longest = int(text_encoder.config.max_position_embeddings)
        self.max_tokens = min(int(tokenizer.model_max_length), longest)

    @torch.no_grad()
    def __call__(self, prompt: str) -> Condition:
        """Encode a prompt; what exceeds the tokenizer's limit is cut and kept in `truncated`.

        Raises
        ------
        SettingsError
            If it is not Unicode.
        """
        try:
            prompt.encode()
        except UnicodeEncodeError as error:
            raise SettingsError(
                f"the prompt is not Unicode: its character {error.start + 1} is half of one."
            ) from None
        tokens = self.tokenizer(
            prompt,
            padding="max_length",
            max_length=self.max_tokens,
            truncation=True,
            return_tensors="pt",
        )
        ids = tokens.input_ids
        mask = None
        if getattr(self.text_encoder.config, "use_attention_mask", False):
            mask = tokens.attention_mask.to(self.text_encoder.device)
        embedding = self.text_encoder(ids.to(self.text_encoder.device), attention_mask=mask)[0]
        return Condition(
            embedding=embedding,
            end_of_text=self._end_of_text(ids[0].tolist()),
            truncated=self._truncated(prompt),
        )

    def _end_of_text(self, ids: list[int]) -> int:
        end = self.tokenizer.eos_token_id
        return ids.index(end) if end in ids else len(ids) - 1

    def count(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes and how many there is room for, marks left out."""
        marks = self.tokenizer.num_special_tokens_to_add()
        whole = self.tokenizer(prompt, truncation=False, verbose=False).input_ids
        return len(whole) - marks, self.max_tokens - marks

    def _truncated(self, prompt: str) -> str:
        """Return what is cut, from the beginning of the word that the limit falls into."""
        used, room = self.count(prompt)
        if used <= room:
            return ""
        found = self.tokenizer(
            prompt,
            truncation=False,
            verbose=False,
            add_special_tokens=False,
            return_offsets_mapping=True,
        )
        start = int(found["offset_mapping"][room][0])
        while start and not prompt[start - 1].isspace():
            start -= 1
        return prompt[start:].strip()


class StableDiffusion:
    """A loaded pipeline: denoiser, prompt encoder, schedule and decoder."""

    def __init__(
        self,
        *,
        description: ModelDescription,
        denoiser: UNetDenoiser,
        encoder: ClipPromptEncoder,
        vae: Any,
        scheduler_config: dict[str, Any],
    ) -> None:
        vae.requires_grad_(False)
        vae.eval()
        self._description = description
        self._denoiser = denoiser
        self.encoder = encoder
        self.vae = vae
        self.scheduler_config = scheduler_config
        self._schedulers: dict[int, Any] = {}

    @property
    def description(self) -> ModelDescription:
        """Facts for people and provenance."""
        return self._description

    @property
    def denoiser(self) -> UNetDenoiser:
        """The network under inspection."""
        return self._denoiser

    def encode_prompt(self, prompt: str) -> Condition:
        """Encode a prompt; "" is the unconditional ∅."""
        return self.encoder(prompt)

    def count_tokens(self, prompt: str) -> tuple[int, int]:
        """Return how many tokens a prompt takes, and how many there is room for."""
        return self.encoder.count(prompt)

    def schedule(self, steps: int) -> Schedule:
        """Return the noise levels of a DDIM run of `steps` steps.

        Raises
        ------
        SettingsError
            If `steps` is below 1, or so many that the walk would leave the training schedule.
        """
        scheduler = self._scheduler(steps)
        return Schedule(
            tuple(
                NoiseLevel.variance_preserving(float(t), float(scheduler.alphas_cumprod[int(t)]))
                for t in scheduler.timesteps
            )
        )

    def initial_latent(self, seed: int) -> Tensor:
        """Draw x_T, (1, C, H, W), float32, from a CPU generator seeded with `seed`."""
        generator = torch.Generator("cpu").manual_seed(seed)
        noise = torch.randn((1, *self._denoiser.latent_shape), generator=generator)
        return noise.to(self._denoiser.device)

    def ddim_step(self, x: Tensor, eps: Tensor, step: int, schedule: Schedule) -> Tensor:
        """Move `x` from `step` to the next less noisy one along ε̂ (η = 0)."""
        scheduler = self._scheduler(len(schedule))
        timestep = int(schedule[step].timestep)
        moved: Tensor = scheduler.step(eps, timestep, x, eta=0.0, return_dict=False)[0]
        return moved

    @torch.no_grad()
    def decode(self, latent: Tensor) -> NDArray[np.uint8]:
        """Decode (1, C, H, W) into a picture (height, width, 3).

        Raises
        ------
        NumericalError
            If the decoder gives NaN or infinity.
        """
        scaled = latent.to(self.vae.device, self.vae.dtype) / self.vae.config.scaling_factor
        shift = getattr(self.vae.config, "shift_factor", None)
        if shift:
            scaled = scaled + shift
        pixels = self.vae.decode(scaled, return_dict=False)[0][0].float()
        if not bool(torch.isfinite(pixels).all()):
            raise NumericalError(
                f"the decoder gave NaN or infinity for the picture; {advice(self.vae.dtype)}."
            )
        picture = (pixels / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).mul(255).round()
        decoded: NDArray[np.uint8] = picture.to(torch.uint8).cpu().numpy()
        return decoded

    def unavailable(self, method: str) -> str:
        """Why this model cannot offer `method`; "" where it can."""
        if method == "bright-ending":
            try:
                self.bright_ending_layers()
            except MethodUnavailable as error:
                return str(error)
        return ""

    def bright_ending_layers(self) -> tuple[Any, ...]:
        """Return the cross-attention layers that Bright Ending reads.

        ``attn2`` of ``down_blocks.0.attentions.*`` (Chen et al., ICLR 2025).

        Raises
        ------
        MethodUnavailable
            If the first down block has no cross-attention.
        """
        block = self._denoiser.unet.down_blocks[0]
        layers = tuple(
            transformer.attn2
            for attention in getattr(block, "attentions", ())
            for transformer in attention.transformer_blocks
            if transformer.attn2 is not None
        )
        if not layers:
            raise MethodUnavailable(
                "Bright Ending needs cross-attention in the first down block "
                f"({_BRIGHT_ENDING_BLOCK}); this model has {type(block).__name__} there."
            )
        return layers

    def _scheduler(self, steps: int) -> Any:
        """Return the DDIM scheduler of `steps` steps; it keeps no state between steps."""
        if steps not in self._schedulers:
            self._schedulers = {steps: self._new_scheduler(steps)}
        return self._schedulers[steps]

    def _new_scheduler(self, steps: int) -> Any:
        from diffusers import DDIMScheduler

        facts = self._description
        if not 1 <= steps <= facts.max_steps:
            why = ""
            if facts.max_steps < steps <= facts.train_timesteps:
                why = f"steps_offset 1 puts the first beyond the last timestep of {steps}; "
            raise SettingsError(
                f"{steps} steps cannot be walked: {why}choose 1 to {facts.max_steps}."
            )
        # ε̂ is what it is given, whatever the network predicts.
        scheduler = DDIMScheduler.from_config(self.scheduler_config, prediction_type="epsilon")
        # With no signal at all (zero terminal SNR), ε̂ would not tell x̂₀ any more.
        scheduler.alphas_cumprod.clamp_(min=_LEAST_SIGNAL)
        scheduler.set_timesteps(steps)
        return scheduler
