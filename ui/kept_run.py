"""One run's mask document, and where its edits are kept. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.masks.changes import Change
from memlens.masks.document import MaskDocument
from memlens.masks.journal_base import JournalBase, stamp_of
from memlens.masks.journal_places import LeftBehind, new_journal_path, new_unsaved_run
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.open_shape import OpenShape
from memlens.session_lock import SessionLock
from memlens.sessions import run_to_json
from ui.results import Run


class KeptRun:
    """Counts the changes of a run's masks and hands each to the journal.

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

    Attributes
    ----------
    read_only
        Why the session cannot be saved in its place, "" when it can.
    small
        Whether the session was saved without its trajectory.
    discarded
        Whether the person gave up the edits up to now.
    """

    def __init__(
        self,
        run: Run,
        writer: JournalWriter,
        *,
        held: Callable[[], bool],
        became_dirty: Callable[[KeptRun], None],
        failed: Callable[[str], None],
    ) -> None:
        self.run = run
        self.read_only = ""
        self.small = False
        self.discarded = False
        self.document: MaskDocument | None = None
        self.journal: Path | None = None
        self._writer = writer
        self._held = held
        self._became_dirty = became_dirty
        self._failed = failed
        self._changes = self._saved = 0
        self._begun = False
        self._unsaved: SessionLock | None = None
        self._restored: Path | None = None
        self._shape: OpenShape | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def changes(self) -> int:
        """How many changes the masks have seen."""
        return self._changes

    @property
    def dirty(self) -> bool:
        """Whether the masks were edited since they were saved, and the edits are wanted."""
        return self._changes != self._saved and not self.discarded

    @property
    def unsaved_run(self) -> Path | None:
        """Where the run is or should be kept in the data folder; None where a session holds it."""
        return None if self._unsaved is None else self._unsaved.session

    def restore(
        self, left: LeftBehind, lock: SessionLock | None, shape: OpenShape | None = None
    ) -> None:
        """Note that the masks come from a journal: no session file has them.

        Parameters
        ----------
        left
            Where they come from.
        lock
            Of the run in the data folder, where it was never saved; owned from now on.
        shape
            The polygon that was under way.
        """
        self._changes += 1
        self._restored = left.journal
        self._shape = shape
        self._unsaved = lock

    def watch(self, document: MaskDocument) -> None:
        """Keep every change of the document, whose masks are those that the run came with."""
        self._unsubscribe()
        self.document = document
        self._unsubscribe = document.subscribe(self._changed, self._adopted)
        if self.dirty:
            self.begin()

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
        masks = zip(self.document.entries, self.document.snapshot(), strict=True)
        base = JournalBase(
            size=self.document.size,
            masks=tuple((entry.id, mask) for entry, mask in masks),
            session=session if held else None,
            stamp=stamp_of(session) if held else "",
            run={} if trajectory is None else run_to_json(trajectory),
            picture=None if held or trajectory is None else trajectory.image,
            replaces=before,
            shape=self._shape,
        )
        self._writer.begin(path, base, replaces=before)
        self._begun, self.journal, self._restored = True, path, None
        self.run.unsaved_masks = self.dirty

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
            self._end(discard=True)
        else:
            self._writer.note_shape(self.journal, shape)

    def journal_lost(self) -> None:
        """Note that the journal cannot be written; the next change begins another."""
        self._begun = False

    def saved(self, changes: int) -> None:
        """Note that a session file holds the first `changes` changes."""
        unsaved, self._unsaved = self._unsaved, None
        self._saved = changes
        self.discarded = False
        self.run.unsaved_masks = self.dirty
        if self.dirty or self._shape is not None:
            # The journal before goes only when this one is written: it has the later edits.
            self.begin()
        else:
            self._end(discard=True)
        self._release(unsaved)

    def let_go(self) -> None:
        """Stop watching; the journal stays if there are edits that nobody gave up."""
        self._unsubscribe()
        self._end(discard=not self.dirty)

    def _changed(self, change: Change) -> None:
        was_dirty = self.dirty
        self._changes += 1
        self.discarded = False
        if self._begun and self.journal is not None:
            self._writer.append(self.journal, change)
        else:
            self.begin()
        if not was_dirty:
            self._became_dirty(self)

    def _adopted(self, change: Change) -> None:
        """Take a mask that the run came with, only later: nobody edited anything."""
        if self._begun and self.journal is not None:
            self._writer.append(self.journal, change)

    def _place(self, held: bool) -> Path:
        if held and self.run.session_path is not None:
            return self.run.session_path.resolve()
        if self._unsaved is None:
            self._unsaved = SessionLock.acquire(new_unsaved_run())
        return self._unsaved.session

    def _end(self, *, discard: bool) -> None:
        journal = self.journal or (self._restored if discard else None)
        if journal is not None:
            self._writer.end(journal, discard=discard)
        self._begun, self.journal, self._restored = False, None, None
        self._release(self._unsaved)
        self._unsaved = None

    def _release(self, lock: SessionLock | None) -> None:
        if lock is not None:
            self._writer.then(lock.release)
