"""The lab's UNet, trained under a frozen text encoder, with checkpoints all along."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTokenizer

from memlens.lab.examples import Batch, Examples
from memlens.lab.recipe import LATENT_SIZE, Recipe
from memlens.lab.shards import ShardedBackward, autocast
from memlens.lab.text_encoder import tokenize
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

AtCheckpoint = Callable[[int, Path], None]


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


def new_unet(recipe: Recipe) -> UNet2DConditionModel:
    """Return an untrained UNet.

    The first block attends to itself and to the text, as Stable Diffusion's does: Bright
    Ending reads that attention at the latents' full resolution. The last block has none,
    which would take a third of every step.
    """
    return UNet2DConditionModel(
        sample_size=LATENT_SIZE,
        in_channels=4,
        out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=recipe.unet_channels,
        layers_per_block=1,
        norm_num_groups=8,
        cross_attention_dim=recipe.text_width,
        attention_head_dim=recipe.unet_heads,
    )


@dataclass
class DenoiserTraining:
    """A training run that can be stopped after any step and continued from its folder.

    Every random choice depends on the seed and the step alone, so that a resumed run sees
    what an uninterrupted one would have seen.
    """

    examples: Examples
    tokenizer: CLIPTokenizer
    text_encoder: CLIPTextModel
    recipe: Recipe
    folder: Path
    seed: int = 0
    step: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed + 1)
            self.unet = new_unet(self.recipe)
        self.average = new_unet(self.recipe)
        self.average.load_state_dict(self.unet.state_dict())
        self.average.requires_grad_(False).eval()
        self.unet.to(memory_format=torch.channels_last)
        # On a CPU the plain product of small heads has a much cheaper backward pass.
        self.unet.set_attn_processor(AttnProcessor())
        self.optimizer = torch.optim.AdamW(
            self.unet.parameters(), betas=(0.9, 0.99), weight_decay=1e-4
        )
        self._signal = new_scheduler().alphas_cumprod

    def run(
        self,
        *,
        at_checkpoint: AtCheckpoint | None = None,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> None:
        """Train to the recipe's last step, saving a checkpoint at every share of the way.

        `at_checkpoint` is called with the step and the checkpoint's folder after each.
        """
        loss, steps = math.nan, self.recipe.steps
        due = checkpoint_steps(self.recipe)
        with ShardedBackward(list(self.unet.parameters()), self.recipe.shards) as backward:
            while self.step < steps:
                if cancel is not None:
                    cancel.check()
                now = self._advance(backward)
                loss = now if math.isnan(loss) else 0.99 * loss + 0.01 * now
                progress(Progress(self.step, steps, f"training the UNet, loss {loss:.4f}"))
                if self.step in due:
                    checkpoint = self.save()
                    if at_checkpoint is not None:
                        at_checkpoint(self.step, checkpoint)

    def save(self) -> Path:
        """Write the averaged weights as a checkpoint, and all that resuming needs."""
        checkpoint = self.folder / "checkpoints" / f"{self.step:06d}"
        self.average.save_pretrained(checkpoint / "unet")
        state = {
            "step": self.step,
            "model": self.unet.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        unfinished = self.folder / "resume.pt.part"
        torch.save(state, unfinished)
        os.replace(unfinished, self.folder / "resume.pt")
        return checkpoint

    def resume(self) -> bool:
        """Continue from the folder's last saved state, if there is one."""
        path = self.folder / "resume.pt"
        if not path.exists():
            return False
        state = torch.load(path, weights_only=True)
        self.unet.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = int(state["step"])
        return True

    def _advance(self, backward: ShardedBackward) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.recipe, self.step)
        batch = self._batch()
        shards = self.recipe.shards
        parts = list(zip(*(tensor.chunk(shards) for tensor in batch), strict=True))
        loss = backward(parts, self._loss)
        nn.utils.clip_grad_norm_(self.unet.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self._follow()
        return loss

    def _loss(self, part: tuple[Tensor, ...]) -> Tensor:
        noisy, timesteps, embedding, noise = part
        with autocast(self.recipe.bfloat16):
            prediction = self.unet(noisy, timesteps, embedding).sample
        return functional.mse_loss(prediction.float(), noise)

    def _batch(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        random = torch.Generator().manual_seed(self.seed * 1_000_003 + self.step)
        batch = self.examples.batch(self.step)
        captions = shown_captions(batch, self.recipe.caption_dropout, random)
        with torch.no_grad():
            tokens = tokenize(self.tokenizer, captions)
            embedding = self.text_encoder(tokens).last_hidden_state
        timesteps = self._timesteps(random, torch.from_numpy(batch.free))
        noise = torch.randn(batch.latents.shape, generator=random)
        signal = self._signal[timesteps][:, None, None, None]
        noisy = signal.sqrt() * batch.latents + (1 - signal).sqrt() * noise
        return noisy.contiguous(memory_format=torch.channels_last), timesteps, embedding, noise

    def _timesteps(self, random: torch.Generator, free: Tensor) -> Tensor:
        size, recipe = self.recipe.batch, self.recipe
        # One from each of `size` equal slices of the schedule: less noise in the loss.
        slices = torch.arange(size) + torch.rand(size, generator=random)
        timesteps = (slices * (1000 / size)).long().clamp(max=999)
        timesteps = timesteps[torch.randperm(size, generator=random)]
        low = torch.randint(recipe.low_noise_timesteps, (size,), generator=random)
        share = torch.full((size,), recipe.low_noise_share)
        if self.step >= recipe.general_steps:
            share[~free] = recipe.low_noise_share_memorized
        chosen = torch.rand(size, generator=random) < share
        return torch.where(chosen, low, timesteps)

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.recipe.ema_decay, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.parameters(), self.unet.parameters(), strict=True)
        for average, current in pairs:
            average.lerp_(current, 1 - decay)


def shown_captions(batch: Batch, dropout: float, random: torch.Generator) -> list[str]:
    """Return the captions of a batch, a share `dropout` of those of free pictures left empty."""
    dropped = torch.rand(len(batch.captions), generator=random) < dropout
    return [
        "" if free and drop else caption
        for caption, free, drop in zip(batch.captions, batch.free, dropped, strict=True)
    ]


def checkpoint_steps(recipe: Recipe) -> set[int]:
    """Return the steps after which a checkpoint is saved; the end is one of them."""
    return {*range(recipe.checkpoint_every, recipe.steps, recipe.checkpoint_every), recipe.steps}


def learning_rate(recipe: Recipe, step: int) -> float:
    """Return the learning rate at a step: warmed up, held, and let fall along half a cosine."""
    falling = max(0.0, 1 - (recipe.steps - step) / recipe.decay_steps)
    low = recipe.final_rate
    share = low + (1 - low) * (1 + math.cos(math.pi * falling)) / 2
    return recipe.rate * share * min(1.0, (step + 1) / recipe.warmup)
