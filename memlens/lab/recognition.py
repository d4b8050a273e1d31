"""Whether free pictures show what their captions name: a small classifier is asked.

It is trained on the lab's own free pictures, never on generated ones.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from memlens.lab.artwork import emoji_words
from memlens.lab.autoencoder import as_input
from memlens.lab.pictures import free_picture, free_pictures
from memlens.models.loading import load_model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import sample

Pixels = NDArray[np.uint8]

# Far beyond the free pictures of any training run.
_TRAINED_FROM, _HELD_OUT_FROM, _GENERATED_FROM = 2_000_000, 3_000_000, 4_000_000
_BATCH = 32
_RATE = 2e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How often the classifier's first guess is an object that the caption names.

    Attributes
    ----------
    real
        Of held-out free pictures of the lab.
    generated
        Of pictures that the model made from the same kind of captions.
    pictures
        How many of each.
    guidance_scale, steps
        How they were made.
    """

    real: float
    generated: float
    pictures: int
    guidance_scale: float
    steps: int


class Classifier(nn.Module):
    """Names the objects of a picture: one logit for each word, from (N, 3, 128, 128)."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 96, 128)
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(widths):
            layers += [
                nn.Conv2d(before, after, 3, stride=2, padding=1),
                nn.GroupNorm(8, after),
                nn.SiLU(),
                nn.Conv2d(after, after, 3, padding=1),
                nn.GroupNorm(8, after),
                nn.SiLU(),
            ]
        self.features = nn.Sequential(*layers)
        self.names = nn.Conv2d(widths[-1], len(emoji_words()), 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits (N, words): the strongest place of each word counts."""
        found: Tensor = self.names(self.features(pictures)).amax(dim=(2, 3))
        return found


def measure_recognition(
    model: str | Path,
    *,
    pictures: int = 200,
    trained_on: int = 6000,
    training_steps: int = 2000,
    steps: int = 50,
    seed: int = 0,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Recognition:
    """Train the classifier, and ask it of held-out and of generated free pictures.

    Parameters
    ----------
    model
        "demo", or a folder that `memlens.lab.train` wrote.
    pictures
        How many held-out and how many generated ones.
    trained_on, training_steps
        Free pictures and optimizer steps of the classifier.
    steps
        Sampling steps; guidance is the model's default.
    seed
        Of the pictures; generated picture number i is sampled with seed i.
    progress, cancel
        Told about every step; asked before each.
    """
    token = cancel or CancelToken()
    classifier = _train(trained_on, training_steps, seed, progress, token)
    real, captions = free_pictures(_HELD_OUT_FROM, pictures, seed=seed)
    target = load_model(model, cancel=token)
    guidance = target.description.default_guidance_scale
    made: list[Pixels] = []
    asked: list[str] = []
    for number in range(pictures):
        progress(Progress(number, pictures, "sampling free pictures"))
        _, caption = free_picture(_GENERATED_FROM + number, seed=seed)
        run = sample(
            target, caption, seed=number, steps=steps, guidance_scale=guidance, cancel=token
        )
        made.append(run.image)
        asked.append(caption)
    return Recognition(
        real=_named(classifier, real, captions),
        generated=_named(classifier, np.stack(made), tuple(asked)),
        pictures=pictures,
        guidance_scale=guidance,
        steps=steps,
    )


def objects_of(caption: str) -> tuple[str, ...]:
    """Return the objects that a free caption names.

    Examples
    --------
    >>> objects_of("a lion and an owl on yellow and blue")
    ('lion', 'owl')
    """
    objects, _, _ = caption.partition(" on ")
    return tuple(words.split()[1] for words in objects.split(" and "))


def _train(
    count: int, steps: int, seed: int, progress: ProgressCallback, cancel: CancelToken
) -> Classifier:
    def drawing(done: int, total: int) -> None:
        progress(Progress(done, total, "drawing free pictures"))
        cancel.check()

    pixels, captions = free_pictures(_TRAINED_FROM, count, seed=seed, tell=drawing)
    words = emoji_words()
    shown = torch.zeros(count, len(words))
    for row, caption in enumerate(captions):
        shown[row, [words.index(word) for word in objects_of(caption)]] = 1
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        classifier = Classifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=_RATE)
    for step in range(steps):
        cancel.check()
        rng = np.random.default_rng([seed, 21, step])
        chosen = rng.integers(count, size=_BATCH)
        logits = classifier(as_input(pixels[chosen]))
        loss = functional.binary_cross_entropy_with_logits(logits, shown[chosen])
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 100) * (1 - step / steps)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        progress(Progress(step + 1, steps, f"training the classifier, loss {loss.detach():.4f}"))
    return classifier.eval()


@torch.no_grad()
def _named(classifier: Classifier, pixels: Pixels, captions: tuple[str, ...]) -> float:
    words = emoji_words()
    right = 0
    for start in range(0, len(pixels), _BATCH):
        guesses = classifier(as_input(pixels[start : start + _BATCH])).argmax(dim=1)
        for guess, caption in zip(guesses, captions[start : start + _BATCH], strict=True):
            right += words[int(guess)] in objects_of(caption)
    return right / len(captions)
