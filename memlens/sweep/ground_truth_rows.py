"""The ground-truth parquet of templates-verbs: templates are found by their URL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from memlens.errors import DatasetError
from memlens.evaluation.datasets import RowProblem, Skipped
from memlens.sweep.rows import Row, RowsRead, parsed_seeds
from memlens.sweep.tasks import OVERFIT_TYPES

METADATA = Path("templates") / "metadata.parquet"


def read(path: Path) -> RowsRead:
    """Read a ground-truth table; ``templates/`` lies beside it or beside its folder.

    Raises
    ------
    DatasetError
        If the table or its templates cannot be read.
    """
    folder = next(
        (each for each in (path.parent, path.parent.parent) if (each / METADATA).is_file()), None
    )
    table = columns_of(path, ("caption",), ("overfit_type", "gen_seeds", "retrieved_urls"))
    urls = [] if folder is None else columns_of(folder / METADATA, ("url",))["url"]
    # Of two templates with one URL the first counts, as in the field's own search.
    known = {url: index for index, url in reversed(list(enumerate(urls)))}
    rows, skipped = [], []
    for index in range(len(table["caption"])):
        name = f"{path.name} row {index}"
        try:
            rows.append(_row(name, {key: values[index] for key, values in table.items()}, known))
        except RowProblem as problem:
            skipped.append(Skipped(name, str(problem)))
    return RowsRead(
        rows=tuple(rows),
        skipped=tuple(skipped),
        official=True,
        version=2 if "sdv2" in path.name else 1,
        templates=folder,
    )


def columns_of(
    path: Path, needed: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, list[Any]]:
    """Read columns of a parquet file; an optional one that is not there holds None.

    Raises
    ------
    DatasetError
        If it cannot be read, or lacks a needed column.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        there = pyarrow.parquet.read_schema(path).names
        missing = [name for name in needed if name not in there]
        if missing:
            raise DatasetError(f"{path} has no column {missing[0]!r}: it has {', '.join(there)}.")
        wanted = [*needed, *(name for name in optional if name in there)]
        table: dict[str, list[Any]] = pyarrow.parquet.read_table(path, columns=wanted).to_pydict()
    except (OSError, pyarrow.ArrowException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DatasetError(f"{path} cannot be read: {reason}.") from error
    rows = len(next(iter(table.values())))
    return {name: table.get(name, [None] * rows) for name in (*needed, *optional)}


def _row(name: str, values: dict[str, Any], known: dict[str, int]) -> Row:
    caption = values["caption"]
    if not isinstance(caption, str) or not caption.strip():
        raise RowProblem("has no caption")
    overfit_type = values["overfit_type"] or ""
    if overfit_type and overfit_type not in OVERFIT_TYPES:
        raise RowProblem(f"has the unknown overfit_type {overfit_type!r}")
    # The table names seeds of what was found alone; others are sampled with the first.
    seeds = parsed_seeds(values["gen_seeds"] or [0])
    template = None
    if overfit_type == "TV":
        template = _template(values["retrieved_urls"] or [], known)
    elif overfit_type in ("MV", "RV"):
        template = -1
    return Row(
        name=name,
        prompt=caption,
        seeds=tuple((seed, template) for seed in seeds),
        overfit_type=overfit_type,
    )


def _template(urls: Sequence[Any], known: dict[str, int]) -> int | None:
    """Return the one template that the URLs name; None where it is not one."""
    found = {known[url] for url in urls if url in known}
    return found.pop() if len(found) == 1 else None
