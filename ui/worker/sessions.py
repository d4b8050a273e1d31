"""What the worker thread does with session files: locks, opens, saves, recovers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

import memlens
from memlens.errors import OutputError, SessionError
from memlens.files.project import Project, Session
from memlens.files.session_lock import SessionLock, SessionLocked
from memlens.files.unsaved_runs import keep_unsaved_run
from memlens.masks.journal_places import (
    LeftBehind,
    discard_left_behind,
    find_left_behind,
    left_behind_of,
)
from memlens.masks.kinds import GROUND_TRUTH
from memlens.masks.recovery import recover
from ui.jobs.bring_back import BringBack, BroughtBack
from ui.jobs.context import JobContext
from ui.jobs.find_left_behind import FindLeftBehind, LeftBehindFound
from ui.jobs.forget_runs import ForgetRuns, RunsForgotten
from ui.jobs.keep_run import KeepRun, RunsKept
from ui.jobs.open_session import OpenedRun, OpenSession, SessionOpened
from ui.jobs.run_to_write import RunToWrite, StowedRun
from ui.jobs.save_session import SaveSession, SessionSaved
from ui.language.translation import tr
from ui.worker.open_engine import OpenEngine


def open_session(request: OpenSession, context: JobContext, engine: OpenEngine) -> SessionOpened:
    """Lock and read a session, with what is to be restored of it; its runs are open then.

    Raises
    ------
    SessionError
        If it, or a journal, cannot be read; nothing is locked then.
    """
    opened = _opened(request)
    for run in opened.runs:
        engine.runs.keep(run.number, run.session.trajectory)
    detached = engine.runs.attach(engine.model)
    runs = (replace(run, detached=detached.get(run.number, "")) for run in opened.runs)
    return replace(opened, runs=tuple(runs))


def _opened(request: OpenSession) -> SessionOpened:
    lock, read_only = None, ""
    if request.lock and request.path is not None and not request.add:
        lock, read_only = _lock(request.path)
    locks: list[SessionLock] = []
    warnings: list[str] = []
    path = request.path
    try:
        project = None if path is None else _project(path, request, warnings)
        path = None if project is None else path
        if project is not None and request.bundled:
            project = _with_locked_truth(project)
        runs = {} if project is None else dict(enumerate(map(_as_saved, project.runs)))
        shown = 0 if project is None else project.shown
        for left in request.restore:
            try:
                unsaved = SessionLock.acquire(left.session) if left.unsaved else None
                locks += [] if unsaved is None else [unsaved]
                found = recover(left, None if left.unsaved else project)
            except SessionError as error:
                # It stays where it is; what else was left behind comes back.
                warnings.append(_sentence(error))
                continue
            place = len(runs)
            if not left.unsaved and project is not None:
                trajectory = found.session.trajectory
                place = next(n for n, r in enumerate(project.runs) if r.trajectory is trajectory)
            runs[place] = OpenedRun(
                number=0,
                session=found.session,
                restored=left,
                lock=unsaved,
                recorded=found.recorded,
                shape=found.shape,
            )
            shown = place
            warnings += [found.warning] if found.warning else []
        if not runs:
            raise SessionError(" ".join(warnings))
        return SessionOpened(
            path=path,
            runs=tuple(replace(run, number=request.run + n) for n, run in runs.items()),
            shown=shown,
            lock=lock,
            read_only=read_only,
            left_behind=_left_behind(request, lock),
            warning=" ".join(dict.fromkeys(warnings)),
            add=request.add,
        )
    except BaseException:
        for held in (lock, *locks):
            if held is not None:
                held.release()
        raise


def save_session(request: SaveSession, context: JobContext, engine: OpenEngine) -> SessionSaved:
    """Lock and write a session.

    Raises
    ------
    SessionError
        If another window holds it, or it cannot be written; the old file is whole.
    OutputError
        If its folder does not exist any more.
    """
    if not request.path.parent.is_dir():
        folder = request.path.parent
        gone = tr("{path} was not saved: {folder} is not there any more.")
        raise OutputError(gone.format(path=request.path, folder=folder))
    lock = _lock_to_write(request.path) if request.lock else None
    try:
        runs = tuple(_written(run, latents=request.latents) for run in request.runs)
        memlens.save_project(memlens.Project(runs=runs, shown=request.shown), request.path)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return SessionSaved(
        path=request.path,
        positions={run.number: run.position for run in request.runs},
        lock=lock,
        keeps_latents=request.latents,
        edits=request.edits,
    )


def keep_runs(request: KeepRun, context: JobContext, engine: OpenEngine) -> RunsKept:
    """Write unsaved runs into the data folder, unless they were saved or dropped meanwhile."""
    kept: dict[int, Path] = {}
    problem = ""
    for run, path in request.runs:
        try:
            keep_unsaved_run(_written(run), path)
            kept[run.number] = path
        except SessionError as error:
            problem = str(error)
    return RunsKept(runs=kept, problem=problem[:1].upper() + problem[1:])


def bring_back(request: BringBack, context: JobContext, engine: OpenEngine) -> BroughtBack:
    """Read a run that the window let go of.

    Raises
    ------
    SessionError
        If its file cannot be read, or has it no more.
    """
    session = _read_stowed(request.stowed)
    engine.runs.keep(request.run, session.trajectory)
    detached = engine.runs.attach(engine.model).get(request.run, "")
    return BroughtBack(run=request.run, session=session, detached=detached)


def forget_runs(request: ForgetRuns, context: JobContext, engine: OpenEngine) -> RunsForgotten:
    """Let go of runs."""
    engine.runs.forget(request.runs)
    return RunsForgotten()


def find_left_behind_now(
    request: FindLeftBehind, context: JobContext, engine: OpenEngine
) -> LeftBehindFound:
    """Delete what is not wanted, then look for what is left."""
    for left in request.discard:
        discard_left_behind(left)
    return LeftBehindFound(items=find_left_behind())


def _project(path: Path, request: OpenSession, warnings: list[str]) -> memlens.Project | None:
    """Read a session; where runs are to be restored beside it, go on without it."""
    try:
        return memlens.load_project(path)
    except SessionError as error:
        if not any(left.unsaved for left in request.restore):
            raise
        warnings.append(_sentence(error))
        return None


def _sentence(error: SessionError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] if text.split(" ")[0].isalpha() else text


def _as_saved(session: Session) -> OpenedRun:
    return OpenedRun(number=0, session=session)


def _written(run: RunToWrite, *, latents: bool = True) -> Session:
    session = run.session
    if run.stowed is not None:
        # Masks, name and view are as they are in the window; the rest is in that file.
        kept = _read_stowed(run.stowed)
        session = replace(
            session,
            trajectory=kept.trajectory,
            maps=kept.maps,
            thumbnails=kept.thumbnails,
            readings=kept.readings,
        )
    elif run.pictures:
        session = replace(session, thumbnails=np.stack(run.pictures))
    if not latents:
        session = replace(session, trajectory=session.trajectory.without_latents())
    return session


def _read_stowed(stowed: StowedRun) -> Session:
    runs = memlens.load_project(stowed.path).runs
    found = [run for run in runs if run.id == stowed.id] or ([*runs] if len(runs) == 1 else [])
    if not found:
        raise SessionError(tr("{path} does not hold this run any more.").format(path=stowed.path))
    return found[0]


def _lock(path: Path) -> tuple[SessionLock | None, str]:
    try:
        return SessionLock.acquire(path), ""
    except SessionLocked as error:
        advice = tr("It is read-only here; save it under another name to keep changes.")
        return None, f"{error} {advice}"
    except OSError:
        return None, ""  # no lock can be made there: better without than not at all


def _lock_to_write(path: Path) -> SessionLock | None:
    try:
        return SessionLock.acquire(path)
    except SessionLocked as error:
        refused = tr("{path} was not saved: {reason}")
        raise SessionError(refused.format(path=path, reason=error)) from error
    except OSError:
        return None


def _left_behind(request: OpenSession, lock: SessionLock | None) -> tuple[LeftBehind, ...]:
    # Without the lock they may belong to the window that has it.
    if lock is None or request.path is None:
        return ()
    restored = {left.place for left in request.restore}
    return tuple(item for item in left_behind_of(request.path) if item.place not in restored)


def _with_locked_truth(project: Project) -> Project:
    """Return a project whose ground truths nobody changes by accident."""
    return replace(
        project,
        runs=tuple(
            replace(
                run,
                masks=tuple(
                    replace(mask, locked=mask.locked or mask.kind == GROUND_TRUTH)
                    for mask in run.masks
                ),
            )
            for run in project.runs
        ),
    )
