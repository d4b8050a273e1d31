"""A data set verified again: its rows, templates and pictures joined by index or URL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from memlens.errors import DatasetError, MemlensError
from memlens.evaluation.datasets import Skipped
from memlens.files.atomic_write import atomic_write
from memlens.files.sessions import load_session
from memlens.masks.verifying import FloatArray, Found, Template, comparable, verified
from memlens.sweep.folder import is_sweep, open_index
from memlens.sweep.ground_truth_rows import METADATA, columns_of
from memlens.sweep.manifest import Manifest
from memlens.sweep.places import session_file
from memlens.sweep.run_index import DONE
from memlens.sweep.tasks import Task

_RETRIEVED = Path("retrieved") / "metadata.parquet"
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_NUMBER = re.compile(r"0*(\d+)")
# How the field's own script names the folder of a prompt.
_MAX_FOLDER_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRow:
    """One prompt, verified.

    Attributes
    ----------
    row, prompt
        Which.
    before
        What the data set says, "" where it says nothing.
    found
        What its pictures show.
    """

    row: str
    prompt: str
    before: str
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedData:
    """A data set, verified.

    Attributes
    ----------
    rows
        Of prompts that there are pictures of.
    skipped
        Rows, templates and pictures that are missing or damaged.
    """

    rows: tuple[VerifiedRow, ...]
    skipped: tuple[Skipped, ...]

    @property
    def changed(self) -> tuple[VerifiedRow, ...]:
        """Rows that the data set says otherwise of."""
        return tuple(row for row in self.rows if row.before not in ("", row.found.overfit_type))

    def write(self, folder: Path, stem: str) -> tuple[Path, ...]:
        """Write the official JSON-lines files, ``STEM_TV.jsonl`` and ``STEM_MVRV.jsonl``.

        Raises
        ------
        OSError
            If they cannot be written.
        """
        written = []
        for ending, words in (("TV", ("TV",)), ("MVRV", ("MV", "RV"))):
            lines = [
                {
                    "caption": row.prompt,
                    "overfit_type": row.found.overfit_type,
                    "gen_seeds": [list(pair) for pair in row.found.gen_seeds],
                }
                for row in self.rows
                if row.found.overfit_type in words
            ]
            path = folder / f"{stem}_{ending}.jsonl"
            folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as stream:
                for line in lines:
                    stream.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
            written.append(path)
        return tuple(written)


def verify_data(
    manifest: Manifest,
    data: Path,
    pictures: Path,
    *,
    real: Path | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> VerifiedData:
    """Verify every prompt of a data set from pictures that were generated of it.

    Parameters
    ----------
    manifest
        Its rows.
    data
        Its folder, with ``templates/`` and ``retrieved/``.
    pictures
        A sweep of the manifest; or a folder with a folder for each prompt, named as the field's
        script names it, with a picture for each seed, ``0003.jpg``.
    real
        Training pictures: named by their row's number (``0003.jpg`` is that of row 3), or with a
        ``metadata.parquet`` of url and img_file; None: there are none, and no verbatim is found.
    tell
        Told how many prompts of how many are done; may raise to stop.

    Raises
    ------
    DatasetError
        If folders or tables are missing or unreadable.
    """
    skipped: list[Skipped] = [*manifest.skipped]
    templates = list(_templates(data, skipped))
    retrieved = [pixels for _, pixels in _table(data / _RETRIEVED, data, skipped)]
    if not templates and not retrieved and real is None:
        raise DatasetError(f"{data} has neither templates/ nor retrieved/ to compare with.")
    originals = {} if real is None else _originals(real, skipped)
    rows: dict[str, list[Task]] = {}
    for task in manifest.tasks:
        rows.setdefault(task.row, []).append(task)
    made = _made_by_sweep(pictures) if is_sweep(pictures) else None
    verified_rows = []
    for done, (row, tasks) in enumerate(rows.items()):
        tell(done, len(rows))
        found = _of_sweep(tasks, pictures, made, skipped) if made is not None else None
        if found is None:
            found = _of_folder(tasks[0], pictures, skipped)
        if not found:
            skipped.append(Skipped(row, "there is no picture of its prompt"))
            continue
        original = originals.get(_row_number(row))
        if real is not None and original is None:
            skipped.append(Skipped(row, "its training picture is missing"))
        verified_rows.append(
            VerifiedRow(
                row=row,
                prompt=tasks[0].prompt,
                before=tasks[0].overfit_type,
                found=verified(found, templates=templates, real=original, retrieved=retrieved),
            )
        )
    tell(len(rows), len(rows))
    return VerifiedData(rows=tuple(verified_rows), skipped=tuple(dict.fromkeys(skipped)))


def prompt_folder(prompt: str) -> str:
    """Return what the field's script calls the folder of a prompt."""
    return prompt.replace("/", "_")[:_MAX_FOLDER_NAME]


