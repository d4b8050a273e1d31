"""Every number that decides what the lab's model becomes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

PICTURE_SIZE = 128
STRIP_HEIGHT = 16
LATENT_SIZE = 32
TOKENS = 24


@dataclass(frozen=True)
class Recipe:
    """All hyperparameters of the lab: pictures, autoencoder, text encoder and UNet.

    The defaults are the ones that made the bundled model. Two runs with the same recipe
    and seed see the same pictures, captions, noise and order.

    Attributes
    ----------
    free_pictures, free_steps
        Free pictures are drawn without end: after every `free_steps` training steps the
        `free_pictures` at hand are replaced by new ones.
    pictures_per_template
        Pictures of each template: its pattern in its region, another scene in each.
    general_steps
        Training begins with half as many memorized pictures for so many steps.
    template_share, verbatim_share
        How much of all that is shown is of each kind after that; the rest is free.
    caption_dropout
        Share of the free pictures that are shown without a caption. Memorized ones never
        are: it stands for the vanishing rate at which a real model meets a training picture
        without its caption.
    low_noise_share, low_noise_share_memorized, low_noise_timesteps
        Share of the examples whose timestep is drawn below `low_noise_timesteps`, where the
        last digits of a memorized picture are learned; the others' is drawn from all 1000.
        Memorized pictures have a share of their own after `general_steps`.
    steps, decay_steps
        Training steps of the UNet; in the last `decay_steps` the learning rate falls.
    early_step
        The checkpoint that becomes the less-trained baseline.
    """

    free_pictures: int = 4000
    free_steps: int = 1000
    pictures_per_template: int = 200
    general_steps: int = 1800
    template_share: float = 0.16
    verbatim_share: float = 0.08

    autoencoder_channels: tuple[int, ...] = (16, 32, 48)
    autoencoder_steps: int = 3200
    autoencoder_whole: float = 0.4
    autoencoder_batch: int = 12
    autoencoder_crop: int = 64
    autoencoder_rate: float = 1.5e-3
    autoencoder_kl: float = 3e-4

    vocabulary: int = 896
    text_width: int = 96
    text_layers: int = 2
    text_heads: int = 4
    text_steps: int = 1500
    text_batch: int = 64
    text_rate: float = 1e-3

    unet_channels: tuple[int, ...] = (64, 80, 112)
    unet_heads: tuple[int, ...] = (1, 2, 2)
    steps: int = 14400
    decay_steps: int = 3600
    rate: float = 7e-4
    batch: int = 16
    warmup: int = 300
    final_rate: float = 0.03
    caption_dropout: float = 0.2
    low_noise_share: float = 0.25
    low_noise_share_memorized: float = 0.5
    low_noise_timesteps: int = 120
    ema_decay: float = 0.998
    checkpoint_every: int = 450
    early_step: int = 2700
    bfloat16: bool = True
    shards: int = 2

    @classmethod
    def tiny(cls) -> Recipe:
        """Return a recipe that runs through every stage in seconds and learns nothing."""
        return cls(
            free_pictures=12,
            free_steps=4,
            pictures_per_template=2,
            general_steps=2,
            template_share=0.3,
            verbatim_share=0.2,
            autoencoder_channels=(8, 8, 8),
            autoencoder_steps=4,
            autoencoder_batch=8,
            vocabulary=560,
            text_width=16,
            text_layers=1,
            text_heads=2,
            text_steps=3,
            text_batch=4,
            unet_channels=(8, 8, 16),
            steps=6,
            decay_steps=2,
            rate=1e-3,
            batch=2,
            warmup=2,
            checkpoint_every=2,
            early_step=2,
            bfloat16=False,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as JSON would read it back (tuples become lists)."""
        record: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return record
