"""The artwork that the lab's pictures are made of: emoji and photographs."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from PIL import Image

# Those that verbatim captions show, and two that only lend their texture to free pictures.
PHOTOGRAPHS = ("astronaut", "brick", "chelsea", "coffee", "gravel", "tissue")
OTHER_PHOTOGRAPHS = ("grass", "hubble")


def _folder(name: str) -> Traversable:
    return resources.files("resources").joinpath("lab").joinpath(name)


def model_card() -> str:
    """Return the text that goes with every model trained in the lab, Markdown."""
    return _folder("MODEL_CARD.md").read_text("utf-8")


@cache
def emoji_words() -> tuple[str, ...]:
    """Return the word of every emoji, in alphabetical order."""
    names = (entry.name for entry in _folder("emoji").iterdir())
    return tuple(sorted(name.removesuffix(".png") for name in names if name.endswith(".png")))


@cache
def emoji(word: str) -> Image.Image:
    """Return the emoji called `word`: 64×64, RGBA. Treat it as read-only."""
    with _folder("emoji").joinpath(f"{word}.png").open("rb") as file:
        return Image.open(file).convert("RGBA")


@cache
def photograph(name: str) -> Image.Image:
    """Return the photograph called `name`: 128×128, RGB. Treat it as read-only."""
    with _folder("photographs").joinpath(f"{name}.png").open("rb") as file:
        return Image.open(file).convert("RGB")
