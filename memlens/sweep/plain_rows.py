"""Manifests of one's own: JSON lines, CSV, and lists of prompts."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from memlens.errors import DatasetError, SettingsError
from memlens.evaluation.datasets import RowProblem, Skipped
from memlens.sweep.rows import Row, RowsRead, parsed_seeds
from memlens.sweep.tasks import overfit_type_of

_PROMPT = ("prompt", "caption", "text")
_SEEDS = ("seeds", "seed", "gen_seeds")
_KIND = ("kind", "overfit_type")


def read(path: Path, *, seeds: tuple[int, ...], overfit_type: str) -> RowsRead:
    """Read a list by its name: ``.jsonl``, ``.csv``, anything else a prompt a line.

    Raises
    ------
    DatasetError
        If the file cannot be read, or a CSV names no column "prompt".
    """
    lines = text_lines(path)
    if path.suffix == ".csv":
        values = _csv(path, lines)
    elif path.suffix in (".jsonl", ".json"):
        values = ((number, line, _json) for number, line in lines)
    else:
        values = ((number, line, _prompt) for number, line in lines)
    rows, skipped = [], []
    for number, line, parse in values:
        name = f"{path.name} line {number}"
        try:
            rows.append(_row(name, parse(line), path.parent, seeds, overfit_type))
        except (RowProblem, SettingsError) as problem:
            skipped.append(Skipped(name, str(problem)))
    return RowsRead(rows=tuple(rows), skipped=tuple(skipped))


def text_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines that hold something, with their numbers from 1 on.

    Raises
    ------
    DatasetError
        If the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DatasetError(f"the manifest {path} cannot be read: {reason}.") from error
    # A line that is no UTF-8 is one damaged row, not a damaged file.
    text = content.decode("utf-8-sig", "surrogateescape")
    lines = (line.rstrip("\r") for line in text.split("\n"))
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def refuse_other_text(line: str) -> None:
    """Raise if a line is no UTF-8 text.

    Raises
    ------
    RowProblem
        If so.
    """
    if any("\udc80" <= letter <= "\udcff" or letter == "\0" for letter in line):
        raise RowProblem("is not UTF-8 text")


def json_object(line: str) -> Mapping[str, Any]:
    """Parse one line.

    Raises
    ------
    RowProblem
        If it is not a JSON object in UTF-8.
    """
    refuse_other_text(line)
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise RowProblem("is not JSON") from None
    if not isinstance(values, dict):
        raise RowProblem("is not a JSON object")
    return values


_json = json_object


def _prompt(line: str) -> Mapping[str, Any]:
    refuse_other_text(line)
    return {"prompt": line}


def _csv(path: Path, lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, Any]]:
    if not lines:
        return
    # Line by line, so that a quote left open takes no other row with it.
    heads = [head.strip().lower() for head in next(csv.reader([lines[0][1]]))]
    if not set(_PROMPT) & set(heads):
        raise DatasetError(f'{path} has no column "prompt": its columns are {", ".join(heads)}.')

    def parse(line: str) -> Mapping[str, Any]:
        refuse_other_text(line)
        try:
            (cells,) = csv.reader([line], strict=True)
        except (csv.Error, ValueError):
            raise RowProblem("has a quote that is not closed, or too long a cell") from None
        if len(cells) != len(heads):
            raise RowProblem(f"has {len(cells)} cells, not {len(heads)}")
        return {head: cell for head, cell in zip(heads, cells, strict=True) if cell.strip()}

    for number, line in lines[1:]:
        yield number, line, parse


def _row(
    name: str,
    values: Mapping[str, Any],
    folder: Path,
    seeds: tuple[int, ...],
    overfit_type: str,
) -> Row:
    prompt = _first(values, _PROMPT)
    if not isinstance(prompt, str) or not prompt.strip():
        raise RowProblem("has no prompt")
    kind = _first(values, _KIND)
    if kind is not None and not isinstance(kind, str):
        raise RowProblem(f"has the kind {kind!r}, not a word")
    mask, group = values.get("mask"), values.get("group")
    if mask is not None and not (isinstance(mask, str) and mask.strip()):
        raise RowProblem(f"has the mask {mask!r}, not a file's name")
    own = overfit_type_of(kind) if kind else overfit_type
    if mask and not own:
        own = "TV"
    if mask and own == "N":
        raise RowProblem("has a mask though nothing of it is memorized")
    given = _first(values, _SEEDS)
    return Row(
        name=name,
        prompt=prompt.strip(),
        seeds=tuple((seed, None) for seed in (seeds if given is None else _seeds(given))),
        overfit_type=own,
        group="" if group is None else str(group).strip(),
        mask=None if mask is None else folder / Path(mask.strip()).expanduser(),
    )


def _seeds(given: Any) -> tuple[int, ...]:
    if isinstance(given, str):
        words = given.replace(",", " ").replace(";", " ").split()
        try:
            given = [int(word) for word in words if word.isascii()]
        except ValueError:
            raise RowProblem(f"has the seeds {', '.join(words)}, not numbers") from None
        if len(given) != len(words):
            raise RowProblem(f"has the seeds {', '.join(words)}, not numbers")
    return parsed_seeds(given if isinstance(given, list) else [given])


def _first(values: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((values[key] for key in keys if values.get(key) is not None), None)
