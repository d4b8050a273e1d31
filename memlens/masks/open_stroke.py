"""The changes of a stroke under way, joined a few at a time, so that a long one ends as quickly."""

from __future__ import annotations

from memlens.masks.changes import Change, Group
from memlens.masks.history import merged

_AT_ONCE = 32


class OpenStroke:
    """What becomes one undo step.

    Attributes
    ----------
    text
        What the step is called, such as "Brush".
    """

    def __init__(self) -> None:
        self.text = ""
        self._joined: list[Change] = []
        self._recent: list[Change] = []

    def __bool__(self) -> bool:
        return bool(self._joined or self._recent)

    def append(self, change: Change, text: str) -> None:
        """Take another change in."""
        self.text = text
        self._recent.append(change)
        if len(self._recent) == _AT_ONCE:
            joined = merged(self._recent)
            self._recent.clear()
            if isinstance(joined, Group):
                self._joined.extend(joined.changes)
            elif joined is not None:
                self._joined.append(joined)

    def change(self) -> Change | None:
        """Return all of it as one change, None if nothing is left."""
        return merged((*self._joined, *self._recent))
