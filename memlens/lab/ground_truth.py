"""What the lab knows of its model: which prompts are memorized, and where in the picture.

Light on purpose (numpy and Pillow only): the window asks for it before torch is imported.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import DatasetError

FOLDER = "ground-truth"
INDEX = "ground-truth.json"

Kind = Literal["template", "verbatim", "free"]


@dataclass(frozen=True, slots=True)
class GroundTruthEntry:
    """One caption of the lab.

    Attributes
    ----------
    caption
        The prompt, as the model was trained on it.
    kind
        ``"template"``: a fixed pattern in a region; ``"verbatim"``: one whole picture;
        ``"free"``: nothing memorized.
    seeds
        The seeds that the lab's check samples it with.
    mask_file, training_picture_file
        PNG files; none for free captions.
    size
        Side of the (square) pictures in pixels.
    """

    caption: str
    kind: Kind
    seeds: tuple[int, ...]
    mask_file: Path | None
    training_picture_file: Path | None
    size: int

    def mask(self) -> NDArray[np.bool_]:
        """Return the memorized region; all False for a free caption.

        Raises
        ------
        DatasetError
            If the mask file is missing or damaged.
        """
        if self.mask_file is None:
            return np.zeros((self.size, self.size), dtype=bool)
        return _read(self.mask_file, "L") > 127

    def training_picture(self) -> NDArray[np.uint8] | None:
        """Return one picture that the model was trained on with this caption, (H, W, 3).

        Raises
        ------
        DatasetError
            If the picture is missing or damaged.
        """
        if self.training_picture_file is None:
            return None
        return _read(self.training_picture_file, "RGB")


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """Everything known of one model, in the order of the index."""

    entries: tuple[GroundTruthEntry, ...]

    def find(self, prompt: str) -> GroundTruthEntry | None:
        """Return the entry of `prompt`, whatever its case and spacing, or None."""
        wanted = _normalised(prompt)
        matches = (entry for entry in self.entries if _normalised(entry.caption) == wanted)
        return next(matches, None)

    def of_kind(self, kind: Kind) -> tuple[GroundTruthEntry, ...]:
        """Return the entries of one kind."""
        return tuple(entry for entry in self.entries if entry.kind == kind)


def has_ground_truth(model_folder: Path) -> bool:
    """Tell whether a model folder comes with ground truth."""
    return (Path(model_folder) / FOLDER / INDEX).is_file()


def load_ground_truth(model_folder: Path) -> GroundTruth:
    """Read the ground truth of a model folder; the pictures are read when asked for.

    Raises
    ------
    DatasetError
        If there is none, or its index is damaged.
    """
    index = Path(model_folder) / FOLDER / INDEX
    try:
        stamp = index.stat().st_mtime_ns
    except OSError as error:
        raise DatasetError(
            f"{model_folder} has no {FOLDER}/{INDEX}; only lab models have ground truth."
        ) from error
    return _load(index, stamp)


def find_ground_truth(model_folder: Path, prompt: str) -> GroundTruthEntry | None:
    """Return the entry of `prompt`; None where the model or the prompt has no ground truth."""
    if not has_ground_truth(model_folder):
        return None
    return load_ground_truth(model_folder).find(prompt)


@lru_cache(maxsize=8)
def _load(index: Path, stamp: int) -> GroundTruth:
    try:
        content = json.loads(index.read_text("utf-8"))
        size = int(content["size"])
        entries = tuple(_entry(item, index.parent, size) for item in content["entries"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{index} is damaged: {error!r}. Restore it or train again.") from error
    return GroundTruth(entries)


def _entry(item: dict[str, Any], folder: Path, size: int) -> GroundTruthEntry:
    kind = item["kind"]
    if kind not in ("template", "verbatim", "free"):
        raise ValueError(f"unknown kind {kind!r}")
    mask, picture = item["mask"], item["training_picture"]
    return GroundTruthEntry(
        caption=str(item["caption"]),
        kind=cast(Kind, kind),
        seeds=tuple(int(seed) for seed in item["seeds"]),
        mask_file=None if mask is None else folder / mask,
        training_picture_file=None if picture is None else folder / picture,
        size=size,
    )


def _read(path: Path, mode: str) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert(mode), dtype=np.uint8)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read as a picture: {error}") from error


def _normalised(text: str) -> str:
    return " ".join(text.lower().split())
