"""The lab's autoencoder: training it, and encoding the data set once."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from memlens.lab.pictures import Pixels
from memlens.lab.recipe import LATENT_SIZE, PICTURE_SIZE, Recipe
from memlens.lab.shards import ShardedBackward, autocast
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

Order = NDArray[np.int64]


def new_autoencoder(recipe: Recipe, *, seed: int = 0) -> AutoencoderKL:
    """Return an untrained autoencoder: 128×128×3 to 32×32×4.

    There is no attention in the middle, so that what lies outside a template's region
    changes the latents inside it as little as possible.
    """
    levels = len(recipe.autoencoder_channels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return AutoencoderKL(
            in_channels=3,
            out_channels=3,
            down_block_types=("DownEncoderBlock2D",) * levels,
            up_block_types=("UpDecoderBlock2D",) * levels,
            block_out_channels=recipe.autoencoder_channels,
            layers_per_block=1,
            latent_channels=4,
            norm_num_groups=8,
            sample_size=PICTURE_SIZE,
            mid_block_add_attention=False,
        )


def train_autoencoder(
    pixels: Pixels,
    shown: Order,
    recipe: Recipe,
    *,
    seed: int = 0,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> AutoencoderKL:
    """Train an autoencoder on random crops, and standardise its latents.

    Parameters
    ----------
    pixels
        Distinct pictures, (N, 128, 128, 3).
    shown
        Index into `pixels` of every training example.
    recipe, seed
        What to train, and from which seed.
    progress, cancel
        Told about every step; asked before every step.
    """
    autoencoder = new_autoencoder(recipe, seed=seed)
    autoencoder.to(memory_format=torch.channels_last)
    autoencoder.train()
    steps = recipe.autoencoder_steps
    optimizer = torch.optim.AdamW(
        autoencoder.parameters(), lr=recipe.autoencoder_rate, betas=(0.9, 0.99), weight_decay=0.0
    )

    def shard_loss(part: tuple[Tensor, Tensor]) -> Tensor:
        return _loss(autoencoder, *part, recipe)

    with ShardedBackward(list(autoencoder.parameters()), recipe.shards) as backward:
        for step in range(steps):
            if cancel is not None:
                cancel.check()
            for group in optimizer.param_groups:
                group["lr"] = _rate(recipe, step)
            picture, noise = _batch(pixels, shown, recipe, seed, step)
            parts = zip(picture.chunk(recipe.shards), noise.chunk(recipe.shards), strict=True)
            loss = backward(list(parts), shard_loss)
            torch.nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
            optimizer.step()
            progress(Progress(step + 1, steps, f"training the autoencoder, loss {loss:.4f}"))
    autoencoder.eval()
    _standardise(autoencoder, pixels[shown[:: max(1, len(shown) // 800)]])
    return autoencoder


@torch.no_grad()
def encode(
    autoencoder: AutoencoderKL,
    pixels: Pixels,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Tensor:
    """Return the latents of pictures, scaled as the UNet sees them: (N, 4, 32, 32)."""
    latents = torch.empty(len(pixels), 4, LATENT_SIZE, LATENT_SIZE)
    for start in range(0, len(pixels), 32):
        if cancel is not None:
            cancel.check()
        batch = as_input(pixels[start : start + 32])
        latents[start : start + len(batch)] = autoencoder.encode(batch).latent_dist.mode()
        progress(Progress(start + len(batch), len(pixels), "encoding the pictures"))
    return latents * float(autoencoder.config.scaling_factor)


def as_input(pixels: Pixels) -> Tensor:
    """Return pictures as the autoencoder reads them: (N, 3, H, W) in −1..1."""
    scaled = torch.from_numpy(pixels.astype(np.float32)) / 127.5 - 1
    return scaled.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


def save_autoencoder(autoencoder: AutoencoderKL, folder: Path) -> None:
    """Write the autoencoder in diffusers' layout."""
    autoencoder.to(memory_format=torch.contiguous_format).save_pretrained(folder)


def _rate(recipe: Recipe, step: int) -> float:
    cosine = (1 + math.cos(math.pi * step / recipe.autoencoder_steps)) / 2
    return recipe.autoencoder_rate * min(1.0, (step + 1) / 50) * (0.02 + 0.98 * cosine)


def _batch(
    pixels: Pixels, shown: Order, recipe: Recipe, seed: int, step: int
) -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng([seed, 11, step])
    # The norms see whole pictures in the end; a crop's statistics are not a picture's.
    whole = step >= recipe.autoencoder_steps * (1 - recipe.autoencoder_whole)
    picture = (_whole if whole else _crops)(pixels, shown, recipe, rng)
    noise = torch.randn(
        (len(picture), 4, picture.shape[2] // 4, picture.shape[3] // 4),
        generator=torch.Generator().manual_seed(seed * 1_000_003 + step),
    )
    return picture, noise


def _crops(pixels: Pixels, shown: Order, recipe: Recipe, rng: np.random.Generator) -> Tensor:
    side = recipe.autoencoder_crop
    room = PICTURE_SIZE - side + 1
    crops = []
    for index in shown[rng.integers(len(shown), size=recipe.autoencoder_batch)]:
        row, column = rng.integers(room, size=2)
        crops.append(pixels[index, row : row + side, column : column + side])
    return as_input(np.stack(crops))


def _whole(pixels: Pixels, shown: Order, recipe: Recipe, rng: np.random.Generator) -> Tensor:
    fewer = (PICTURE_SIZE // recipe.autoencoder_crop) ** 2
    count = max(recipe.shards, recipe.autoencoder_batch // fewer)
    return as_input(pixels[shown[rng.integers(len(shown), size=count)]])


def _loss(autoencoder: AutoencoderKL, picture: Tensor, noise: Tensor, recipe: Recipe) -> Tensor:
    with autocast(recipe.bfloat16):
        posterior = autoencoder.encode(picture).latent_dist
        rebuilt = autoencoder.decode(posterior.mean + posterior.std * noise).sample
    penalty: Tensor = posterior.kl().float().mean() / posterior.mean[0].numel()
    return _reconstruction(rebuilt.float(), picture) + recipe.autoencoder_kl * penalty


def _reconstruction(rebuilt: Tensor, picture: Tensor) -> Tensor:
    across = functional.l1_loss(rebuilt.diff(dim=3), picture.diff(dim=3))
    down = functional.l1_loss(rebuilt.diff(dim=2), picture.diff(dim=2))
    loss = functional.l1_loss(rebuilt, picture) + functional.mse_loss(rebuilt, picture)
    return loss + 0.5 * (across + down)


@torch.no_grad()
def _standardise(autoencoder: AutoencoderKL, pixels: Pixels) -> None:
    """Fold each latent channel's mean and spread into the 1×1 convolutions around it.

    Stable Diffusion's single scaling factor cannot do this, and a latent that is not
    centred makes the noisiest steps of the schedule leak the average picture.
    """
    latents = encode(autoencoder, pixels) / float(autoencoder.config.scaling_factor)
    mean = latents.mean(dim=(0, 2, 3))
    spread = latents.std(dim=(0, 2, 3))
    before, after = autoencoder.quant_conv, autoencoder.post_quant_conv
    before.weight[:4] /= spread[:, None, None, None]
    before.bias[:4] = (before.bias[:4] - mean) / spread
    before.bias[4:] -= 2 * spread.log()
    after.bias += after.weight[:, :, 0, 0] @ mean
    after.weight *= spread[None, :, None, None]
    scaling = 1.0 / float(encode(autoencoder, pixels).std()) * autoencoder.config.scaling_factor
    autoencoder.register_to_config(scaling_factor=round(float(scaling), 5))
