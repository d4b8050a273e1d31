"""Prompts to calibrate with: a list of one's own, or one that memlens brings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from memlens.errors import DatasetError, SettingsError

# Of the free captions that controls of a lab's model are sampled from; not those of its training.
_LAB_SEED = 7_919
_KEYS = ("caption", "prompt", "text")
# The official data sets' word for it.
_NOT_MEMORIZED = "N"


def read_prompts(path: Path) -> tuple[str, ...]:
    """Read a list of prompts, each once, in their order.

    One a line, as in the official ``sd1_nmem.txt``; in a ``.jsonl`` file a line is a JSON object
    with a "caption", "prompt" or "text". Rows of the official data sets that are marked as
    memorized ("overfit_type" TV, MV or RV; "gen_seeds" without a type mean TV there) are no
    controls and are left out.

    Raises
    ------
    DatasetError
        If it cannot be read, or holds none.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DatasetError(f"the prompts {path} cannot be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"the prompts {path} cannot be read: it is not UTF-8 text.") from error
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    if path.suffix == ".jsonl":
        rows = [(number, _row(path, number, line)) for number, line in filled]
        ordinary = [(number, row) for number, row in rows if not _is_memorized(row)]
        if rows and not ordinary:
            raise DatasetError(f"{path} holds memorized prompts alone: they are no controls.")
        filled = [(number, _caption(path, number, row)) for number, row in ordinary]
    found = tuple(dict.fromkeys(prompt for _, prompt in filled))
    if not found:
        raise DatasetError(f"{path} holds no prompts.")
    return found


def bundled_prompts(model_folder: Path, count: int) -> tuple[str, ...]:
    """Return prompts that a model is believed not to have memorized.

    A lab's model gets free captions of its own, as many as are asked for; others the plain
    captions that memlens brings.

    Parameters
    ----------
    model_folder
        Where the model came from.
    count
        How many.

    Raises
    ------
    SettingsError
        If there are not so many.
    """
    from memlens.lab.ground_truth import has_ground_truth

    if count < 1:
        raise SettingsError(f"{count} prompts: choose 1 or more.")
    if has_ground_truth(model_folder):
        return _lab_captions(model_folder, count)
    plain = plain_captions()
    if count > len(plain):
        raise SettingsError(f"{count} prompts: {len(plain)} are bundled, give a file for more.")
    return plain[:count]


def plain_captions() -> tuple[str, ...]:
    """Return the captions of things and places that memlens brings, 128."""
    text = resources.files("resources").joinpath("controls", "plain-captions.txt")
    return tuple(text.read_text(encoding="utf-8").splitlines())


def _lab_captions(model_folder: Path, count: int) -> tuple[str, ...]:
    """Draw free captions as the lab does, but none that its check samples."""
    from memlens.lab.ground_truth import load_ground_truth
    from memlens.lab.pictures import free_picture

    taken = {entry.caption for entry in load_ground_truth(model_folder).entries}
    found: list[str] = []
    index = 0
    while len(found) < count:
        _, caption = free_picture(index, seed=_LAB_SEED)
        index += 1
        if caption not in taken:
            taken.add(caption)
            found.append(caption)
    return tuple(found)


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise DatasetError(f"{path}, line {number}, is not JSON.") from None
    return row if isinstance(row, dict) else {}


def _is_memorized(row: Mapping[str, Any]) -> bool:
    usual = "TV" if "gen_seeds" in row else _NOT_MEMORIZED
    return bool(row.get("overfit_type", usual) != _NOT_MEMORIZED)


def _caption(path: Path, number: int, row: Mapping[str, Any]) -> str:
    for key in _KEYS:
        if isinstance(row.get(key), str) and row[key].strip():
            return str(row[key]).strip()
    raise DatasetError(f"{path}, line {number}, has no caption, prompt or text.")
