"""Run: one sampling run as the window knows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.files.project import Session, default_title
from memlens.files.sessions import NamedMask
from memlens.masks.undo_steps import RecordedMasks
from memlens.readings.reading import Reading
from memlens.sampling.trajectory import Trajectory
from ui.jobs.run_to_write import StowedRun
from ui.state.map_cache import MapCache, key_of
from ui.state.run_masks import RunMasks
from ui.vocabulary.picture import Picture
from ui.vocabulary.reading_key import ReadingKey


@dataclass
class Run:
    """One sampling run as the window knows it, complete or still going.

    Attributes
    ----------
    number
        Counts the runs of this window; results carry it.
    prompt, seed
        What it was sampled from.
    log_snr
        (N,), empty until sampling began.
    reached
        Steps sampled so far.
    maps
        Every map computed for it.
    masks, offered_masks
        The masks that it came with; those that the lab knows for its prompt, though the picture
        may lack the pattern.
    id
        What tells it from every other run, in files as well.
    name
        What the person calls it, "" for no name.
    pinned
        Whether it is never let go of when memory is short.
    model, source
        Identity of the model that samples it, and what that one was asked for by.
    stowed
        Where its trajectory, maps and readings are while memory is short, None while they are here.
    recorded
        Its masks with their undo, where they come from a journal.
    drawn
        Its masks as they are now, once it has a picture.
    kept_view
        What was kept of the view when it was last shown, or by its session; empty for a new one.
    session_path
        Where it was saved or opened from.
    detached
        Why nothing more can be computed for it, "" when it can.
    readings
        Numbers read off it so far.
    """

    number: int
    prompt: str = ""
    seed: int = 0
    log_snr: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    reached: int = 0
    trajectory: Trajectory | None = None
    pictures: dict[int, Picture] = field(default_factory=dict)
    masks: tuple[NamedMask, ...] = ()
    offered_masks: tuple[NamedMask, ...] = ()
    truncated: str = ""
    detached: str = ""
    session_path: Path | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    name: str = ""
    pinned: bool = False
    model: str = ""
    source: str = ""
    stowed: StowedRun | None = None
    recorded: RecordedMasks | None = None
    readings: dict[ReadingKey, Reading] = field(default_factory=dict)
    maps: MapCache = field(default_factory=lambda: MapCache())
    drawn: RunMasks | None = None
    kept_view: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_session(cls, number: int, session: Session, path: Path | None, detached: str) -> Run:
        """Make a run of what a session file has of it."""
        made = session.trajectory.provenance
        run = cls(number, prompt=made.prompt, seed=made.seed, session_path=path)
        run.id = session.id or run.id
        run.name, run.pinned, run.model = session.name, session.pinned, made.model
        run.masks = session.masks
        run.kept_view = session.view
        run.fill(session, detached)
        return run

    def fill(self, session: Session, detached: str) -> None:
        """Take trajectory, maps, pictures and readings from a session."""
        self.trajectory, self.detached, self.stowed = session.trajectory, detached, None
        self.log_snr = session.trajectory.schedule.log_snr.astype(np.float32)
        self.reached = self.steps
        if session.thumbnails is not None:
            self.pictures = dict(enumerate(session.thumbnails))
        for found in session.maps:
            self.maps.keep(key_of(self.number, found), found, complete=True)
        for reading in session.readings:
            self.readings[ReadingKey(run=self.number, key=reading.key, step=reading.step)] = reading

    def stow(self, stowed: StowedRun, reason: str) -> None:
        """Let go of what takes memory: it is in a file."""
        assert self.trajectory is not None
        self.trajectory, self.stowed = self.trajectory.without_latents(), stowed
        self.pictures, self.maps, self.readings = {}, MapCache(), {}
        self.detached = reason

    @property
    def title(self) -> str:
        """Its name, or prompt and seed where it has none."""
        return self.name or default_title(self.prompt, self.seed)

    @property
    def nbytes(self) -> int:
        """Memory that its arrays take."""
        total = self.maps.nbytes
        total += sum(picture.nbytes for picture in self.pictures.values())
        total += sum(mask.pixels.nbytes for mask in self.masks)
        if self.trajectory is not None:
            kept = self.trajectory
            total += kept.x_t.nbytes + kept.eps_target.nbytes + kept.eps_unconditional.nbytes
        return total

    def masks_now(self) -> tuple[NamedMask, ...]:
        """Return its masks as they are now; copies of those that were touched."""
        if self.drawn is None:
            return self.masks
        if self.drawn.edits == 0 and self.recorded is None:
            size = self.drawn.document.size
            return tuple(mask for mask in self.masks if mask.pixels.shape == size)
        return self.drawn.document.snapshot()

    @property
    def steps(self) -> int:
        """How many steps the schedule has."""
        return len(self.log_snr)

    def final_picture(self) -> Picture | None:
        """Return x̂₀ of the newest step, which masks are drawn on; None before there is one."""
        return self.picture_at(max(0, self.reached - 1))

    def picture_at(self, step: int) -> Picture | None:
        """Return x̂₀ at `step`, or the nearest earlier one decoded, or the nearest at all."""
        if self.trajectory is not None and step == self.steps - 1 == self.reached - 1:
            return self.trajectory.image
        if step in self.pictures:
            return self.pictures[step]
        if not self.pictures:
            return self.trajectory.image if self.trajectory is not None else None
        return self.pictures[min(self.pictures, key=lambda other: (abs(other - step), other))]


def picture_size(run: Run) -> tuple[int, int] | None:
    """Return (height, width) of a run's masks and picture, None before there is either."""
    picture = run.final_picture()
    shape = run.masks[0].pixels.shape if run.masks else None
    if shape is None and picture is not None:
        shape = picture.shape
    return None if shape is None else (shape[0], shape[1])
