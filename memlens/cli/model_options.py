"""The options that say which model is meant and how it is loaded; every command has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memlens.errors import SettingsError

ModelName = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help='"demo", a folder in diffusers\' layout, a hub id, or one .safetensors or .ckpt file.',
    ),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, mps, …")]
Dtype = Annotated[str, typer.Option(help="auto, float32, bfloat16 or float16.")]
Download = Annotated[bool, typer.Option(help="Whether a hub id may be downloaded.")]
Lora = Annotated[Path | None, typer.Option(help="A LoRA that is put on the model (.safetensors).")]
LoraScale = Annotated[float, typer.Option(help="How strongly the LoRA acts; 0: not at all.")]
Size = Annotated[
    str | None,
    typer.Option(metavar="WIDTHxHEIGHT", help="Of the pictures; the model's own if not given."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        help="For a model in one file: a folder with its configurations, and with the parts "
        "that the file does not have.",
    ),
]
PredictionType = Annotated[
    str | None,
    typer.Option(
        help="For a model in one file that does not tell: epsilon or v_prediction; remembered."
    ),
]


def read_size(words: str | None) -> tuple[int, int] | None:
    """Turn "512x768" into (height, width), and nothing into None.

    Raises
    ------
    SettingsError
        If it is no size.
    """
    if words is None:
        return None
    sides = words.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.isascii() and side.isdigit() for side in sides):
        raise SettingsError(f"the size {words!r} must be WIDTHxHEIGHT, such as 512x768.")
    return int(sides[1]), int(sides[0])
