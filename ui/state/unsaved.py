"""What is in no file of the person's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """What a save would put into a file that has none of it.

    Attributes
    ----------
    never_saved
        How many runs no file of the person's has.
    edited
        How many others have masks that were edited since.
    reordered
        Whether runs were renamed, pinned or deleted since.
    sampled, waiting
        How many runs are being sampled, and how many wait for that.
    """

    never_saved: int = 0
    edited: int = 0
    reordered: bool = False
    sampled: int = 0
    waiting: int = 0

    def __bool__(self) -> bool:
        return bool(self.never_saved or self.edited or self.reordered or self.sampled)
