"""The official data set beside a sweep's maps, so that the paper's own scripts read them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from memlens.errors import DatasetError, OutputError
from memlens.evaluation.truths import read_truth
from memlens.files.atomic_write import atomic_write
from memlens.masks.files import write_mask
from memlens.sweep.ground_truth_rows import METADATA
from memlens.sweep.manifest import (
    TEMPLATE_FOLDER,
    UNLABELLED_FOLDER,
    VERBATIM_FOLDER,
    LayoutRow,
    Manifest,
)

_NAMES = {1: "sdv1-4_bb_attack_gt_verify", 2: "sdv2_bb_attack_gt_verify"}
_ENDINGS = {TEMPLATE_FOLDER: "_TV", VERBATIM_FOLDER: "_MVRV", UNLABELLED_FOLDER: "_unlabelled"}


def template_dataset(manifest: Manifest) -> str:
    """Return the name of the data set of the template folder."""
    for dataset in manifest.datasets:
        if "MVRV" not in dataset.name:
            return dataset.name
    return f"{_NAMES[manifest.version]}_TV.jsonl"


def write_layout(manifest: Manifest, folder: Path) -> dict[Path, str]:
    """Write data sets, prompts, templates and masks into a sweep's folder.

    Returns
    -------
    dict
        Where each mask of a task lies now, within the folder.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    try:
        return _Layout(manifest, folder).write()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"the data set was not written to {folder}: {reason}.") from error


class _Layout:
    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self._manifest = manifest
        self._folder = folder

    def write(self) -> dict[Path, str]:
        manifest = self._manifest
        for dataset in manifest.datasets:
            self._put(dataset.name, dataset.read_bytes())
        if not manifest.datasets:
            for layout, ending in _ENDINGS.items():
                rows = manifest.rows.get(layout, ())
                # The official script wants the first of them even where it is empty.
                if rows or layout == TEMPLATE_FOLDER:
                    self._put(f"{_NAMES[manifest.version]}{ending}.jsonl", _jsonl(rows))
        prompts = "".join(f"{prompt}\n" for prompt in manifest.listed).encode()
        # The official code has looked in both places.
        for name in (f"data/sd{manifest.version}_nmem.txt", f"sd{manifest.version}_nmem.txt"):
            self._put(name, prompts)
        truths = self._masks()
        self._metadata()
        return truths

    def _masks(self) -> dict[Path, str]:
        """Copy the masks of all tasks; those of one's own become PNG files."""
        (self._folder / "templates").mkdir(exist_ok=True)
        own = {mask: f"templates/mask_{at:04d}.png" for at, mask in enumerate(self._manifest.masks)}
        for mask, name in own.items():
            # One that is missing or damaged is named by the evaluation; it stops nothing.
            if mask.is_file():
                self._convert(mask, name)
        found = dict(own)
        for task in self._manifest.tasks:
            if isinstance(task.truth, Path) and task.truth not in found:
                found[task.truth] = self._copied(task.truth)
        return found

    def _convert(self, mask: Path, name: str) -> None:
        if mask.suffix.lower() in (".npy", ".json"):
            try:
                pixels = read_truth(mask, _size_of(mask))
            except DatasetError:
                return
            if pixels is not None:
                write_mask(self._folder / name, pixels)
            return
        shutil.copyfile(mask, self._folder / name)

    def _copied(self, mask: Path) -> str:
        """Copy a template's mask to where its metadata says that it lies."""
        base = self._manifest.templates
        inside = base is not None and mask.is_relative_to(base)
        name = mask.relative_to(base).as_posix() if inside and base else f"templates/{mask.name}"
        target = self._folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(mask, target)
        return name

    def _metadata(self) -> None:
        import pyarrow
        import pyarrow.parquet

        base = self._manifest.templates
        if base is not None and (base / METADATA).is_file():
            self._put(METADATA.as_posix(), (base / METADATA).read_bytes())
            return
        names = [f"templates/mask_{at:04d}.png" for at in range(len(self._manifest.masks))]
        table = pyarrow.table(
            {
                "url": [str(mask) for mask in self._manifest.masks],
                "mask_file": names,
                "img_file": names,
            },
            schema=pyarrow.schema(
                [(name, pyarrow.string()) for name in ("url", "mask_file", "img_file")]
            ),
        )
        stream = io.BytesIO()
        pyarrow.parquet.write_table(table, stream)
        self._put(METADATA.as_posix(), stream.getvalue())

    def _put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as stream:
            stream.write(content)


def _jsonl(rows: Iterable[LayoutRow]) -> bytes:
    lines = (
        {
            "caption": row.caption,
            "overfit_type": row.overfit_type or "N",
            "gen_seeds": [list(pair) for pair in row.gen_seeds],
        }
        for row in rows
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _size_of(mask: Path) -> tuple[int, int]:
    from memlens.errors import MaskError
    from memlens.masks.files import read_mask

    try:
        height, width = read_mask(mask, None)[0].pixels.shape
    except MaskError as error:
        raise DatasetError(f"its mask {mask.name} cannot be read") from error
    return height, width
