"""Runs that the person has not saved, kept in the data folder from the moment they are sampled."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from memlens.errors import SessionError
from memlens.files.atomic_write import atomic_write
from memlens.files.data_folder import data_folder
from memlens.files.project import Session, tidy_run_name
from memlens.files.sessions import save_session

# Of all windows together: more than one window holds in memory, and a stated end.
MAX_UNSAVED_BYTES = 4 << 30
_RUN, _PROJECT, _DELETED, _CALLED = "run.memlens", "project", "deleted", "called.json"
_MAX_NOTE_BYTES = 1 << 16


def new_group() -> str:
    """Return a name for the runs of one window that belong together."""
    return uuid.uuid4().hex


def new_unsaved_run(group: str = "", place: int = 0, project: Path | None = None) -> Path:
    """Return where a run that the person has not saved is kept: a file in a folder of its own.

    Parameters
    ----------
    group, place
        Which runs it belongs to, and where among them.
    project
        The session file that they belong to, None for none.

    Raises
    ------
    OSError
        If the person's data folder cannot be written.
    """
    folder = unsaved_folder() / f"{group or new_group()}.{place:06d}.{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    if project is not None:
        (folder / _PROJECT).write_bytes(os.fsencode(project.resolve()))
    return folder / _RUN


def is_unsaved_run(session: Path) -> bool:
    """Whether a path was made by `new_unsaved_run`."""
    return session.name == _RUN and session.parent.parent == unsaved_folder()


def group_of(run: Path) -> tuple[str, str]:
    """Return the group of an unsaved run and what orders it among them."""
    group, _, place = run.parent.name.partition(".")
    return group, place


def project_of(run: Path) -> Path | None:
    """Return the session file that an unsaved run belongs to, None for none."""
    try:
        with (run.parent / _PROJECT).open("rb") as stream:
            return Path(os.fsdecode(stream.read(_MAX_NOTE_BYTES)))
    except (OSError, ValueError):
        return None


def mark_deleted(run: Path, deleted: bool) -> None:
    """Note that the person deleted an unsaved run, or brought it back."""
    mark = run.parent / _DELETED
    with suppress(OSError):
        if deleted:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)


def is_deleted(run: Path) -> bool:
    """Whether the person deleted an unsaved run."""
    return (run.parent / _DELETED).exists()


def note_called(run: Path, *, name: str, pinned: bool) -> None:
    """Note what the person calls an unsaved run and whether it is pinned, beside its file.

    The run is written once, and may be large; what it is called changes later.
    """
    if not run.parent.is_dir():
        return
    with suppress(OSError), atomic_write(run.parent / _CALLED) as stream:
        stream.write(json.dumps({"name": name, "pinned": pinned}).encode())


def called(run: Path) -> tuple[str, bool] | None:
    """Return name and pin of an unsaved run as last noted, None where nothing is."""
    try:
        with (run.parent / _CALLED).open("rb") as stream:
            facts = json.loads(stream.read(_MAX_NOTE_BYTES))
        name, pinned = facts["name"], facts["pinned"]
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return None
    if not isinstance(name, str) or not isinstance(pinned, bool):
        return None
    return tidy_run_name(name), pinned


def discard_unsaved_run(run: Path) -> None:
    """Delete an unsaved run with all that lies beside it; any other path is left alone."""
    if is_unsaved_run(run):
        shutil.rmtree(run.parent, ignore_errors=True)


def unsaved_runs() -> Iterator[Path]:
    """Yield where unsaved runs are kept, whether their files are there or not."""
    with suppress(OSError):
        yield from (folder / _RUN for folder in sorted(unsaved_folder().iterdir()))


def keep_unsaved_run(session: Session, run: Path, *, cap: int | None = None) -> None:
    """Write an unsaved run where `new_unsaved_run` said; a folder that is gone stays gone.

    Parameters
    ----------
    cap
        Bytes that all unsaved runs may take; `MAX_UNSAVED_BYTES` if None.

    Raises
    ------
    SessionError
        If it cannot be written, or all of them would take more than `cap`.
    """
    if not run.parent.is_dir():
        return
    cap = MAX_UNSAVED_BYTES if cap is None else cap
    others = sum(_size(path) for path in unsaved_folder().rglob("*") if path != run)
    if others + _bytes_of(session) > cap:
        raise SessionError(
            f"this run is not kept safe: unsaved runs may take {cap / 2**30:.3g} GiB in "
            f"{unsaved_folder()}. Save the session, or discard what was left behind."
        )
    save_session(session, run)


def unsaved_folder() -> Path:
    """Return the folder of all unsaved runs, which may not exist yet."""
    return data_folder() / "unsaved"


def _bytes_of(session: Session) -> int:
    run = session.trajectory
    latents = (run.x_t, run.eps_target, run.eps_unconditional, run.final_latent, run.image)
    total = sum(values.nbytes for values in latents)
    total += sum(2 * found.values.nbytes + found.paper.nbytes for found in session.maps)
    return total + (0 if session.thumbnails is None else session.thumbnails.nbytes)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
