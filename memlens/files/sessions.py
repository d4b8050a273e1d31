"""Save and load `.memlens` files: one inspected run, or a project of several."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, BinaryIO

from memlens.errors import SessionError
from memlens.files.archive import DAMAGE, ArchiveError, ArchiveReader, ArchiveWriter, reason_of
from memlens.files.atomic_write import atomic_write
from memlens.files.project import MAX_RUNS, SCHEMA_VERSION, Project, default_title, tidy_run_name
from memlens.files.project import Session as Session
from memlens.files.run_archive import read_run, write_run
from memlens.files.run_archive import run_from_json as run_from_json
from memlens.files.run_archive import run_to_json as run_to_json
from memlens.masks.named_mask import NamedMask as NamedMask


def save_session(session: Session, path: Path) -> None:
    """Write one run atomically.

    Raises
    ------
    SessionError
        If it cannot be written; the old file is whole.
    """
    save_project(Project(runs=(session,)), path)


def write_session(session: Session, stream: BinaryIO) -> None:
    """Write one run into a stream, as `save_session` writes it into a file.

    Raises
    ------
    ValueError
        If it is too large to be read again.
    """
    with ArchiveWriter(stream) as archive:
        _write(Project(runs=(session,)), archive)


def save_project(project: Project, path: Path) -> None:
    """Write all runs of a project atomically.

    One run is written as older versions of memlens read it.

    Raises
    ------
    SessionError
        If it cannot be written, or is too large to be read again; the old file is whole.
    """
    try:
        with atomic_write(path) as stream, ArchiveWriter(stream) as archive:
            _write(project, archive)
    except (OSError, ValueError, TypeError) as error:
        raise SessionError(f"{path} was not saved: {reason_of(error)}.") from error


def load_session(path: Path, *, run_name: str | None = None) -> Session:
    """Read one run: the one that was shown when the file was saved, or the one called so.

    Raises
    ------
    SessionError
        If the file is damaged, too large, or of a newer schema; if no run is called so, or
        several are.
    """
    project = load_project(path)
    if run_name is None:
        return project.shown_run
    try:
        return project.run_named(run_name)
    except SessionError as error:
        raise SessionError(f"{path}: {error}") from error


def load_project(path: Path) -> Project:
    """Read all runs of a file; a file of an older schema is a project of one run.

    Raises
    ------
    SessionError
        If it is damaged, too large, or of a newer schema.
    """
    try:
        with path.open("rb") as stream:
            return _read(ArchiveReader(stream, allowed=_ALLOWED))
    except DAMAGE as error:
        raise SessionError(f"{path} cannot be opened: {reason_of(error)}.") from error


def titles_in(path: Path) -> tuple[str, ...]:
    """Return what the runs of a file are called, without reading the runs.

    Raises
    ------
    SessionError
        As `load_project` does, as far as that is seen without reading them.
    """
    try:
        with path.open("rb") as stream:
            facts = _facts(ArchiveReader(stream, allowed=_ALLOWED))
            runs = facts.get("runs", [facts])
            return tuple(_title(run) for run in runs)
    except DAMAGE as error:
        raise SessionError(f"{path} cannot be opened: {reason_of(error)}.") from error


_ALLOWED = re.compile(
    r"session\.json|(runs/\d{4}/)?("
    r"(image|reference)\.png"
    r"|arrays/(x_t|eps_target|eps_unconditional|final_latent|thumbnails)\.npy"
    r"|arrays/map_\d{4,5}_(values|paper|standard_error)\.npy"
    r"|masks/mask_\d{4,5}\.png)"
)


def _write(project: Project, archive: ArchiveWriter) -> None:
    if not 0 < len(project.runs) <= MAX_RUNS:
        raise ValueError(f"a session holds 1 to {MAX_RUNS} runs, not {len(project.runs)}")
    if len(project.runs) == 1:
        (only,) = project.runs
        archive.json("session.json", {"schema": project.schema, **write_run(only, archive)})
        return
    runs = [
        write_run(run, archive, prefix=_prefix(place)) for place, run in enumerate(project.runs)
    ]
    facts = {"schema": project.schema, "shown": project.shown, "runs": runs}
    archive.json("session.json", facts)


def _facts(archive: ArchiveReader) -> dict[str, Any]:
    facts = archive.json("session.json")
    schema = facts["schema"] if isinstance(facts, dict) and "schema" in facts else None
    if type(schema) is not int or schema < 1:
        raise ArchiveError("session.json names no schema version")
    if schema > SCHEMA_VERSION:
        raise ArchiveError(
            f"it was saved by a newer memlens (schema {schema}, this one reads up to "
            f"{SCHEMA_VERSION}): update memlens"
        )
    assert isinstance(facts, dict)
    return facts


def _title(facts: dict[str, Any]) -> str:
    made = facts["trajectory"]["provenance"]
    name = tidy_run_name(str(facts.get("name", "")))
    return name or default_title(str(made["prompt"]), int(made["seed"]))


def _read(archive: ArchiveReader) -> Project:
    facts = _facts(archive)
    if "runs" not in facts:
        return Project(runs=(read_run(archive, facts),))
    runs, shown = facts["runs"], facts.get("shown")
    if not isinstance(runs, list) or not 0 < len(runs) <= MAX_RUNS:
        raise ArchiveError("the list of runs is damaged")
    if type(shown) is not int or not 0 <= shown < len(runs):
        raise ArchiveError(f"it says that run {_short(shown)} was shown of {len(runs)}")
    return Project(
        runs=tuple(
            read_run(archive, each, prefix=_prefix(place)) for place, each in enumerate(runs)
        ),
        shown=shown,
    )


def _prefix(place: int) -> str:
    return f"runs/{place:04d}/"


def _short(value: Any) -> str:
    return repr(value)[:20]
