"""What a sweep does: one task is one prompt with one seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memlens.errors import SettingsError
from memlens.evaluation.truths import Truth

TEMPLATE, VERBATIM, FREE, UNLABELLED = "template", "verbatim", "free", ""
# How the official data sets call what is known of a row; MV and RV differ in where it was found.
OVERFIT_TYPES = {"TV": TEMPLATE, "MV": VERBATIM, "RV": VERBATIM, "N": FREE}
_WRITTEN_AS = {TEMPLATE: "TV", VERBATIM: "MV", FREE: "N", UNLABELLED: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One prompt with one seed, and what is known of it.

    Attributes
    ----------
    index
        Its place in the manifest, 0..N−1.
    row
        The row that it comes from, as a person would look for it.
    prompt, seed
        What is sampled.
    overfit_type
        "TV", "MV", "RV", "N", or "" where nothing is known.
    group
        What the manifest calls its group; the kind where it names none.
    truth
        The mask's file; True: all of the picture; False: nothing; None: not known.
    folder, stem
        Where its files lie in the official layout: ``folder/stem_METRIC.npy``.
    """

    index: int
    row: str
    prompt: str
    seed: int
    overfit_type: str
    group: str
    truth: Truth
    folder: str
    stem: str

    @property
    def name(self) -> str:
        """``folder/stem``, which no other task of the sweep has."""
        return f"{self.folder}/{self.stem}"

    @property
    def kind(self) -> str:
        """What is known of it: template, verbatim or free; "" where nothing is."""
        return OVERFIT_TYPES.get(self.overfit_type, UNLABELLED)


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that are sampled in the same network calls.

    Attributes
    ----------
    members
        All of them, always the same, so that rounding does not depend on where a sweep stopped.
    wanted
        Indices of those whose results are still to be made.
    """

    members: tuple[Task, ...]
    wanted: frozenset[int]

    @property
    def missing(self) -> tuple[Task, ...]:
        """The members that are wanted."""
        return tuple(task for task in self.members if task.index in self.wanted)


def grouped(tasks: Sequence[Task], wanted: Sequence[int], size: int) -> list[TaskGroup]:
    """Cut all tasks into groups of `size` and return those with something wanted in them."""
    asked = frozenset(wanted)
    groups = []
    for start in range(0, len(tasks), size):
        members = tuple(tasks[start : start + size])
        missing = asked.intersection(task.index for task in members)
        if missing:
            groups.append(TaskGroup(members, missing))
    return groups


def overfit_type_of(word: str) -> str:
    """Turn "template", "verbatim", "free" or an official name into the official name.

    Raises
    ------
    SettingsError
        If it is neither; the message is a clause.
    """
    if word.upper() in OVERFIT_TYPES:
        return word.upper()
    if word.lower() in _WRITTEN_AS:
        return _WRITTEN_AS[word.lower()]
    raise SettingsError(f"the kind {word!r} is none of template, verbatim, free, TV, MV, RV, N")
