"""The changes of a stroke under way, joined as they come, so that a long one ends as quickly."""

from __future__ import annotations

from memlens.masks.changes import Change, Flipped
from memlens.masks.joined_flips import JoinedFlips
from memlens.masks.packing import Packed, PackedGroup, packed


class OpenStroke:
    """What becomes one undo step.

    Parameters
    ----------
    size
        (height, width) of the masks.

    Attributes
    ----------
    text
        What the step is called, such as "Brush".
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.text = ""
        self._size = size
        self._parts: list[Packed] = []
        self._flips: dict[int, JoinedFlips] = {}

    def __bool__(self) -> bool:
        return bool(self._parts or self._flips)

    def append(self, change: Change, text: str) -> None:
        """Take another change in."""
        self.text = text
        if isinstance(change, Flipped):
            if change.mask not in self._flips:
                self._flips[change.mask] = JoinedFlips(change.mask, self._size)
            self._flips[change.mask].add(change)
        else:
            self._join()
            self._parts.append(packed(change))

    def step(self) -> Packed | None:
        """Return all of it as one step, None if nothing is left."""
        self._join()
        if len(self._parts) < 2:
            return self._parts[0] if self._parts else None
        return PackedGroup(tuple(self._parts))

    def _join(self) -> None:
        # Flips on both sides of a change of the list are not to change places with it.
        steps = [flips.step() for flips in self._flips.values()]
        self._parts.extend(step for step in steps if step is not None)
        self._flips.clear()
