"""The parts of a pipeline, from a folder in diffusers' layout: what a family is loaded from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch

from memlens.errors import ModelError
from memlens.models.components import (
    load_network,
    load_text_network,
    load_tokenizer,
)
from memlens.models.families import Family
from memlens.models.json_file import read_json
from memlens.models.memory_plan import weights_in
from memlens.models.sources import ModelSource
from memlens.models.weights import check_safetensors, component_weights, fingerprint


class Parts(Protocol):
    """What a family's ``load`` is given; every part is loaded when it is asked for.

    Errors of all methods are `ModelError`, naming file and reason, and `OutOfMemory`.
    """

    @property
    def name(self) -> str:
        """What people call the model."""
        ...

    @property
    def source(self) -> str:
        """Where it came from."""
        ...

    @property
    def pipeline(self) -> str:
        """Its pipeline class."""
        ...

    @property
    def index(self) -> dict[str, Any]:
        """What ``model_index.json`` says."""
        ...

    @property
    def default_guidance_scale(self) -> float | None:
        """What ``memlens.json`` asks for; None where it says nothing."""
        ...

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits over all weights."""
        ...

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        ...

    def where(self, part: str) -> str:
        """Name a part in an error."""
        ...

    def network(self, part: str, kind: str, *, float32: bool = False) -> Any:
        """Load a diffusers network; `kind` is its class, `float32` keeps it in full precision."""
        ...

    def text_encoder(self, part: str, kind: str) -> Any:
        """Load a transformers text encoder; `kind` is its class."""
        ...

    def tokenizer(self, part: str, kind: str, *, vocabulary: int) -> Any:
        """Load a tokenizer; `vocabulary` is how many tokens its text encoder knows."""
        ...

    def scheduler(self) -> tuple[dict[str, Any], str]:
        """Return the scheduler's configuration, and what to call it in an error."""
        ...


class FolderParts:
    """A pipeline's folder.

    Parameters
    ----------
    found
        The folder.
    family
        Says which parts have weights.
    device
        Where networks go.
    stage
        Told what is loaded next; may raise `Cancelled`.

    Raises
    ------
    ModelError
        If a weights file is missing or damaged.
    """

    def __init__(
        self,
        found: ModelSource,
        family: Family,
        *,
        device: torch.device,
        stage: Callable[[str], None],
    ) -> None:
        self.folder = found.folder
        self.name = found.name
        self.pipeline = found.pipeline
        self.default_guidance_scale = found.default_guidance_scale
        self.index = read_json(found.folder / "model_index.json")
        self._family = family
        self._device = device
        self._stage = stage
        self._precision, self._aside = torch.float32, device
        self.parts = (*family.parts, *(part for part in family.optional if self.has(part)))
        for part in family.parts:
            if not (self.folder / part).is_dir():
                raise ModelError(
                    f"{self.folder} is a {family.pipeline}, but has no folder {part}: "
                    "the model is incomplete."
                )
        self._files = [
            path for part in self.parts for path in component_weights(self.folder / part)
        ]
        for path in self._files:
            check_safetensors(path)

    @property
    def source(self) -> str:
        """The folder."""
        return str(self.folder)

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits over all weights."""
        return fingerprint(self._files)

    @property
    def parameters(self) -> dict[str, int]:
        """How many weights each part has; the files' headers tell."""
        return {part: weights_in(component_weights(self.folder / part)) for part in self.parts}

    def load_in(self, precision: torch.dtype, *, together: bool = True) -> None:
        """Choose the precision, and whether all parts go where the denoiser goes or to the CPU."""
        self._precision = precision
        self._aside = self._device if together else torch.device("cpu")

    def has(self, part: str) -> bool:
        """Whether ``model_index.json`` does not leave the part out."""
        entry = self.index.get(part)
        if entry is None or (isinstance(entry, list) and entry and entry[0] is None):
            return False
        return (self.folder / part).is_dir()

    def where(self, part: str) -> str:
        """Return the part's folder."""
        return str(self.folder / part)

    def network(self, part: str, kind: str, *, float32: bool = False) -> Any:
        """Load a diffusers network."""
        self._stage("denoiser" if part == self._family.denoiser else "decoder")
        precision = torch.float32 if float32 else self._precision
        where = self._device if part == self._family.denoiser else self._aside
        return load_network(self.folder / part, kind, where, precision)

    def text_encoder(self, part: str, kind: str) -> Any:
        """Load a transformers text encoder."""
        self._stage("text encoder")
        return load_text_network(self.folder / part, kind, self._aside, self._precision)

    def tokenizer(self, part: str, kind: str, *, vocabulary: int) -> Any:
        """Load a tokenizer."""
        return load_tokenizer(self.folder / part, kind, vocabulary=vocabulary)

    def scheduler(self) -> tuple[dict[str, Any], str]:
        """Return ``scheduler_config.json``."""
        file = self.folder / "scheduler" / "scheduler_config.json"
        return read_json(file), str(file)


def latent_sides(parts: Parts, part: str, size: Any) -> tuple[int, int]:
    """Return a configuration's ``sample_size`` as (H, W).

    Raises
    ------
    ModelError
        If it is none.
    """
    sides = (size, size) if isinstance(size, int) else size
    whole = isinstance(sides, tuple | list) and len(sides) == 2
    if not whole or not all(isinstance(side, int) and side >= 1 for side in sides):
        raise ModelError(
            f"{parts.where(part)}: sample_size is {size!r}, so the latent's size is not known."
        )
    return sides[0], sides[1]
