"""Manifests: what a sweep is to work through, whatever form the list has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from memlens.errors import DatasetError
from memlens.evaluation.datasets import OFFICIAL_NOISE, RowProblem, Skipped, Templates
from memlens.evaluation.truths import Truth
from memlens.sampling.noise import CPU
from memlens.sweep import ground_truth_rows, official_rows, plain_rows
from memlens.sweep.rows import Row, RowsRead
from memlens.sweep.tasks import OVERFIT_TYPES, Task

TEMPLATE_FOLDER, VERBATIM_FOLDER = "TV_metric_maps", "MVRV_metric_maps"
UNLABELLED_FOLDER = "unlabelled_metric_maps"
_FOLDERS = {"TV": TEMPLATE_FOLDER, "MV": VERBATIM_FOLDER, "RV": VERBATIM_FOLDER,
            "N": TEMPLATE_FOLDER, "": UNLABELLED_FOLDER}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRow:
    """One line of the official data set that goes with a sweep's files."""

    caption: str
    overfit_type: str
    gen_seeds: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a sweep works through.

    Attributes
    ----------
    source
        The file or folder it was read from.
    tasks
        Every (prompt, seed) once, in the manifest's order.
    skipped
        Rows and repetitions that are left out, each with the reason.
    notes
        Rows that are sampled all the same though something of them is missing.
    noise
        Where the pairs of seed and template hold: "cuda" in the official layouts.
    version
        1 or 2: which of the official data sets' names the files get.
    datasets
        Official JSON-lines files that are kept as they are, or none: then `rows` are written.
    templates
        The folder whose ``templates/`` the rows' indices point into, or None.
    rows
        Lines by folder, for layouts that are written anew.
    masks
        Masks by index of the template written for them.
    listed
        The non-memorized prompts, in order.
    """

    source: Path
    tasks: tuple[Task, ...]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Skipped, ...] = ()
    noise: str = CPU
    version: int = 1
    datasets: tuple[Path, ...] = ()
    templates: Path | None = None
    rows: dict[str, tuple[LayoutRow, ...]] = field(default_factory=dict)
    masks: tuple[Path, ...] = ()
    listed: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits over prompts, seeds and kinds, in order."""
        whole = hashlib.sha256()
        for task in self.tasks:
            facts = (task.name, task.prompt, task.seed, task.overfit_type, task.group)
            whole.update(json.dumps(facts).encode())
        return whole.hexdigest()[:12]


def read_manifest(
    source: Path,
    *,
    seeds: Sequence[int] = (0,),
    overfit_type: str = "",
    max_seeds: int | None = None,
) -> Manifest:
    """Read a manifest; a row that cannot be used is named and shifts no other.

    Parameters
    ----------
    source
        ``.jsonl`` or ``.csv`` (prompt, seeds, mask or template or kind, group), ``.txt`` (a prompt
        a line), an official ``…_TV.jsonl`` or ground-truth ``.parquet`` with ``templates/`` beside
        it, or the folder of one.
    seeds, overfit_type
        For rows that name none of their own.
    max_seeds
        At most so many seeds of a row; None takes all.

    Raises
    ------
    DatasetError
        If it cannot be read, or nothing in it can be sampled.
    """
    path = source.expanduser()
    if path.is_dir():
        path = _only_list_of(path)
    if not path.is_file():
        raise DatasetError(f"there is no manifest at {path}.")
    if path.suffix == ".parquet":
        read = ground_truth_rows.read(path)
    elif official_rows.is_official(path):
        read = official_rows.read(path)
    else:
        read = plain_rows.read(path, seeds=tuple(seeds), overfit_type=overfit_type)
    manifest = _Collecting(read, max_seeds).manifest(path)
    if not manifest.tasks:
        first = f": {manifest.skipped[0].name} {manifest.skipped[0].reason}" if read.skipped else ""
        raise DatasetError(f"{path} names nothing that can be sampled{first}.")
    return manifest


def _only_list_of(folder: Path) -> Path:
    for pattern in ("*_TV.jsonl", "*_MVRV.jsonl", "groundtruth_parquets/*.parquet", "*.parquet"):
        found = sorted(folder.glob(pattern))
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(str(path.relative_to(folder)) for path in found)
            raise DatasetError(f"{folder} holds several data sets ({named}): name one of them.")
    raise DatasetError(
        f"{folder} holds no data set in the official layout (…_TV.jsonl or groundtruth_parquets/)."
    )


