"""The official layout on disk: data sets, maps, templates and masks, matched by index.

A row, mask or map that cannot be used is named and left out; it never shifts another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from memlens.errors import DatasetError
from memlens.sampling.noise import CUDA

TEMPLATE_MEMORIZED = "TV only"
ALL = "all"

# Their pairs of seed and template hold for noise drawn on a CUDA device (`memlens.sampling.noise`).
OFFICIAL_NOISE = CUDA

_FOLDERS = {"TV": "TV_metric_maps", "MV": "MVRV_metric_maps", "RV": "MVRV_metric_maps"}
_NON_MEMORIZED = re.compile(r"nmem_prompt_(\d{4,})_seed_00_(.+)\.npy")


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was left out of an evaluation, and why.

    Attributes
    ----------
    name
        A map's file or a row ("data.jsonl row 3"), as a person would look for it.
    reason
        A clause.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialItem:
    """One map with its ground truth.

    Attributes
    ----------
    name
        ``folder/file`` of the map.
    path
        The map's file.
    truth
        The mask's file; True, all ones, where the row names no template (−1) or one out of
        range; False where nothing is memorized.
    prompt, seed
        What was sampled; where the data set has no caption, its row.
    overfit_type
        "TV", "MV", "RV" or "N".
    """

    name: str
    path: Path
    truth: Path | bool
    prompt: str = ""
    seed: int = 0
    overfit_type: str = "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialSet:
    """The maps of one metric that are evaluated together.

    Attributes
    ----------
    name
        "TV only" (template-memorized pictures) or "all" (also verbatim and non-memorized).
    items
        In the official order: the data set's rows, then the non-memorized prompts.
    skipped
        What the data set names but the disk lacks.
    """

    name: str
    items: tuple[OfficialItem, ...]
    skipped: tuple[Skipped, ...]


def read_official(
    maps_folder: Path, datasets: Sequence[Path], *, metric: str
) -> tuple[OfficialSet, ...]:
    """Match the maps of one metric with their ground truth.

    Parameters
    ----------
    maps_folder
        The folder of ``TV_metric_maps`` and ``MVRV_metric_maps``, or the former itself.
    datasets
        JSON-lines files; ``…_MVRV.jsonl`` beside ``…_TV.jsonl`` is found by itself.
        ``templates/`` and ``data/`` are looked for beside the first.
    metric
        "cov", "score_diff", …

    Raises
    ------
    DatasetError
        If a folder or data set is missing or unreadable.
    """
    if not maps_folder.is_dir():
        raise DatasetError(f"there is no folder of maps at {maps_folder}.")
    if not datasets:
        raise DatasetError("an evaluation needs at least one data set (a .jsonl file).")
    folders = _map_folders(maps_folder)
    templates = Templates(datasets[0].parent)
    template_memorized = _Collected()
    others = _Collected()
    for dataset in with_verbatim(datasets):
        usual = others if "MVRV" in dataset.name else template_memorized
        for index, row in enumerate(_read_rows(dataset)):
            try:
                overfit_type, pairs = parse_row(row)
            except RowProblem as problem:
                usual.skipped.append(Skipped(f"{dataset.name} row {index}", str(problem)))
                continue
            group = template_memorized if overfit_type == "TV" else others
            for seed, template in pairs:
                name = f"prompt_{index:04d}_seed_{seed:02d}_{metric}.npy"
                group.add(
                    folders[overfit_type] / name,
                    templates,
                    template,
                    overfit_type=overfit_type,
                    prompt=_caption(row) or f"{dataset.name} row {index}",
                    seed=seed,
                )
    non_memorized = _non_memorized(folders["TV"], datasets[0], metric)
    everything = (template_memorized, others, non_memorized)
    return (
        OfficialSet(
            name=TEMPLATE_MEMORIZED,
            items=tuple(template_memorized.items),
            skipped=tuple(template_memorized.skipped),
        ),
        OfficialSet(
            name=ALL,
            items=tuple(item for group in everything for item in group.items),
            skipped=tuple(item for group in everything for item in group.skipped),
        ),
    )


def metrics_present(maps_folder: Path) -> tuple[str, ...]:
    """Return the metrics of which there are maps, in alphabetical order."""
    name = re.compile(r"(?:nmem_)?prompt_\d{4,}_seed_\d{2,}_(.+)\.npy")
    folders = {*_map_folders(maps_folder).values()}
    found = (name.fullmatch(path.name) for folder in folders for path in folder.glob("*.npy"))
    return tuple(sorted({match[1] for match in found if match}))


def read_mask(path: Path, *, size: int) -> NDArray[np.bool_]:
    """Read a ground-truth mask as (size, size), nearest-resized, white meaning memorized.

    Raises
    ------
    DatasetError
        If it is missing or not a picture.
    """
    try:
        with Image.open(path) as picture:
            grey = picture.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(f"its mask {path.name} cannot be read") from error
    if grey.size != (size, size):
        grey = grey.resize((size, size), Image.Resampling.NEAREST)
    return np.asarray(grey) > 127


class RowProblem(Exception):
    """A row of a data set cannot be used; the message is a clause."""


class _Collected:
    """Items and skipped ones of one group, while reading."""

    def __init__(self) -> None:
        self.items: list[OfficialItem] = []
        self.skipped: list[Skipped] = []

    def add(
        self,
        path: Path,
        templates: Templates,
        template: int,
        *,
        overfit_type: str,
        prompt: str,
        seed: int,
    ) -> None:
        name = f"{path.parent.name}/{path.name}"
        if not path.is_file():
            self.skipped.append(Skipped(name, "the map is missing"))
            return
        truth: Path | bool = overfit_type != "N"
        try:
            if truth:
                truth = templates.truth(template)
        except RowProblem as problem:
            self.skipped.append(Skipped(name, str(problem)))
            return
        self.items.append(
            OfficialItem(
                name=name,
                path=path,
                truth=truth,
                prompt=prompt,
                seed=seed,
                overfit_type=overfit_type,
            )
        )


def _map_folders(maps_folder: Path) -> dict[str, Path]:
    # The official command line names the template folder itself; both ways are accepted.
    if "TV_metric_maps" in maps_folder.name and "MVRV" not in maps_folder.name:
        verbatim = maps_folder.name.replace("TV_metric_maps", "MVRV_metric_maps")
        other = maps_folder.with_name(verbatim)
        return {"TV": maps_folder, "MV": other, "RV": other, "N": maps_folder}
    folders = {kind: maps_folder / name for kind, name in _FOLDERS.items()}
    return {**folders, "N": folders["TV"]}


def prompts_file(dataset: Path) -> Path:
    """Return where the non-memorized prompts of a data set lie; the file may be missing."""
    return dataset.parent / "data" / f"sd{1 if 'sdv1' in dataset.name else 2}_nmem.txt"


def with_verbatim(datasets: Sequence[Path]) -> Iterator[Path]:
    """Yield the data sets, each once, with the verbatim half that lies beside a template one."""
    # One named twice would count its maps twice.
    named = {dataset.resolve(): dataset for dataset in reversed(datasets)}
    for dataset in reversed(named.values()):
        yield dataset
        if dataset.name.endswith("_TV.jsonl"):
            verbatim = dataset.with_name(dataset.name.removesuffix("_TV.jsonl") + "_MVRV.jsonl")
            if verbatim.is_file() and verbatim.resolve() not in named:
                yield verbatim


def _read_rows(dataset: Path) -> list[str]:
    try:
        text = dataset.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"the data set {dataset} cannot be read: {_why(error)}.") from error
    return text.rstrip().split("\n") if text.strip() else []


def parse_row(row: str) -> tuple[str, list[tuple[int, int]]]:
    """Return what a row says was memorized, and its pairs of seed and template index.

    Raises
    ------
    RowProblem
        If it is damaged.
    """
    try:
        values = json.loads(row)
    except (ValueError, RecursionError):
        raise RowProblem("is not JSON") from None
    if not isinstance(values, dict):
        raise RowProblem("is not a JSON object")
    overfit_type = values.get("overfit_type", "TV")
    if overfit_type not in (*_FOLDERS, "N"):
        raise RowProblem(f"has the unknown overfit_type {overfit_type!r}")
    seeds = values.get("gen_seeds")
    if not isinstance(seeds, list):
        raise RowProblem("has no list gen_seeds")
    return overfit_type, [_parse_pair(pair) for pair in seeds]


def _caption(row: str) -> str:
    caption = json.loads(row).get("caption")
    return caption if isinstance(caption, str) else ""


def _parse_pair(pair: Any) -> tuple[int, int]:
    values = pair if isinstance(pair, list) else [pair, -1]
    if len(values) != 2 or not all(type(value) is int for value in values):
        raise RowProblem(f"has {pair!r} among gen_seeds, not [seed, template index]")
    return values[0], values[1]


class Templates:
    """``templates/metadata.parquet``, read when the first template is asked for.

    Parameters
    ----------
    folder
        The one that ``templates`` lies in.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._masks: list[Any] | None = None

    def truth(self, index: int) -> Path | bool:
        """Return the mask of a template; True, all ones, for an index out of range.

        Raises
        ------
        RowProblem
            If the template names no mask, or its file is missing.
        DatasetError
            If the templates cannot be read.
        """
        if index == -1:
            return True
        if self._masks is None:
            self._masks = _mask_column(self._folder / "templates" / "metadata.parquet")
        if not 0 <= index < len(self._masks):
            return True
        name = self._masks[index]
        if not isinstance(name, str):
            raise RowProblem(f"template {index} names no mask")
        for path in (self._folder / name, self._folder / "templates" / Path(name).name):
            if path.is_file():
                return path
        raise RowProblem(f"the mask {name} of template {index} is missing")


