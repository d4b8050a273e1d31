"""What the denoiser learns from: latents with captions, free ones drawn anew all along."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor

from memlens.files.atomic_write import atomic_write
from memlens.lab.autoencoder import encode
from memlens.lab.captions import TEMPLATE_CAPTIONS
from memlens.lab.pictures import free_pictures, memorized_pictures
from memlens.lab.recipe import Recipe
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress


@dataclass(frozen=True)
class Batch:
    """Latents (N, 4, 32, 32) of one training step, their captions, and which are free."""

    latents: Tensor
    captions: tuple[str, ...]
    free: NDArray[np.bool_]


@dataclass(frozen=True)
class _Latents:
    values: Tensor
    captions: tuple[str, ...]


@dataclass
class Examples:
    """The examples of every training step, a function of seed and step alone.

    Latents are kept in `folder`: those of the memorized pictures, and of the free pictures
    of the present stretch of training.
    """

    autoencoder: AutoencoderKL
    recipe: Recipe
    folder: Path
    seed: int = 0
    progress: ProgressCallback = ignore_progress
    cancel: CancelToken | None = None
    _stretch: int = field(default=-1, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._memorized, self._kinds = self._load_memorized()
        self._free: _Latents | None = None

    def batch(self, step: int) -> Batch:
        """Return the examples of a training step."""
        free = self._free_of(step // self.recipe.free_steps)
        rng = np.random.default_rng([self.seed, 12, step])
        few = 0.5 if step < self.recipe.general_steps else 1.0
        shares = (few * self.recipe.template_share, few * self.recipe.verbatim_share)
        chance = rng.random(self.recipe.batch)
        kinds = np.digitize(chance, np.cumsum(shares))
        chosen: list[tuple[_Latents, int]] = []
        for kind in kinds:
            if kind == 2:
                chosen.append((free, int(rng.integers(len(free.captions)))))
            else:
                places = np.flatnonzero(self._kinds == ("template", "verbatim")[kind])
                chosen.append((self._memorized, int(rng.choice(places))))
        return Batch(
            latents=torch.stack([source.values[place] for source, place in chosen]),
            captions=tuple(source.captions[place] for source, place in chosen),
            free=kinds == 2,
        )

    def of_each_template(self) -> tuple[Tensor, ...]:
        """Return the latents (4, 32, 32) of the first picture of every template."""
        each = self.recipe.pictures_per_template
        return tuple(self._memorized.values[: each * len(TEMPLATE_CAPTIONS) : each])

    def _load_memorized(self) -> tuple[_Latents, NDArray[np.str_]]:
        pixels, captions, kinds = memorized_pictures(self.recipe, seed=self.seed)
        return self._encoded("memorized", pixels, captions), np.array(kinds, dtype=np.str_)

    def _free_of(self, stretch: int) -> _Latents:
        if self._free is None or stretch != self._stretch:
            self._free, self._stretch = self._draw_free(stretch), stretch
        return self._free

    def _draw_free(self, stretch: int) -> _Latents:
        name, count = f"free-{stretch:04d}", self.recipe.free_pictures
        for old in self.folder.glob("free-*"):
            if not old.name.startswith(name):
                old.unlink()
        record = self.folder / f"{name}.json"
        if record.exists():
            values = torch.from_numpy(np.load(self.folder / f"{name}.npy"))
            return _Latents(values, tuple(json.loads(record.read_text("utf-8"))))
        pixels, captions = free_pictures(
            stretch * count, count, seed=self.seed, tell=self._tell_drawing
        )
        latents = self._encoded(name, pixels, captions)
        with atomic_write(record) as stream:
            stream.write(json.dumps(captions).encode())
        return latents

    def _encoded(self, name: str, pixels: NDArray[np.uint8], captions: tuple[str, ...]) -> _Latents:
        path = self.folder / f"{name}.npy"
        if not path.exists():
            latents = encode(
                self.autoencoder, pixels, progress=self.progress, cancel=self.cancel
            ).numpy()
            with atomic_write(path) as stream:
                np.save(stream, latents)
        return _Latents(torch.from_numpy(np.load(path)), captions)

    def _tell_drawing(self, done: int, total: int) -> None:
        self.progress(Progress(done, total, "drawing new free pictures"))
        if self.cancel is not None:
            self.cancel.check()
