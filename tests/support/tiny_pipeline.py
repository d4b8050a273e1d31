"""A Stable-Diffusion-shaped pipeline small enough for tests: random weights, built in code."""

from __future__ import annotations

import json
from pathlib import Path

LATENT_SIZE = 16
PICTURE_SIZE = 64
PROMPT_TOKENS = 24
WIDTH = 32


def save_tiny_pipeline(
    folder: Path,
    *,
    seed: int = 0,
    prediction_type: str = "epsilon",
    latent_size: int = LATENT_SIZE,
) -> Path:
    """Write the pipeline, and ``unet-early`` beside its ``unet``, in diffusers' layout.

    The same seed gives the same bytes; the caller's random state is left alone.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _unet(latent_size).save_pretrained(folder / "unet")
        _unet(latent_size).save_pretrained(folder / "unet-early")
        _autoencoder().save_pretrained(folder / "vae")
        tokens = _save_tokenizer(folder / "tokenizer")
        _text_encoder(tokens).save_pretrained(folder / "text_encoder")
    _scheduler(prediction_type).save_pretrained(folder / "scheduler")
    _write_index(folder / "model_index.json")
    return folder


def _unet(latent_size: int):  # type: ignore[no-untyped-def]
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=latent_size,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        # Attention at full resolution is most of the cost: only where Bright Ending reads it.
        up_block_types=("UpBlock2D", "UpBlock2D"),
        layers_per_block=2,
        attention_head_dim=2,
        cross_attention_dim=WIDTH,
        norm_num_groups=8,
    )


def _autoencoder():  # type: ignore[no-untyped-def]
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        sample_size=PICTURE_SIZE,
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=8,
    )


def _text_encoder(tokens: int):  # type: ignore[no-untyped-def]
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=tokens,
            hidden_size=WIDTH,
            intermediate_size=2 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=PROMPT_TOKENS,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def _save_tokenizer(folder: Path) -> int:
    from transformers import CLIPTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    merges = [("a", "p"), ("ap", "p"), ("l", "e</w>"), ("app", "le</w>")]
    merges += [("r", "e"), ("re", "d</w>")]
    tokens = ["<|startoftext|>", "<|endoftext|>"]
    tokens += [letter + end for letter in letters for end in ("", "</w>")]
    tokens += [left + right for left, right in merges]
    CLIPTokenizer(
        vocab={token: index for index, token in enumerate(tokens)},
        merges=merges,
        bos_token="<|startoftext|>",
        eos_token="<|endoftext|>",
        unk_token="<|endoftext|>",
        pad_token="<|endoftext|>",
        model_max_length=PROMPT_TOKENS,
    ).save_pretrained(folder)
    return len(tokens)


def _scheduler(prediction_type: str):  # type: ignore[no-untyped-def]
    from diffusers import PNDMScheduler

    return PNDMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        num_train_timesteps=1000,
        set_alpha_to_one=False,
        skip_prk_steps=True,
        steps_offset=1,
        prediction_type=prediction_type,
    )


def _write_index(path: Path) -> None:
    import diffusers

    index = {
        "_class_name": "StableDiffusionPipeline",
        "_diffusers_version": diffusers.__version__,
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": ["diffusers", "PNDMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    path.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
