"""Where journals lie, and how what a killed process left behind is found again."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memlens.errors import JournalError, SessionError
from memlens.files.data_folder import data_folder
from memlens.files.session_lock import SessionLock, SessionLocked, lock_paths
from memlens.files.sessions import titles_in
from memlens.files.unsaved_runs import (
    called,
    discard_unsaved_run,
    group_of,
    is_deleted,
    is_unsaved_run,
    project_of,
    unsaved_folder,
    unsaved_runs,
)
from memlens.masks.journal import read_journal
from memlens.masks.journal_base import stamp_of

_SUFFIX = ".memlens-journal"
_RUN = "run.memlens"
_MAX_POINTER_BYTES = 1 << 16
# A note this young may be about a journal that is being written now.
_SETTLED_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """A run or a journal of its masks whose process ended without saving.

    Attributes
    ----------
    journal
        Its file; None for a run that was never saved and has no edits.
    session
        The session that its masks belong to. For an unsaved run that is the copy kept beside
        the journal, which may be missing.
    unsaved
        Whether the run was never saved by the person.
    title
        What the person knows the run by.
    edits
        How many edits it holds beyond what was saved.
    modified
        When it was last written, seconds since the epoch.
    problem
        Why it cannot be restored, a sentence; "" when it can.
    replaces
        The journal that it made superfluous, None for no other.
    project
        The session file that it is restored with, None for none.
    superfluous
        Whether nothing would be lost with it: all edits were undone.
    """

    journal: Path | None
    session: Path
    unsaved: bool
    title: str = ""
    edits: int = 0
    modified: float = 0.0
    problem: str = ""
    replaces: Path | None = None
    project: Path | None = None
    superfluous: bool = False

    @property
    def place(self) -> Path:
        """What tells it from all others."""
        return self.journal or self.session

    @property
    def together(self) -> str:
        """The same for all that one window left behind of one project."""
        if self.project is not None:
            return str(self.project)
        return group_of(self.session)[0] if self.unsaved else str(self.session)


def new_journal_path(session: Path) -> Path:
    """Return a fresh name for a journal of a session, beside it where that can be written.

    Raises
    ------
    OSError
        If the person's data folder is needed and cannot be made.
    """
    session = session.resolve()
    beside, aside = _folders(session)
    name = f"{_stem(session)}{uuid.uuid4().hex[:8]}{_SUFFIX}"
    if os.access(beside, os.W_OK | os.X_OK):
        return beside / name
    aside.mkdir(parents=True, exist_ok=True)
    return aside / name


def remember_journal(journal: Path) -> None:
    """Note a journal in the data folder, so that the next start finds it.

    Raises
    ------
    OSError
        If the note cannot be written.
    """
    pointer = _pointer(journal)
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_bytes(os.fsencode(journal))


def drop_journal(journal: Path) -> None:
    """Delete a journal and the note about it; its run stays."""
    for path in (journal, _pointer(journal)):
        with suppress(OSError):
            path.unlink()


def discard_left_behind(left: LeftBehind) -> None:
    """Delete what was left behind for good: a journal, and a run that was never saved."""
    if left.journal is not None:
        discard_journal(left.journal)
    if left.unsaved:
        discard_unsaved_run(left.session)


def discard_journal(journal: Path) -> None:
    """Delete a journal for good, with the unsaved run kept for it."""
    drop_journal(journal)
    discard_unsaved_run(journal.parent / _RUN)


def retire_journal(old: Path, new: Path) -> None:
    """Delete a journal that another one has replaced; an unsaved run of both stays."""
    if old.parent == new.parent:
        drop_journal(old)
    else:
        discard_journal(old)


def journals_of(session: Path) -> tuple[Path, ...]:
    """Return the journals of a session, wherever they lie, newest first."""
    session = session.resolve()
    found = [
        path
        for folder in _folders(session)
        for path in _listed(folder)
        if path.name.startswith(_stem(session)) and path.name.endswith(_SUFFIX)
    ]
    return tuple(sorted(found, key=_modified, reverse=True))


def find_left_behind() -> tuple[LeftBehind, ...]:
    """Find all that windows which are gone left behind; what belongs together follows itself.

    Journals that another one has replaced are deleted, as their process was killed just before;
    so are those whose masks are as they were saved.
    """
    described = [describe_journal(path) for path in _known_journals()]
    found = [item for item in described if is_free(item.session)]
    return _tidied([*found, *_unsaved_without_journal(described)])


def left_behind_of(session: Path) -> tuple[LeftBehind, ...]:
    """Find what belongs to one session, as `find_left_behind` does; its lock must be held."""
    session = session.resolve()
    described = [describe_journal(path) for path in journals_of(session)]
    inside = [describe_journal(path) for path in _known_journals()]
    unsaved = [item for item in inside if item.unsaved and is_free(item.session)]
    unsaved += _unsaved_without_journal(inside)
    return _tidied([*described, *(item for item in unsaved if item.project == session)])


def describe_journal(journal: Path) -> LeftBehind:
    """Say what a journal holds; a damaged one is described with its problem."""
    run = journal.parent / _RUN
    unsaved = is_unsaved_run(run)
    try:
        content = read_journal(journal)
    except JournalError as error:
        session = run if unsaved else _session_named_by(journal)
        sentence = str(error)
        return LeftBehind(
            journal=journal,
            session=session,
            unsaved=unsaved,
            title=journal.name,
            modified=_modified(journal),
            problem=sentence[:1].upper() + sentence[1:],
            project=project_of(run) if unsaved else session,
        )
    session = run if unsaved or content.base.session is None else content.base.session
    return LeftBehind(
        journal=journal,
        session=session,
        unsaved=unsaved,
        title=(_name_of(run) if unsaved else "") or content.base.title,
        edits=content.edits,
        modified=_modified(journal),
        replaces=content.base.replaces,
        project=project_of(session) if unsaved else session,
        superfluous=not unsaved
        and content.steps.is_saved
        and content.shape is None
        and content.base.stamp == stamp_of(session),
    )


def is_free(session: Path) -> bool:
    """Whether no living window holds a session."""
    if not any(path.exists() for path in lock_paths(session)):
        return True
    try:
        SessionLock.acquire(session).release()
    except SessionLocked:
        return False
    except OSError:
        return True
    return True


def _tidied(found: list[LeftBehind]) -> tuple[LeftBehind, ...]:
    replaced = {item.replaces: item.journal for item in found if item.journal is not None}
    kept = []
    for item in found:
        if item.unsaved and is_deleted(item.session):
            discard_unsaved_run(item.session)
        elif item.journal in replaced and item.journal is not None:
            retire_journal(item.journal, replaced[item.journal])
        elif item.superfluous and item.journal is not None:
            discard_journal(item.journal)
        else:
            kept.append(item)
    newest: dict[str, float] = {}
    for item in kept:
        newest[item.together] = max(item.modified, newest.get(item.together, 0.0))
    # The newest window's first; in each the saved runs, then the others in their order.
    return tuple(
        sorted(
            kept,
            key=lambda item: (
                -newest[item.together],
                item.together,
                item.unsaved,
                group_of(item.session)[1] if item.unsaved else "",
                -item.modified,
            ),
        )
    )


def _unsaved_without_journal(described: list[LeftBehind]) -> list[LeftBehind]:
    with_journal = {item.session for item in described}
    found = []
    for run in unsaved_runs():
        if run in with_journal or not is_free(run):
            continue
        if run.exists():
            found.append(_describe_run(run))
        elif time.time() - _modified(run.parent) > _SETTLED_S:
            discard_unsaved_run(run)
    return found


def _describe_run(run: Path) -> LeftBehind:
    title, problem = run.parent.name, ""
    try:
        title = _name_of(run) or titles_in(run)[0]
    except SessionError as error:
        problem = f"An unsaved run cannot be restored: {error}"
    return LeftBehind(
        journal=None,
        session=run,
        unsaved=True,
        title=title,
        modified=_modified(run),
        problem=problem,
        project=project_of(run),
    )


def _name_of(run: Path) -> str:
    facts = called(run)
    return "" if facts is None else facts[0]


def _known_journals() -> Iterator[Path]:
    """Yield the journals in the data folder, and those elsewhere that are noted there."""
    for parent in (unsaved_folder(), data_folder() / "journals"):
        for folder in _listed(parent):
            yield from (path for path in _listed(folder) if path.name.endswith(_SUFFIX))
    for pointer in _listed(_pointers()):
        try:
            with pointer.open("rb") as stream:
                journal = Path(os.fsdecode(stream.read(_MAX_POINTER_BYTES)))
            if data_folder() in journal.parents:
                continue
            if journal.is_file():
                yield journal
            elif journal.parent.is_dir() and time.time() - _modified(pointer) > _SETTLED_S:
                # A folder that is not there may be a drive that is not plugged in.
                pointer.unlink()
        except (OSError, ValueError):
            continue


def _session_named_by(journal: Path) -> Path:
    name = journal.name.removesuffix(_SUFFIX)
    return journal.with_name(name[1:-9] if len(name) > 10 else name)


def _stem(session: Path) -> str:
    return f".{session.name}."


def _folders(session: Path) -> tuple[Path, Path]:
    digest = hashlib.sha256(str(session.parent).encode("utf-8", "surrogateescape")).hexdigest()
    return session.parent, data_folder() / "journals" / digest[:20]


def _pointer(journal: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(journal)).hexdigest()
    return _pointers() / digest[:20]


def _pointers() -> Path:
    return data_folder() / "known-journals"


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
