"""From a journal left behind to the session it belongs to, with its masks as last edited."""

from __future__ import annotations

from dataclasses import dataclass, replace

from memlens.errors import JournalError, SessionError
from memlens.masks.journal import JournalContent, read_journal
from memlens.masks.journal_base import stamp_of
from memlens.masks.journal_places import LeftBehind
from memlens.masks.open_shape import NO_MASK, OpenShape
from memlens.sessions import Session, load_session, run_from_json


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
        The polygon that was under way, None for none; its mask is numbered as a document of the
        session's masks numbers it.
    """

    session: Session
    edits: int
    warning: str = ""
    shape: OpenShape | None = None


def recover(left: LeftBehind) -> Recovered:
    """Bring back what a journal holds; nothing on the disk is changed.

    Raises
    ------
    JournalError
        If the journal is damaged, or belongs to another run than the session holds now.
    SessionError
        If its session cannot be read.
    """
    content = read_journal(left.journal)
    warnings = []
    if content.lost_bytes:
        warnings.append(
            f"The last {content.lost_bytes:,} bytes of the journal were torn; "
            "all edits before them are back."
        )
    if left.session.exists() or content.base.picture is None:
        session = load_session(left.session)
        _check_same_run(session, content, left)
        if not left.unsaved and content.base.stamp != stamp_of(left.session):
            warnings.append("The session was saved again after these edits began.")
    else:
        session = _from_picture(content, left)
        warnings.append("The trajectory was not kept, so no more maps can be computed.")
    masks = tuple(mask for _, mask in content.masks)
    return Recovered(
        session=replace(session, masks=masks),
        edits=content.edits,
        warning=" ".join(warnings),
        shape=_shape(content),
    )


def _shape(content: JournalContent) -> OpenShape | None:
    if content.shape is None:
        return None
    numbers = {number: place for place, (number, _) in enumerate(content.masks, 1)}
    return replace(content.shape, mask=numbers.get(content.shape.mask, NO_MASK))


def _check_same_run(session: Session, content: JournalContent, left: LeftBehind) -> None:
    run = session.trajectory
    kept = content.base.run.get("provenance")
    same = kept is None or kept == run.provenance.to_json()
    if not same or run.image.shape[:2] != content.base.size:
        raise JournalError(
            f"the journal {left.journal} belongs to another run than {left.session} holds now."
        )


def _from_picture(content: JournalContent, left: LeftBehind) -> Session:
    assert content.base.picture is not None
    try:
        return Session(trajectory=run_from_json(content.base.run, content.base.picture))
    except SessionError as error:
        raise JournalError(f"the journal {left.journal} cannot be used: {error}") from error
