"""A sweep's folder: made once, locked while it is worked on, opened by whoever looks at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from memlens.errors import DatasetError, OutputError, SettingsError
from memlens.evaluation.datasets import Skipped
from memlens.files.session_lock import SessionLock, SessionLocked
from memlens.files.sessions import Session, load_session
from memlens.sweep.layout import write_layout
from memlens.sweep.manifest import Manifest
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.places import INDEX, session_file
from memlens.sweep.run_index import RunIndex
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import Task

_SETTINGS, _MANIFEST, _FACTS = "settings", "manifest", "made by"


def is_sweep(folder: Path) -> bool:
    """Tell whether a folder holds a sweep."""
    return (folder / INDEX).is_file()


def open_index(folder: Path) -> RunIndex:
    """Open a sweep's index to read.

    Raises
    ------
    DatasetError
        If there is none, or it is damaged.
    """
    return RunIndex.open(folder / INDEX)


def settings_of(index: RunIndex) -> SweepSettings:
    """Return how a sweep was made.

    Raises
    ------
    DatasetError
        If its index is damaged.
    """
    try:
        return SweepSettings.from_json(json.loads(index.facts()[_SETTINGS]))
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"the settings in {INDEX} are damaged ({error}).") from error


def open_task(folder: Path, task: Task) -> Session:
    """Open what is kept of a finished task: picture, maps with their errors, ground truth.

    Raises
    ------
    SessionError
        If it is missing or damaged.
    """
    return load_session(folder / session_file(task))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write a sweep's folder.

    Raises
    ------
    OutputError
        If another process holds it, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = SessionLock.acquire(folder / INDEX)
    except SessionLocked as error:
        raise OutputError(f"another process works on the sweep in {folder}.") from error
    except OSError as error:
        raise _unwritten(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def begin(
    folder: Path,
    manifest: Manifest,
    settings: SweepSettings,
    made_by: WorkerFacts,
    *,
    resume: bool,
) -> RunIndex:
    """Make a sweep's folder, or take up the one that is there.

    Raises
    ------
    SettingsError
        If there is one and it is not to be resumed, or was made otherwise.
    DatasetError, OutputError
        If it cannot be read or written.
    """
    if is_sweep(folder):
        if not resume:
            raise SettingsError(
                f"{folder} holds a sweep already: resume it with --resume, or name another folder."
            )
        return _resumed(folder, manifest, settings, made_by)
    truths = write_layout(manifest, folder)
    return RunIndex.create(
        folder / INDEX,
        manifest.tasks,
        facts={
            _SETTINGS: json.dumps(settings.to_json()),
            _MANIFEST: manifest.fingerprint,
            _FACTS: json.dumps(made_by.to_json()),
        },
        truths=truths,
        skipped=((each.name, each.reason) for each in (*manifest.skipped, *manifest.notes)),
    )


def write_files(folder: Path, outcome: Outcome) -> None:
    """Write a task's files, each whole or not there; its row is written after them.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    from memlens.files.atomic_write import atomic_write

    for name, content in outcome.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as stream:
            stream.write(content)


def skipped_of(index: RunIndex) -> tuple[Skipped, ...]:
    """Return the rows of a sweep's manifest that are left out, and tasks that failed."""
    left_out = [Skipped(name, reason) for name, reason in index.skipped()]
    failed = index.rows(index.order(equal={"status": "failed"}))
    return (*left_out, *(Skipped(row.task.row, f"failed: {row.error}") for row in failed))


def _resumed(
    folder: Path, manifest: Manifest, settings: SweepSettings, made_by: WorkerFacts
) -> RunIndex:
    index = RunIndex.open(folder / INDEX, writable=True)
    try:
        facts = index.facts()
        differs = list(settings.differences(settings_of(index)))
        if facts.get(_MANIFEST) != manifest.fingerprint:
            differs.append("another manifest")
        before = json.loads(facts.get(_FACTS, "{}"))
        differs += [
            f"{name.replace('_', ' ')} {value}, before {before.get(name)}"
            for name, value in made_by.to_json().items()
            if before.get(name) != value
        ]
        if differs:
            raise SettingsError(
                f"the sweep in {folder} was made otherwise ({'; '.join(differs)}): resume it with "
                "its own settings, or name another folder."
            )
    except BaseException:
        index.close()
        raise
    # What a killed process was writing; its tasks have no row and are made again.
    for partial in folder.rglob(".*.partial"):
        with suppress(OSError):
            partial.unlink()
    return index


def _unwritten(folder: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"nothing was written to {folder}: {reason}.")
