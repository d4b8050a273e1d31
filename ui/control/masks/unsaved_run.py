"""One run, its mask document, and where both are kept until they are saved. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from memlens.files.session_lock import SessionLock
from memlens.files.sessions import run_to_json
from memlens.files.unsaved_runs import (
    discard_unsaved_run,
    mark_deleted,
    new_unsaved_run,
    note_called,
)
from memlens.masks.changes import Change
from memlens.masks.document import MaskDocument, Stepped
from memlens.masks.journal_base import JournalBase, stamp_of
from memlens.masks.journal_places import LeftBehind, new_journal_path
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.open_shape import OpenShape
from ui.state.run import Run

_NEVER = -2


class UnsavedRun:
    """Follows the changes of a run's masks and hands each to the journal.

    Parameters
    ----------
    run
        What the masks belong to.
    writer
        Writes the journal.
    held
        Says whether the run has a session file that this window may write.
    became_dirty
        Called with this when edits, or corners of a polygon, begin that no file has.
    failed
        Called with the reason when no journal can be begun.
    new_place
        Returns where a run that no session holds is to be kept.

    Attributes
    ----------
    discarded
        Whether the person gave up the run, where it was never saved, and the edits up to now.
    """

    def __init__(
        self,
        run: Run,
        writer: JournalWriter,
        *,
        held: Callable[[], bool],
        became_dirty: Callable[[UnsavedRun], None],
        failed: Callable[[str], None],
        new_place: Callable[[], Path] = new_unsaved_run,
    ) -> None:
        self.run = run
        self.discarded = False
        self.document: MaskDocument | None = None
        self.journal: Path | None = None
        self._writer = writer
        self._held = held
        self._became_dirty = became_dirty
        self._failed = failed
        self._new_place = new_place
        self._saved = 0
        self._was_dirty = self._begun = self._in_base = False
        self._unsaved: SessionLock | None = None
        self._restored: Path | None = None
        self._shape: OpenShape | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    @property
    def position(self) -> int:
        """Where in their history the masks are."""
        return 0 if self.document is None else self.document.position

    @property
    def dirty(self) -> bool:
        """Whether the masks are not as they were saved, and the edits are wanted."""
        if self.discarded:
            return False
        if self.document is None:
            return self._saved == _NEVER
        return self.document.position != self._saved

    @property
    def never_saved(self) -> bool:
        """Whether the run is complete, wanted, and in no file of the person's."""
        run = self.run
        return run.trajectory is not None and run.session_path is None and not self.discarded

    @property
    def unsaved_run(self) -> Path | None:
        """Where the run is or should be kept in the data folder; None where a session holds it."""
        return None if self._unsaved is None else self._unsaved.session

    def restore(
        self, left: LeftBehind, lock: SessionLock | None, shape: OpenShape | None = None
    ) -> None:
        """Note that the run, or its masks, were left behind: no session file has them.

        Parameters
        ----------
        left
            Where they come from.
        lock
            Of the run in the data folder, where it was never saved; owned from now on.
        shape
            The polygon that was under way.
        """
        if left.journal is not None:
            recorded = self.run.recorded
            saved = None if recorded is None else recorded.steps.saved
            self._saved = _NEVER if saved is None else saved
        self._restored = left.journal
        self._shape = shape
        self._unsaved = lock

    def watch(self, document: MaskDocument) -> None:
        """Keep every change of the document, whose masks are those that the run came with."""
        self._leave()
        self.document = document
        self._unsubscribe = [
            document.subscribe(self._changed, self._adopted),
            document.subscribe_to_steps(self._stepped),
        ]
        if self.dirty or self._restored is not None:
            self.begin()
        self._note_dirty()

    def keep(self) -> Path | None:
        """Take a place in the data folder for a run that no session holds; None if there is none.

        The run itself is written there by the worker.
        """
        if self._unsaved is None:
            try:
                self._unsaved = SessionLock.acquire(self._new_place())
            except OSError as error:
                self._failed(error.strerror or str(error))
                return None
        return self._unsaved.session

    def mark_deleted(self, deleted: bool) -> None:
        """Note for the next start that the person deleted the run, or brought it back."""
        if self._unsaved is not None:
            mark_deleted(self._unsaved.session, deleted)

    def note_called(self) -> None:
        """Note for the next start what the person calls the run, and whether it is pinned."""
        if self._unsaved is not None:
            run, path = self.run, self._unsaved.session
            noted = partial(note_called, path, name=run.name, pinned=run.pinned)
            self._writer.then(noted)

    def begin(self) -> None:
        """Write a journal that starts from the masks as they are; the one before goes."""
        if self.document is None:
            return
        try:
            held = self._held()
            session = self._place(held)
            path = new_journal_path(session)
        except OSError as error:
            self._failed(error.strerror or str(error))
            return
        trajectory = self.run.trajectory
        before = self.journal or self._restored
        recorded = self.document.recorded(None if self._saved == _NEVER else self._saved)
        base = JournalBase(
            size=self.document.size,
            masks=recorded.masks,
            steps=recorded.steps,
            session=session if held else None,
            stamp=stamp_of(session) if held else "",
            run={} if trajectory is None else run_to_json(trajectory),
            run_id=self.run.id,
            picture=None if held or trajectory is None else trajectory.image,
            replaces=before,
            shape=self._shape,
        )
        self._writer.begin(path, base, replaces=before)
        self._begun, self.journal, self._restored = True, path, None

    def note_shape(self, shape: OpenShape | None) -> None:
        """Keep the polygon under way, in place of the one before; None for none.

        It is no edit, and leaves what is saved as saved.
        """
        if shape == self._shape:
            return
        self._shape = shape
        if not self._begun or self.journal is None:
            if shape is not None:
                self.begin()
                self._became_dirty(self)
        elif shape is None and not self.dirty:
            self._end_journal(discard=True)
            if not self.never_saved:
                self._let_place_go(discard=True)
        else:
            self._writer.note_shape(self.journal, shape)

    def journal_lost(self) -> None:
        """Note that the journal cannot be written; the next change begins another."""
        self._begun = False

    def saved(self, position: int) -> None:
        """Note that a session file holds the run, with the masks as they were at a position."""
        unsaved, self._unsaved = self._unsaved, None
        self._saved = position
        self.discarded = False
        self._note_dirty()
        if self.dirty or self._shape is not None:
            # The journal before goes only when this one is written: it has the later edits.
            self.begin()
        else:
            self._end_journal(discard=True)
        if unsaved is not None:
            self._writer.then(lambda: _give_up(unsaved))

    def let_go(self) -> None:
        """Stop watching; what no file has stays in the data folder unless it was given up."""
        self._leave()
        self._end_journal(discard=not self.dirty)
        self._let_place_go(discard=not (self.never_saved or self.dirty))

    def _leave(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []

    def _changed(self, change: Change) -> None:
        self.discarded = False
        self._in_base = False
        if self._begun and self.journal is not None:
            self._writer.append(self.journal, change)
        else:
            self.begin()
            # What a stroke has done is in it, but not that it ended.
            self._in_base = self.document is not None and not self.document.in_stroke
        self._tell_dirty()

    def _stepped(self, stepped: Stepped, text: str) -> None:
        if self._begun and self.journal is not None and not self._in_base:
            self._writer.note_step(self.journal, stepped, text)
        self._in_base = False
        self._tell_dirty()

    def _tell_dirty(self) -> None:
        before = self._was_dirty
        self._note_dirty()
        if self._was_dirty != before:
            self._became_dirty(self)

    def _note_dirty(self) -> None:
        self._was_dirty = self.dirty

    def _adopted(self, change: Change) -> None:
        """Take a mask that the run came with, only later: nobody edited anything."""
        if self._begun and self.journal is not None:
            self._writer.append(self.journal, change)
            if self.document is not None and not self.document.in_stroke:
                self._writer.note_step(self.journal, Stepped.ADOPTED, "")

    def _place(self, held: bool) -> Path:
        if held and self.run.session_path is not None:
            return self.run.session_path.resolve()
        if self._unsaved is None:
            self._unsaved = SessionLock.acquire(self._new_place())
        return self._unsaved.session

    def _end_journal(self, *, discard: bool) -> None:
        journal = self.journal or (self._restored if discard else None)
        if journal is not None:
            self._writer.end(journal, discard=discard)
        self._begun, self.journal, self._restored = False, None, None

    def _let_place_go(self, *, discard: bool) -> None:
        unsaved, self._unsaved = self._unsaved, None
        if unsaved is not None:
            self._writer.then(lambda: _give_up(unsaved) if discard else unsaved.release())


def _give_up(unsaved: SessionLock) -> None:
    # The lock file lies in the folder that goes.
    unsaved.release()
    discard_unsaved_run(unsaved.session)
