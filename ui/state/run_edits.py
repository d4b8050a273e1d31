"""What a person does to the list of runs, and what takes it back."""

from __future__ import annotations

from dataclasses import dataclass

from ui.state.run import Run


@dataclass(frozen=True, slots=True)
class RenameRun:
    """Call a run something else; "" for prompt and seed."""

    run: int
    name: str


@dataclass(frozen=True, slots=True)
class PinRun:
    """Never let go of a run when memory is short, or let it go as others."""

    run: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class DeleteRun:
    """Take a run out of the strip."""

    run: int


@dataclass(frozen=True, slots=True, eq=False)
class PutBack:
    """Bring a deleted run back to its place."""

    run: Run
    place: int


RunEdit = RenameRun | PinRun | DeleteRun | PutBack


@dataclass(frozen=True, slots=True, eq=False)
class RunStep:
    """What was done, in words, and what takes it back."""

    text: str
    back: RunEdit
