"""The steps of a mask document's undo as they are written down: frozen, with what they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from memlens.masks.named_mask import NamedMask
from memlens.masks.packing import Packed

MAX_RECORDED_BYTES = 32 << 20


class Stepped(IntEnum):
    """What became of the changes told since the last of these."""

    DONE = 1
    UNDONE = 2
    REDONE = 3
    TAKEN_BACK = 4
    ADOPTED = 5


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step: what it is called, and what was done."""

    text: str
    packed: Packed


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSteps:
    """What can be undone and redone.

    Attributes
    ----------
    done
        Oldest first.
    undone
        The one to redo first is the last.
    under_way
        What a stroke has done so far, None where none is under way.
    saved
        How many of the steps had been done when the masks were last saved: 0 before the first,
        more than are done if some were undone since; None where no step leads there.
    next_id
        Of the next mask; 0 where it is not known.
    """

    done: tuple[UndoStep, ...] = ()
    undone: tuple[UndoStep, ...] = ()
    under_way: UndoStep | None = None
    saved: int | None = None
    next_id: int = 0

    @property
    def is_saved(self) -> bool:
        """Whether the masks are as they were saved."""
        return self.under_way is None and self.saved == len(self.done)

    def within(self, cap: int) -> UndoSteps:
        """Return the newest steps that take at most so many bytes."""
        room, first = cap, len(self.done)
        undone = [] if sum(step.packed.size for step in self.undone) > cap else list(self.undone)
        room -= sum(step.packed.size for step in undone)
        while first and self.done[first - 1].packed.size <= room:
            first -= 1
            room -= self.done[first].packed.size
        saved = None if self.saved is None or self.saved < first else self.saved - first
        done = self.done[first:]
        if saved is not None and saved > len(done) + len(undone):
            saved = None
        return UndoSteps(
            done=done,
            undone=tuple(undone),
            under_way=self.under_way,
            saved=saved,
            next_id=self.next_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMasks:
    """The masks of a document, by their ids, and its undo.

    Attributes
    ----------
    masks
        (id, mask), first to last.
    steps
        That lead to them.
    """

    masks: tuple[tuple[int, NamedMask], ...]
    steps: UndoSteps
