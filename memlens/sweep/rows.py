"""Rows of a manifest as they are read, whatever form the list has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from memlens.evaluation.datasets import RowProblem, Skipped
from memlens.sampling.seeds import SEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a manifest, read and not yet compared with others.

    Attributes
    ----------
    name
        As a person would look for it ("prompts.csv line 3").
    prompt
        Not empty.
    seeds
        Each with its template's index in ``templates/metadata.parquet``, or None.
    overfit_type
        "TV", "MV", "RV", "N" or "".
    group
        "" where none is named.
    mask
        A mask's file, which may be missing; None where the row names none.
    index
        The prompt's number where the layout fixes it; None takes the next free one.
    listed
        Whether it stands in the list of non-memorized prompts, which is always sampled once.
    """

    name: str
    prompt: str
    seeds: tuple[tuple[int, int | None], ...]
    overfit_type: str = ""
    group: str = ""
    mask: Path | None = None
    index: int | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """The rows of one manifest file, with what its layout fixes."""

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...] = ()
    official: bool = False
    version: int = 1
    datasets: tuple[Path, ...] = ()
    templates: Path | None = None


def parsed_seeds(words: Iterable[object]) -> tuple[int, ...]:
    """Return seeds, each once.

    Raises
    ------
    RowProblem
        If one is no seed.
    """
    found = []
    for word in words:
        if type(word) is not int or not 0 <= word < SEEDS:
            raise RowProblem(f"has {word!r} among its seeds, not a number from 0 on")
        found.append(word)
    return tuple(dict.fromkeys(found))
