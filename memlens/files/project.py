"""What a session file holds: one run inspected, or a project of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SessionError
from memlens.files.training_picture import TrainingPicture
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.kinds import GROUND_TRUTH
from memlens.masks.named_mask import NamedMask, tidy_name
from memlens.readings.reading import Reading
from memlens.sampling.trajectory import Trajectory

MAX_RUNS = 1000
MAX_RUN_NAME = 200
SCHEMA_VERSION = 5
# Whatever an older memlens can read is written so that it can.
_WITH_LATENTS, _WITHOUT_LATENTS, _WITH_REFERENCE, _SEVERAL_RUNS, _WITH_KINDS = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run, inspected.

    Attributes
    ----------
    trajectory
        The sampling run (its `model` is None after loading); without latents, the session
        is a fraction of the size, and no more maps can be computed from it.
    maps
        Every map computed, any order.
    masks
        Named masks.
    thumbnails
        Decoded x̂₀ at every step, (N, height, width, 3), uint8, or None.
    view
        JSON-ready view state; its meaning belongs to the window.
    reference
        The training picture that the run was compared with, or None.
    name
        What a person calls the run, "" for no name.
    pinned
        Whether the window never lets go of it when memory is short.
    id
        What tells it from every other run, also after a rename; "" in files of older versions.
    readings
        Numbers read off it.
    """

    trajectory: Trajectory
    maps: tuple[LocalizationMap, ...] = ()
    masks: tuple[NamedMask, ...] = ()
    thumbnails: NDArray[np.uint8] | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
    reference: TrainingPicture | None = None
    name: str = ""
    pinned: bool = False
    id: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def schema(self) -> int:
        """The oldest schema that can say all of this."""
        if any(mask.locked or mask.kind != GROUND_TRUTH for mask in self.masks):
            return _WITH_KINDS
        if self.reference is not None:
            return _WITH_REFERENCE
        return _WITH_LATENTS if self.trajectory.keeps_latents else _WITHOUT_LATENTS

    @property
    def title(self) -> str:
        """Its name, or prompt and seed where it has none."""
        made = self.trajectory.provenance
        return self.name or default_title(made.prompt, made.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The runs of one session file.

    Attributes
    ----------
    runs
        At least one, in the order of the strip.
    shown
        Index of the one that was shown.
    """

    runs: tuple[Session, ...]
    shown: int = 0

    @property
    def schema(self) -> int:
        """The oldest schema that can say all of this."""
        each = max(run.schema for run in self.runs)
        return each if len(self.runs) == 1 else max(_SEVERAL_RUNS, each)

    @property
    def shown_run(self) -> Session:
        """The run that was shown."""
        return self.runs[self.shown]

    def run_named(self, name: str) -> Session:
        """Return the run of a title, or of a number written "#2" (the first is "#1").

        Raises
        ------
        SessionError
            If there is none or more than one; the message is a sentence that names all there are.
        """
        found = [run for run in self.runs if run.title == name]
        numbers = {f"#{place}": run for place, run in enumerate(self.runs, 1)}
        if not found and name in numbers:
            found = [numbers[name]]
        if len(found) == 1:
            return found[0]
        there = "; ".join(f"{number} {run.title!r}" for number, run in numbers.items())
        problem = f"{len(found)} runs are" if found else "no run is"
        raise SessionError(f"{problem} called {name!r}: choose among {there}.")


def default_title(prompt: str, seed: int) -> str:
    """Return what a run without a name is called."""
    return f"{prompt[:60]}, seed {seed}"


def tidy_run_name(name: str) -> str:
    """Return a name without line breaks and control characters, at most `MAX_RUN_NAME` long."""
    return tidy_name(name.strip())[:MAX_RUN_NAME].strip()
