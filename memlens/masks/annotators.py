"""Whose masks a consensus may be made of, and whose it is made of unless somebody chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from memlens.masks.kinds import ANNOTATOR, CONSENSUS, GROUND_TRUTH, OF_ANNOTATORS


class Listed(Protocol):
    """A line of a list of masks."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def kind(self) -> str:
        """One of `memlens.masks.kinds.KINDS`."""
        ...


def possible_annotators(entries: Sequence[Listed]) -> tuple[int, ...]:
    """Return the masks that a consensus may be made of.

    A ground truth is what annotators are measured against, and a consensus is what they made:
    neither votes.
    """
    return tuple(entry.id for entry in entries if entry.kind not in (CONSENSUS, GROUND_TRUTH))


def first_annotators(entries: Sequence[Listed], selected: Iterable[int] = ()) -> tuple[int, ...]:
    """Return the masks that a consensus is made of at first.

    Those of them that are selected, if two or more are; else those of the kind *annotator*, if two
    or more are; else all that somebody drew or imported.
    """
    possible, chosen = possible_annotators(entries), set(selected)
    kinds = {entry.id: entry.kind for entry in entries}
    for wanted in (
        [mask for mask in possible if mask in chosen],
        [mask for mask in possible if kinds[mask] == ANNOTATOR],
    ):
        if len(wanted) > 1:
            return tuple(wanted)
    return tuple(mask for mask in possible if kinds[mask] in OF_ANNOTATORS)