def _mask_column(path: Path) -> list[Any]:
    import pyarrow
    import pyarrow.parquet

    if not path.is_file():
        raise DatasetError(f"{path} does not exist: no mask of a template can be found.")
    try:
        columns: Mapping[str, list[Any]] = pyarrow.parquet.read_table(
            path, columns=["mask_file"]
        ).to_pydict()
        return columns["mask_file"]
    except (OSError, KeyError, pyarrow.ArrowException) as error:
        raise DatasetError(f"{path} cannot be read: {_why(error)}.") from error


def _non_memorized(folder: Path, dataset: Path, metric: str) -> _Collected:
    present = {
        int(match[1])
        for path in (folder.glob("nmem_prompt_*.npy") if folder.is_dir() else ())
        if (match := _NON_MEMORIZED.fullmatch(path.name)) and match[2] == metric
    }
    prompts = prompts_file(dataset)
    listed = [f"non-memorized prompt {index}" for index in range(max(present, default=-1) + 1)]
    if prompts.is_file():
        listed = [prompt.strip() for prompt in _read_rows(prompts) if prompt.strip()]
    found = _Collected()
    for index in sorted(present.union(range(len(listed)))):
        path = folder / f"nmem_prompt_{index:04d}_seed_00_{metric}.npy"
        name = f"{folder.name}/{path.name}"
        if index >= len(listed):
            reason = f"there is no prompt {index} in data/{prompts.name}"
            found.skipped.append(Skipped(name, reason))
        elif index not in present:
            found.skipped.append(Skipped(name, "the map is missing"))
        else:
            item = OfficialItem(name=name, path=path, truth=False, prompt=listed[index])
            found.items.append(item)
    return found


def _why(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).splitlines()[0] if str(error) else type(error).__name__
