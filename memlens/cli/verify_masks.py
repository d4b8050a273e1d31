"""``memlens-cli masks verify``: find template and verbatim memorization again."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from memlens.cli.report import AsJson, reporting, table_of
from memlens.errors import OutputError
from memlens.progress import Progress

_NAMED = 20


def verify(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA",
            help="The data set: a ground-truth .parquet, a …_TV.jsonl, or the folder of one.",
        ),
    ],
    pictures: Annotated[
        Path,
        typer.Option(help="A sweep of it, or a folder for each prompt with a picture a seed."),
    ],
    real: Annotated[
        Path | None, typer.Option(help="Training pictures, named by the number of their row.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for verified_TV.jsonl and verified_MVRV.jsonl.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find TV, MV and RV again by the field's thresholds, at 256x256, pictures in 0..1."""
    with reporting(as_json=as_json) as report:
        from memlens.sweep.manifest import read_manifest
        from memlens.sweep.verified_data import verify_data

        listed = read_manifest(data)
        folder = listed.templates or (data if data.is_dir() else data.parent)

        def tell(done: int, total: int) -> None:
            report.cancel.check()
            report.progress(Progress(done, total, "verifying"))

        found = verify_data(listed, folder, pictures, real=real, tell=tell)
        written: tuple[Path, ...] = ()
        if out is not None:
            try:
                written = found.write(out, "verified")
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                raise OutputError(f"nothing was written to {out}: {reason}.") from error
        counts = Counter(row.found.overfit_type for row in found.rows)
        before = Counter(row.before for row in found.rows)
        for each in found.skipped[:_NAMED]:
            report.note(f"{each.name}: {each.reason}")
        if len(found.skipped) > _NAMED:
            report.note(f"{len(found.skipped) - _NAMED} more; --json names them all.")
        for row in found.changed[:_NAMED]:
            report.note(f"{row.row}: {row.before} before, {row.found.overfit_type} now")
        values = {
            "counts": dict(counts),
            "rows": [asdict(row) for row in found.rows],
            "changed": [row.row for row in found.changed],
            "skipped": [asdict(each) for each in found.skipped],
            "written": [str(path) for path in written],
        }
        rows = [[word, str(counts[word]), str(before[word])] for word in ("TV", "MV", "RV", "N")]
        ended = f"{len(found.rows)} prompts verified, {len(found.changed)} otherwise than before."
        report.result(values, table_of("", ("kind", "found", "before"), rows), ended)
