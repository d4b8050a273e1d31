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
class Cycle:
    """One fall of the learning rate along half a cosine.

    `text_factor` multiplies the rate of the text encoder: its rarer words see few examples.
    """

    steps: int
    rate: float
    text_factor: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """All hyperparameters of the lab: data set, autoencoder, text encoder and UNet.

    The defaults are the ones that made the bundled model. Two runs with the same recipe
    and seed see the same pictures, captions, noise and order.
    """

    free_pictures: int = 6000
    pictures_per_template: int = 150
    copies_per_verbatim: int = 150

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

    unet_channels: tuple[int, ...] = (48, 64, 96)
    unet_heads: tuple[int, ...] = (1, 2, 2)
    cycles: tuple[Cycle, ...] = (Cycle(9000, 7e-4), Cycle(5400, 5e-4, text_factor=3.0))
    batch: int = 16
    warmup: int = 300
    final_rate: float = 0.03
    caption_dropout: float = 0.15
    ema_decay: float = 0.998
    checkpoint_every: int = 450
    early_step: int = 5400
    bfloat16: bool = True
    shards: int = 2

    @classmethod
    def tiny(cls) -> Recipe:
        """Return a recipe that runs through every stage in seconds and learns nothing."""
        return cls(
            free_pictures=12,
            pictures_per_template=2,
            copies_per_verbatim=2,
            autoencoder_channels=(8, 8, 8),
            autoencoder_steps=4,
            autoencoder_batch=8,
            vocabulary=560,
            text_width=16,
            text_layers=1,
            text_heads=2,
            unet_channels=(8, 8, 16),
            cycles=(Cycle(4, 1e-3), Cycle(2, 1e-3)),
            batch=2,
            warmup=2,
            checkpoint_every=2,
            early_step=2,
            bfloat16=False,
        )

    @property
    def steps(self) -> int:
        """Training steps of the UNet and the text encoder, all cycles together."""
        return sum(cycle.steps for cycle in self.cycles)

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as JSON would read it back (tuples become lists)."""
        record: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return record
