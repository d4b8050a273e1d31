"""From a journal left behind to the session it belongs to, with its masks as last edited."""

from __future__ import annotations

from dataclasses import dataclass, replace

from memlens.errors import JournalError, SessionError
from memlens.files.project import Project, Session
from memlens.files.sessions import load_project, load_session, run_from_json
from memlens.files.unsaved_runs import called
from memlens.masks.journal import JournalContent, read_journal
from memlens.masks.journal_base import stamp_of
from memlens.masks.journal_places import LeftBehind
from memlens.masks.open_shape import OpenShape
from memlens.masks.undo_steps import RecordedMasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A session brought back.

    Attributes
    ----------
    session
        With the masks after the last whole record of the journal.
    edits
        How many edits were replayed.
    warning
        What the person should know, a sentence or two; "" when all is as it was.
    shape
        The polygon that was under way, None for none.
    recorded
        The same masks under their ids, with their undo.
    """

    session: Session
    edits: int
    warning: str = ""
    shape: OpenShape | None = None
    recorded: RecordedMasks | None = None


def recover(left: LeftBehind, project: Project | None = None) -> Recovered:
    """Bring back what was left behind; nothing on the disk is changed.

    Parameters
    ----------
    left
        What to bring back.
    project
        The runs of its session file; read from there if None.

    Raises
    ------
    JournalError
        If the journal is damaged, or belongs to no run that the session holds now.
    SessionError
        If its session cannot be read.
    """
    found = _recovered(left, project)
    facts = called(left.session) if left.unsaved else None
    if facts is None:
        return found
    name, pinned = facts
    return replace(found, session=replace(found.session, name=name, pinned=pinned))


def _recovered(left: LeftBehind, project: Project | None) -> Recovered:
    if left.journal is None:
        return Recovered(session=load_session(left.session), edits=0)
    content = read_journal(left.journal)
    warnings = []
    recorded = content.recorded
    if content.lost_bytes:
        warnings.append(
            f"The last {content.lost_bytes:,} bytes of the journal were torn; "
            "all edits before them are back."
        )
    if left.session.exists() or content.base.picture is None:
        runs = (load_project(left.session) if project is None else project).runs
        session = _its_run(runs, content, left)
        if not left.unsaved and content.base.stamp != stamp_of(left.session):
            warnings.append("The session was saved again after these edits began.")
            recorded = replace(recorded, steps=replace(recorded.steps, saved=None))
    else:
        session = _from_picture(content, left)
        warnings.append("The trajectory was not kept, so no more maps can be computed.")
    masks = tuple(mask for _, mask in content.masks)
    return Recovered(
        session=replace(session, masks=masks),
        edits=content.edits,
        warning=" ".join(warnings),
        shape=content.shape,
        recorded=recorded,
    )


def _its_run(runs: tuple[Session, ...], content: JournalContent, left: LeftBehind) -> Session:
    """Return the run that a journal is about: by its id, in older files by its provenance."""
    base = content.base
    fitting = [run for run in runs if run.trajectory.image.shape[:2] == base.size]
    found = [run for run in fitting if base.run_id and run.id == base.run_id]
    made = base.run.get("provenance")
    found = found or [
        run
        for run in fitting
        if not (base.run_id and run.id)
        and (made is None or made == run.trajectory.provenance.to_json())
    ]
    if not found:
        raise JournalError(
            f"the journal {left.journal} belongs to another run than {left.session} holds now."
        )
    return found[0]


def _from_picture(content: JournalContent, left: LeftBehind) -> Session:
    assert content.base.picture is not None
    try:
        trajectory = run_from_json(content.base.run, content.base.picture)
        return Session(trajectory=trajectory, id=content.base.run_id)
    except SessionError as error:
        raise JournalError(f"the journal {left.journal} cannot be used: {error}") from error
