"""The official JSON-lines layout: the line is the prompt's number, whatever stands in others."""

from __future__ import annotations

from pathlib import Path

from memlens.evaluation.datasets import RowProblem, Skipped, parse_row, prompts_file, with_verbatim
from memlens.sweep.plain_rows import json_object, text_lines
from memlens.sweep.rows import Row, RowsRead


def is_official(path: Path) -> bool:
    """Tell whether a file is a data set in the official layout."""
    if path.suffix != ".jsonl":
        return False
    if path.name.endswith(("_TV.jsonl", "_MVRV.jsonl")):
        return True
    for _, line in text_lines(path):
        try:
            values = json_object(line)
        except RowProblem:
            continue
        return "overfit_type" in values and "gen_seeds" in values
    return False


def read(path: Path) -> RowsRead:
    """Read a data set, its verbatim half and its list of non-memorized prompts.

    Raises
    ------
    DatasetError
        If one of them cannot be read.
    """
    rows: list[Row] = []
    skipped: list[Skipped] = []
    datasets = tuple(with_verbatim([path]))
    for dataset in datasets:
        lines = dict(text_lines(dataset))
        for number in range(1, max(lines, default=0) + 1):
            name = f"{dataset.name} row {number - 1}"
            try:
                rows.append(_row(name, number - 1, lines.get(number, "")))
            except RowProblem as problem:
                skipped.append(Skipped(name, str(problem)))
    listed = prompts_file(path)
    prompts = [] if not listed.is_file() else [line.strip() for _, line in text_lines(listed)]
    for index, prompt in enumerate(prompts):
        name = f"data/{listed.name} row {index}"
        rows.append(Row(name=name, prompt=prompt, seeds=((0, None),), overfit_type="N",
                        group="non-memorized", index=index, listed=True))  # fmt: skip
    return RowsRead(
        rows=tuple(rows),
        skipped=tuple(skipped),
        official=True,
        version=1 if "sdv1" in path.name or "sdv2" not in path.name else 2,
        datasets=datasets,
        templates=path.parent,
    )


def _row(name: str, index: int, line: str) -> Row:
    values = json_object(line)
    overfit_type, pairs = parse_row(line)
    caption = values.get("caption")
    if not isinstance(caption, str) or not caption.strip():
        raise RowProblem("has no caption")
    group = values.get("group")
    return Row(
        name=name,
        prompt=caption,
        seeds=tuple(dict(reversed(pairs)).items())[::-1],
        overfit_type=overfit_type,
        group=group if isinstance(group, str) else "",
        index=index,
    )
