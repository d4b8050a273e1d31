"""Load a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from memlens.models.description import ModelDescription
from ui.jobs.job import Job, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadModel(Request):
    """Load a model and let go of the one before it."""

    job: ClassVar[Job] = Job(
        name="load-model",
        priority=150,
        work="models.load",
        cancellable=True,
        offer=lambda out_of_memory: (ActionKey.OPEN_MODEL, tr("Choose another model")),
    )
    source: str
    device: str = "auto"
    dtype: str = "auto"
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoaded(Result):
    """A model is open.

    Attributes
    ----------
    description
        Its facts.
    source
        What it was asked for by.
    unavailable
        Kind of map → why this model cannot make it; kinds that it can make are missing.
    early
        The less-trained checkpoint that its folder brings, or None.
    devices, dtypes
        What this machine offers, name → why it cannot be chosen, "" when it can.
    detached
        Run number → why it cannot go on with this model; runs that can are missing.
    """

    description: ModelDescription
    source: str
    unavailable: Mapping[str, str] = field(default_factory=dict)
    early: Path | None = None
    detached: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
