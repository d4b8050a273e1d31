"""The steps that can be undone and redone, within a number of bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from memlens.masks.changes import Change
from memlens.masks.packing import Packed

# What a step costs beside its bytes.
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class _Step:
    text: str
    packed: Packed

    @property
    def cost(self) -> int:
        return self.packed.size + _OVERHEAD

    def change(self) -> Change:
        return self.packed.change()


class History:
    """Undo and redo steps, packed; the oldest go when they are too many bytes."""

    def __init__(self, byte_cap: int) -> None:
        self._byte_cap = byte_cap
        self._done: deque[_Step] = deque()
        self._undone: list[_Step] = []

    @property
    def undo_text(self) -> str | None:
        """What the step to undo was; None if there is none."""
        return self._done[-1].text if self._done else None

    @property
    def redo_text(self) -> str | None:
        """What the step to redo was; None if there is none."""
        return self._undone[-1].text if self._undone else None

    @property
    def bytes(self) -> int:
        """How much is kept."""
        return sum(step.cost for step in (*self._done, *self._undone))

    def push(self, step: Packed, text: str) -> None:
        """Keep a step that was just done; nothing can be redone after."""
        self._undone.clear()
        self._done.append(_Step(text, step))
        kept = self.bytes
        while kept > self._byte_cap:
            kept -= self._done.popleft().cost

    def step_back(self) -> Change | None:
        """Move one step from done to undone and return it, in the sense it was done."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1].change()

    def step_forward(self) -> Change | None:
        """Move one step from undone to done and return it."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1].change()
