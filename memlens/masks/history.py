"""The steps that can be undone and redone, within a number of bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from memlens.masks.changes import Change, Flipped, Group
from memlens.masks.joined_flips import joined_flips
from memlens.masks.packing import PackedChange, packed

# What a step costs beside its bytes.
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class _Step:
    text: str
    packed: PackedChange

    @property
    def cost(self) -> int:
        return len(self.packed.data) + _OVERHEAD

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

    def push(self, change: Change, text: str, step: PackedChange | None = None) -> None:
        """Keep a step that was just done, packed already or not; nothing can be redone after."""
        self._undone.clear()
        self._done.append(_Step(text, step or packed(change)))
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


def merged(changes: Iterable[Change]) -> Change | None:
    """Make one compact change of several.

    Pixels that were flipped twice drop out; changes of the list are kept as they are.

    Returns
    -------
    Change or None
        None if nothing is left.
    """
    left: list[Change] = []
    for flips, run in groupby(changes, lambda change: isinstance(change, Flipped)):
        if not flips:
            left.extend(run)
            continue
        by_mask: dict[int, list[Flipped]] = {}
        for change in run:
            assert isinstance(change, Flipped)
            by_mask.setdefault(change.mask, []).append(change)
        for pieces in by_mask.values():
            one = joined_flips(pieces)
            if one is not None:
                left.append(one)
    if len(left) < 2:
        return left[0] if left else None
    return Group(tuple(left))