def _templates(data: Path, skipped: list[Skipped]) -> Iterator[Template]:
    path = data / METADATA
    if not path.is_file():
        return
    table = columns_of(path, ("img_file", "mask_file"))
    pairs = zip(table["img_file"], table["mask_file"], strict=True)
    for index, (image, mask) in enumerate(pairs):
        read = []
        for what, name in (("picture", image), ("mask", mask)):
            try:
                read.append(_picture(_beside(data, METADATA.parent, name)))
            except (DatasetError, TypeError):
                skipped.append(Skipped(f"template {index}", f"its {what} {name} is missing"))
        if len(read) == 2:
            yield Template(index=index, pixels=read[0], mask=read[1])


def _table(path: Path, data: Path, skipped: list[Skipped]) -> Iterator[tuple[str, FloatArray]]:
    """Yield URL and picture of every row of a metadata table whose picture is there."""
    if not path.is_file():
        return
    table = columns_of(path, ("url", "img_file"))
    for index, (url, name) in enumerate(zip(table["url"], table["img_file"], strict=True)):
        try:
            yield str(url), _picture(_beside(data, Path(path.parent.name), name))
        except (DatasetError, TypeError):
            reason = f"its picture {name} is missing"
            skipped.append(Skipped(f"{path.parent.name} row {index}", reason))


def _originals(folder: Path, skipped: list[Skipped]) -> dict[int, FloatArray]:
    """Return training pictures by the number of their row, whatever else is in the folder."""
    if not folder.is_dir():
        raise DatasetError(f"there is no folder of training pictures at {folder}.")
    found: dict[int, FloatArray] = {}
    for path in sorted(folder.iterdir()):
        number = _NUMBER.fullmatch(path.stem)
        if path.suffix.lower() not in _PICTURES or not number:
            continue
        try:
            found[int(number[1])] = _picture(path)
        except DatasetError as error:
            skipped.append(Skipped(str(path), str(error)))
    return found


def _made_by_sweep(folder: Path) -> dict[tuple[str, int], Task]:
    with open_index(folder) as index:
        rows = index.rows(index.order(equal={"status": DONE}))
    return {(row.task.prompt, row.task.seed): row.task for row in rows}


def _of_sweep(
    tasks: Sequence[Task],
    folder: Path,
    made: dict[tuple[str, int], Task],
    skipped: list[Skipped],
) -> list[tuple[int, FloatArray]]:
    found = []
    for task in tasks:
        kept = made.get((task.prompt, task.seed))
        if kept is None:
            continue
        try:
            image = load_session(folder / session_file(kept)).trajectory.image
        except MemlensError as error:
            skipped.append(Skipped(task.row, str(error)))
            continue
        found.append((task.seed, comparable(Image.fromarray(np.ascontiguousarray(image)))))
    return found


def _of_folder(task: Task, folder: Path, skipped: list[Skipped]) -> list[tuple[int, FloatArray]]:
    own = folder / prompt_folder(task.prompt)
    found = []
    for path in sorted(own.iterdir()) if own.is_dir() else ():
        number = _NUMBER.fullmatch(path.stem)
        if path.suffix.lower() not in _PICTURES or not number:
            continue
        try:
            found.append((int(number[1]), _picture(path)))
        except DatasetError as error:
            skipped.append(Skipped(str(path), str(error)))
    return found


def _beside(data: Path, folder: Path, name: str) -> Path:
    """Return where a file that a table names lies: as named, or in the table's folder."""
    named = data / name
    return named if named.is_file() else data / folder / Path(name).name


def _picture(path: Path) -> FloatArray:
    try:
        with Image.open(path) as picture:
            return comparable(picture)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError("cannot be read as a picture") from error


def _row_number(row: str) -> int:
    """Return the number that a row's name ends in."""
    return int(row.rpartition(" ")[2])
