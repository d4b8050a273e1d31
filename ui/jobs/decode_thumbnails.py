"""Decode x̂₀ at some steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui.jobs.job import Job, Manner, Request, Result
from ui.vocabulary.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeThumbnails(Request):
    """Decode x̂₀ at some steps of the open run."""

    job: ClassVar[Job] = Job(
        name="decode-thumbnails",
        priority=240,
        work="steps.decode_thumbnails",
        manner=Manner.BACKGROUND,
    )
    run: int
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDecoded(Result):
    """x̂₀ at one step."""

    run: int
    step: int
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkDone(Result):
    """A chunk of background work is done; ask again for what is left."""

    run: int
