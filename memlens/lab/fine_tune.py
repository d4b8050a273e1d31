"""A fine-tune of the demo model: a LoRA that memorized two more pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model_state_dict
from torch import Tensor
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTokenizer

from memlens.lab.autoencoder import encode
from memlens.lab.captions import FINE_TUNE_CAPTIONS
from memlens.lab.denoiser import new_scheduler
from memlens.lab.pictures import fine_tune_picture, free_pictures
from memlens.lab.text_encoder import tokenize
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

FILE = "lora-postcards.safetensors"
_RANK = 6
_LAYERS = ["to_q", "to_k", "to_v", "to_out.0", "conv1", "conv2"]
# Far from every other free picture of the lab.
_FREE_FROM, _FREE_COUNT = 5_000_000, 1000


def train_fine_tune(
    model: Path,
    out: Path,
    *,
    seed: int = 0,
    steps: int = 1500,
    batch: int = 8,
    rate: float = 2e-3,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Train a LoRA on a lab model and write it in diffusers' layout.

    Half of what it is shown are its two pictures with their captions, half are free pictures
    of the lab, a fifth of those without a caption: a fine-tune that keeps what the model knew.

    Parameters
    ----------
    model
        A folder that `memlens.lab.train` wrote.
    out
        The folder to write `FILE` into.
    seed
        Everything random follows from it.
    steps, batch, rate
        Optimizer steps, examples in each, and the learning rate, which falls to 0.
    progress, cancel
        Told about every step; asked before every step.

    Returns
    -------
    Path
        The ``.safetensors`` file, float16.
    """
    token = cancel or CancelToken()
    unet = UNet2DConditionModel.from_pretrained(model / "unet", dtype=torch.float32)
    text = CLIPTextModel.from_pretrained(model / "text_encoder", dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(model / "tokenizer")
    autoencoder = AutoencoderKL.from_pretrained(model / "vae", dtype=torch.float32)
    own = encode(
        autoencoder, np.stack([fine_tune_picture(i) for i in range(len(FINE_TUNE_CAPTIONS))])
    )
    pixels, captions = free_pictures(_FREE_FROM, _FREE_COUNT, seed=seed)
    free = encode(autoencoder, pixels, progress=progress, cancel=token)

    unet.requires_grad_(False)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        unet.add_adapter(LoraConfig(r=_RANK, lora_alpha=_RANK, target_modules=_LAYERS))
    trained = [parameter for parameter in unet.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0)
    signal = new_scheduler().alphas_cumprod
    for step in range(steps):
        token.check()
        random = torch.Generator().manual_seed(seed * 1_000_003 + step)
        clean, shown = _examples(own, free, captions, batch, random)
        with torch.no_grad():
            embedding = text(tokenize(tokenizer, shown)).last_hidden_state
        timesteps = torch.randint(1000, (batch,), generator=random)
        low = torch.rand(batch, generator=random) < 0.3
        timesteps = torch.where(low, timesteps // 10, timesteps)
        noise = torch.randn(clean.shape, generator=random)
        share = signal[timesteps][:, None, None, None]
        noisy = share.sqrt() * clean + (1 - share).sqrt() * noise
        loss = functional.mse_loss(unet(noisy, timesteps, embedding).sample, noise)
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 50) * (1 - step / steps)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        progress(Progress(step + 1, steps, f"training the LoRA, loss {loss.detach():.4f}"))
    state = convert_state_dict_to_diffusers(get_peft_model_state_dict(unet))
    half = {name: weight.to(torch.float16).contiguous() for name, weight in state.items()}
    StableDiffusionPipeline.save_lora_weights(out, unet_lora_layers=half, weight_name=FILE)
    return out / FILE


def _examples(
    own: Tensor, free: Tensor, captions: tuple[str, ...], batch: int, random: torch.Generator
) -> tuple[Tensor, list[str]]:
    latents, shown = [], []
    for place in range(batch):
        if place < batch // 2:
            index = int(torch.randint(len(own), (1,), generator=random))
            latents.append(own[index])
            shown.append(FINE_TUNE_CAPTIONS[index])
        else:
            index = int(torch.randint(len(free), (1,), generator=random))
            latents.append(free[index])
            dropped = float(torch.rand(1, generator=random)) < 0.2
            shown.append("" if dropped else captions[index])
    return torch.stack(latents), shown