class _Collecting:
    """Turns rows into tasks, each (prompt, seed) once."""

    def __init__(self, read: RowsRead, max_seeds: int | None) -> None:
        self._read = read
        self._max_seeds = max_seeds
        self._templates = None if read.templates is None else Templates(read.templates)
        self._tasks: list[Task] = []
        self._skipped = list(read.skipped)
        self._notes: list[Skipped] = []
        self._seen: dict[tuple[str, int], str] = {}
        self._rows: dict[str, list[LayoutRow]] = {}
        self._masks: dict[Path, int] = {}
        self._listed: list[str] = []

    def manifest(self, source: Path) -> Manifest:
        for row in self._read.rows:
            self._add(row)
        return Manifest(
            source=source,
            tasks=tuple(self._tasks),
            skipped=tuple(self._skipped),
            notes=tuple(self._notes),
            noise=OFFICIAL_NOISE if self._read.official else CPU,
            version=self._read.version,
            datasets=self._read.datasets,
            templates=self._read.templates,
            rows={folder: tuple(rows) for folder, rows in self._rows.items()},
            masks=tuple(self._masks),
            listed=tuple(self._listed),
        )

    def _add(self, row: Row) -> None:
        fresh = []
        for seed, template in row.seeds[: self._max_seeds]:
            before = self._seen.setdefault((row.prompt, seed), row.name)
            if before != row.name:
                reason = f"repeats the prompt and seed of {before}"
                self._skipped.append(Skipped(f"{row.name}, seed {seed}", reason))
            else:
                fresh.append((seed, template))
        if not row.seeds:
            self._skipped.append(Skipped(row.name, "names no seed"))
        if not fresh:
            return
        folder = _FOLDERS[row.overfit_type]
        if row.listed or (row.overfit_type == "N" and row.index is None and fresh == [(0, None)]):
            # The list of non-memorized prompts knows seed 0 alone.
            number = len(self._listed) if row.index is None else row.index
            self._listed += [""] * (number - len(self._listed)) + [row.prompt]
            self._task(row, 0, folder, f"nmem_prompt_{number:04d}_seed_00", False)
            return
        known = [self._truth(row, template) for _, template in fresh]
        if row.index is None and any(truth is None for truth, _ in known):
            # In the official layout a row without a mask would count as memorized all over.
            folder = UNLABELLED_FOLDER
        number = len(self._rows.get(folder, ())) if row.index is None else row.index
        for (seed, _), (truth, _) in zip(fresh, known, strict=True):
            self._task(row, seed, folder, f"prompt_{number:04d}_seed_{seed:02d}", truth)
        self._rows.setdefault(folder, []).append(
            LayoutRow(
                caption=row.prompt,
                overfit_type=row.overfit_type,
                gen_seeds=tuple((fresh[at][0], known[at][1]) for at in range(len(fresh))),
            )
        )

    def _truth(self, row: Row, template: int | None) -> tuple[Truth, int]:
        """Return what is memorized, and the index of the template in the layout."""
        if row.overfit_type == "N":
            return False, -1
        if row.mask is not None:
            if not row.mask.is_file():
                self._notes.append(Skipped(row.name, f"its mask {row.mask} is missing"))
            return row.mask, self._masks.setdefault(row.mask, len(self._masks))
        if template is not None and self._templates is not None:
            try:
                return self._templates.truth(template), template
            except RowProblem as problem:
                self._notes.append(Skipped(row.name, str(problem)))
                return None, template
        if row.overfit_type in ("", "TV"):
            if row.overfit_type:
                self._notes.append(Skipped(row.name, "names no mask of its template"))
            return None, -1
        return True, -1

    def _task(self, row: Row, seed: int, folder: str, stem: str, truth: Truth) -> None:
        kind = OVERFIT_TYPES.get(row.overfit_type, "unlabelled")
        self._tasks.append(
            Task(
                index=len(self._tasks),
                row=row.name,
                prompt=row.prompt,
                seed=seed,
                overfit_type=row.overfit_type,
                group=row.group or kind,
                truth=truth,
                folder=folder,
                stem=stem,
            )
        )
