"""Write an export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from memlens.export.source import Look, Source
from ui.jobs.job import Job, Request, Result
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.export_choice import ExportChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Request):
    """Write one export.

    Attributes
    ----------
    step
        The shown one.
    path
        A file, or a folder for tables and maps.
    """

    job: ClassVar[Job] = Job(
        name="export",
        priority=120,
        work="exports.export",
        cancellable=True,
        offer=lambda out_of_memory: (ActionKey.EXPORT, tr("Export again")),
    )
    source: Source
    look: Look
    step: int
    choice: ExportChoice
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported(Result):
    """An export is on the disk; `files` counts what was written."""

    path: Path
    files: int = 1
