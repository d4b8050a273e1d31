"""The one place that decides what a path is: dropped on the window, or on the command line."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from ui.language.translation import tr

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
MASK_SUFFIXES = (".npy", ".json")
SESSION_SUFFIX = ".memlens"
WEIGHTS_SUFFIX = ".safetensors"


class PathKind(StrEnum):
    """What is done with a path."""

    SESSION = "session"
    MODEL = "model"
    WEIGHTS = "weights"  # alone: a baseline of the open model, if they fit
    PICTURE = "picture"  # or a mask, when it is black and white alone
    MASK = "mask"
    UNKNOWN = "unknown"


def kind_of_path(path: Path) -> PathKind:
    """Return what a path is, by its name and whether it is a folder; nothing is read."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return PathKind.MODEL
    if suffix == WEIGHTS_SUFFIX:
        return PathKind.WEIGHTS
    if suffix == SESSION_SUFFIX:
        return PathKind.SESSION
    if suffix in PICTURE_SUFFIXES:
        return PathKind.PICTURE
    return PathKind.MASK if suffix in MASK_SUFFIXES else PathKind.UNKNOWN


def unknown_path(path: Path) -> str:
    """Say what could be opened instead of `path`."""
    if not path.exists():
        return tr("{path} does not exist.").format(path=path)
    return tr(
        "{path} is none of what memlens opens: a session (.memlens), a model's folder, "
        "a baseline's weights (.safetensors), a picture, or a mask (PNG, NPY, JSON)."
    ).format(path=path)
