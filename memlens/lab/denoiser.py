"""The lab's text encoder and UNet, trained together, with checkpoints all along."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from memlens.lab.recipe import LATENT_SIZE, TOKENS, Recipe
from memlens.lab.shards import ShardedBackward, autocast
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress


@dataclass(frozen=True)
class Examples:
    """What the denoiser learns from: latents, their captions, how often each is shown."""

    latents: Tensor
    captions: tuple[str, ...]
    shown: NDArray[np.int64]


def new_scheduler() -> DDIMScheduler:
    """Return the noise schedule of Stable Diffusion, walked with DDIM."""
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type="epsilon",
    )


class Denoiser(nn.Module):
    """The text encoder and the UNet as one module."""

    def __init__(self, recipe: Recipe, tokenizer: CLIPTokenizer) -> None:
        super().__init__()
        self.text_encoder = CLIPTextModel(
            CLIPTextConfig(
                vocab_size=len(tokenizer),
                hidden_size=recipe.text_width,
                intermediate_size=4 * recipe.text_width,
                projection_dim=recipe.text_width,
                num_hidden_layers=recipe.text_layers,
                num_attention_heads=recipe.text_heads,
                max_position_embeddings=TOKENS,
                bos_token_id=tokenizer.bos_token_id,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
            )
        )
        # Self-attention over 32×32 places would take half of every step and is not needed to
        # memorize; the first level attends to the text only, which Bright Ending reads.
        self.unet = UNet2DConditionModel(
            sample_size=LATENT_SIZE,
            in_channels=4,
            out_channels=4,
            down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
            only_cross_attention=(True, False, False),
            block_out_channels=recipe.unet_channels,
            layers_per_block=1,
            norm_num_groups=8,
            cross_attention_dim=recipe.text_width,
            attention_head_dim=recipe.unet_heads,
        )

    def forward(self, noisy: Tensor, timesteps: Tensor, tokens: Tensor) -> Tensor:
        """Predict the noise in `noisy`."""
        embedding = self.text_encoder(tokens).last_hidden_state
        prediction: Tensor = self.unet(noisy, timesteps, embedding).sample
        return prediction


@dataclass
class DenoiserTraining:
    """A training run that can be stopped after any step and continued from its folder.

    Every random choice depends on the seed and the step alone, so that a resumed run sees
    what an uninterrupted one would have seen.
    """

    examples: Examples
    tokenizer: CLIPTokenizer
    recipe: Recipe
    folder: Path
    seed: int = 0
    step: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed + 1)
            self.model = Denoiser(self.recipe, self.tokenizer)
        self.average = Denoiser(self.recipe, self.tokenizer)
        self.average.load_state_dict(self.model.state_dict())
        self.average.requires_grad_(False).eval()
        self.model.unet.to(memory_format=torch.channels_last)
        # On a CPU the plain product of small heads has a much cheaper backward pass.
        self.model.unet.set_attn_processor(AttnProcessor())
        self.optimizer = torch.optim.AdamW(
            [
                {"params": list(self.model.text_encoder.parameters())},
                {"params": list(self.model.unet.parameters())},
            ],
            betas=(0.9, 0.99),
            weight_decay=1e-4,
        )
        self._signal = new_scheduler().alphas_cumprod
        self._tokens = self._tokenize(list(self.examples.captions))
        self._no_caption = self._tokenize([""])[0]
        self._epoch: tuple[int, NDArray[np.int64]] = (-1, self.examples.shown)

    def run(
        self, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
    ) -> None:
        """Train to the recipe's last step, saving a checkpoint at every share of the way."""
        loss, steps = math.nan, self.recipe.steps
        due = checkpoint_steps(self.recipe)
        with ShardedBackward(list(self.model.parameters()), self.recipe.shards) as backward:
            while self.step < steps:
                if cancel is not None:
                    cancel.check()
                now = self._advance(backward)
                loss = now if math.isnan(loss) else 0.99 * loss + 0.01 * now
                progress(Progress(self.step, steps, f"training the UNet, loss {loss:.4f}"))
                if self.step in due:
                    self.save()

    def save(self) -> None:
        """Write the averaged weights as a checkpoint, and all that resuming needs."""
        checkpoint = self.folder / "checkpoints" / f"{self.step:06d}"
        self.average.unet.save_pretrained(checkpoint / "unet")
        self.average.text_encoder.save_pretrained(checkpoint / "text_encoder")
        state = {
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        unfinished = self.folder / "resume.pt.part"
        torch.save(state, unfinished)
        os.replace(unfinished, self.folder / "resume.pt")

    def resume(self) -> bool:
        """Continue from the folder's last saved state, if there is one."""
        path = self.folder / "resume.pt"
        if not path.exists():
            return False
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = int(state["step"])
        return True

    def _advance(self, backward: ShardedBackward) -> float:
        rates = learning_rates(self.recipe, self.step)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        batch = self._batch()
        shards = self.recipe.shards
        parts = list(zip(*(tensor.chunk(shards) for tensor in batch), strict=True))
        loss = backward(parts, self._loss)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self._follow()
        return loss

    def _loss(self, part: tuple[Tensor, ...]) -> Tensor:
        noisy, timesteps, tokens, noise = part
        with autocast(self.recipe.bfloat16):
            prediction = self.model(noisy, timesteps, tokens)
        return functional.mse_loss(prediction.float(), noise)

    def _batch(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        size = self.recipe.batch
        random = torch.Generator().manual_seed(self.seed * 1_000_003 + self.step)
        chosen = torch.from_numpy(self._chosen(self.step * size, size))
        clean = self.examples.latents[chosen]
        tokens = self._tokens[chosen].clone()
        tokens[torch.rand(size, generator=random) < self.recipe.caption_dropout] = self._no_caption
        # One timestep from each of `size` equal slices of the schedule: less noise in the loss.
        slices = torch.arange(size) + torch.rand(size, generator=random)
        timesteps = (slices * (1000 / size)).long().clamp(max=999)
        timesteps = timesteps[torch.randperm(size, generator=random)]
        noise = torch.randn(clean.shape, generator=random)
        signal = self._signal[timesteps][:, None, None, None]
        noisy = signal.sqrt() * clean + (1 - signal).sqrt() * noise
        return noisy.contiguous(memory_format=torch.channels_last), timesteps, tokens, noise

    def _chosen(self, start: int, size: int) -> NDArray[np.int64]:
        count = len(self.examples.shown)
        chosen = np.empty(size, dtype=np.int64)
        for offset in range(size):
            epoch, place = divmod(start + offset, count)
            if epoch != self._epoch[0]:
                order = np.random.default_rng([self.seed, 12, epoch])
                self._epoch = (epoch, order.permutation(self.examples.shown))
            chosen[offset] = self._epoch[1][place]
        return chosen

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.recipe.ema_decay, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.parameters(), self.model.parameters(), strict=True)
        for average, current in pairs:
            average.lerp_(current, 1 - decay)

    def _tokenize(self, captions: list[str]) -> Tensor:
        encoded = self.tokenizer(
            captions, padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt"
        )
        tokens: Tensor = encoded.input_ids
        return tokens


def checkpoint_steps(recipe: Recipe) -> set[int]:
    """Return the steps after which a checkpoint is saved; the end is one of them."""
    return {*range(recipe.checkpoint_every, recipe.steps, recipe.checkpoint_every), recipe.steps}


def learning_rates(recipe: Recipe, step: int) -> tuple[float, float]:
    """Return the learning rates of the text encoder and of the UNet at a step.

    In every cycle: a linear warm-up under half a cosine.
    """
    within = step
    for cycle in recipe.cycles:
        if within < cycle.steps:
            break
        within -= cycle.steps
    low = recipe.final_rate
    decay = low + (1 - low) * (1 + math.cos(math.pi * within / cycle.steps)) / 2
    rate = cycle.rate * decay * min(1.0, (within + 1) / recipe.warmup)
    return rate * cycle.text_factor, rate
