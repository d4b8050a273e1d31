"""Run a manifest: `sweep`."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memlens.errors import OutputError
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sweep.engine import Engine
from memlens.sweep.folder import begin, locked, write_files
from memlens.sweep.manifest import Manifest
from memlens.sweep.outcome import Outcome
from memlens.sweep.run_index import DONE, FAILED, WAITING, RunIndex
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import grouped

ATTEMPTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepResult:
    """Where a sweep stands.

    Attributes
    ----------
    done, failed, waiting
        Tasks by status.
    made
        How many were made now, not before.
    """

    done: int
    failed: int
    waiting: int
    made: int


def sweep(
    manifest: Manifest,
    folder: Path,
    settings: SweepSettings,
    engine: Engine,
    *,
    resume: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> SweepResult:
    """Make all that is not made yet of a manifest; every (prompt, seed) once.

    A task's files are written first and its row in the index last, so that whatever ends the
    process, what has a row is whole and the rest is made when the sweep is resumed. A task that
    fails is tried once more after all others, and stops none of them.

    Parameters
    ----------
    manifest
        From `read_manifest`.
    folder
        The sweep's; made if it is not there.
    settings
        From `SweepSettings.checked`; `engine` was made with the same.
    engine
        What does the work; closed by the caller.
    resume
        Go on with what `folder` holds.
    progress, cancel
        In network calls of what is still to be made; cancelled, what is made stays.
    on_outcome
        Told of every task when its row is written.

    Raises
    ------
    SettingsError
        If `folder` holds another sweep, or one and `resume` is not asked for.
    OutputError
        If nothing more can be written, for instance to a full disk; what is made stays.
    Cancelled
        If cancelled.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    with locked(folder):
        made_by = engine.facts()
        with begin(folder, manifest, settings, made_by, resume=resume) as index:
            made = 0
            for _ in range(ATTEMPTS):
                wanted = index.unfinished()
                groups = grouped(manifest.tasks, wanted, settings.pictures_per_batch)
                if not groups:
                    break
                for outcome in engine.outcomes(groups, report, token):
                    _keep(folder, index, outcome)
                    made += not outcome.error
                    if on_outcome is not None:
                        on_outcome(outcome)
            counts = index.counts()
    report(Progress(1, 1, "sweep"))
    return SweepResult(done=counts[DONE], failed=counts[FAILED], waiting=counts[WAITING], made=made)


def _keep(folder: Path, index: RunIndex, outcome: Outcome) -> None:
    try:
        write_files(folder, outcome)
        index.record(outcome)
    except OSError as error:
        raise _stopped(folder, index, error.errno == errno.ENOSPC, str(error.strerror)) from error
    except OutputError as error:
        full = "disk is full" in str(error)
        if not full:
            raise
        raise _stopped(folder, index, full, "") from error


def _stopped(folder: Path, index: RunIndex, full: bool, reason: str) -> OutputError:
    counts = index.counts()
    total = sum(counts.values())
    why = "the disk is full" if full else (reason or "it cannot be written").lower()
    way = "make room" if full else "see to it"
    return OutputError(
        f"the sweep in {folder} stopped: {why}. {counts[DONE]} of {total} tasks are done and "
        f"kept; {way}, then run it again with --resume."
    )
