"""The steps that can be undone and redone, within a number of bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from memlens.masks.changes import Change
from memlens.masks.packing import Packed
from memlens.masks.undo_steps import UndoStep

# What a step costs beside its bytes.
_OVERHEAD = 512


class History:
    """Undo and redo steps, packed; the oldest go when they are too many bytes."""

    def __init__(self, byte_cap: int) -> None:
        self._byte_cap = byte_cap
        self._done: deque[tuple[int, UndoStep]] = deque()
        self._undone: list[tuple[int, UndoStep]] = []
        self._newest = self._floor = 0

    @property
    def position(self) -> int:
        """Where in its history the document is: the same number means the same masks."""
        return self._done[-1][0] if self._done else self._floor

    @property
    def undo_text(self) -> str | None:
        """What the step to undo was; None if there is none."""
        return self._done[-1][1].text if self._done else None

    @property
    def redo_text(self) -> str | None:
        """What the step to redo was; None if there is none."""
        return self._undone[-1][1].text if self._undone else None

    @property
    def done(self) -> tuple[UndoStep, ...]:
        """What can be undone, oldest first."""
        return tuple(step for _, step in self._done)

    @property
    def undone(self) -> tuple[UndoStep, ...]:
        """What can be redone; the last one goes first."""
        return tuple(step for _, step in self._undone)

    @property
    def bytes(self) -> int:
        """How much is kept."""
        return sum(_cost(step) for _, step in (*self._done, *self._undone))

    def steps_to(self, position: int | None) -> int | None:
        """Return how many steps are done at a position, None where no step leads there."""
        line = (*self._done, *reversed(self._undone))
        places = [self._floor, *(number for number, _ in line)]
        return places.index(position) if position in places else None

    def push(self, step: Packed, text: str) -> None:
        """Keep a step that was just done; nothing can be redone after."""
        self._undone.clear()
        self._append(UndoStep(text, step))
        self._trim()

    def take_over(self, done: Iterable[UndoStep], undone: Iterable[UndoStep]) -> None:
        """Begin with steps written down before; position 0 is before the first of them."""
        for step in done:
            self._append(step)
        for step in reversed(tuple(undone)):
            self._newest += 1
            self._undone.insert(0, (self._newest, step))
        self._trim()

    def forget(self) -> None:
        """Drop every step; the position from then on is a new one."""
        self._done.clear()
        self._undone.clear()
        self._newest += 1
        self._floor = self._newest

    def step_back(self) -> Change | None:
        """Move one step from done to undone and return it, in the sense it was done."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1][1].packed.change()

    def step_forward(self) -> Change | None:
        """Move one step from undone to done and return it."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1][1].packed.change()

    def _append(self, step: UndoStep) -> None:
        self._newest += 1
        self._done.append((self._newest, step))

    def _trim(self) -> None:
        kept = self.bytes
        while kept > self._byte_cap and self._done:
            self._floor, gone = self._done.popleft()
            kept -= _cost(gone)


def _cost(step: UndoStep) -> int:
    return step.packed.size + _OVERHEAD
