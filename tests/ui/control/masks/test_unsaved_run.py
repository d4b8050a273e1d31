"""One run's masks: what counts as unsaved, and which journal has them at any moment."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memlens.files.data_folder import data_folder
from memlens.files.session_lock import SessionLock
from memlens.files.sessions import save_session
from memlens.masks import journal_writer
from memlens.masks.document import MaskDocument
from memlens.masks.edits import Invert
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.journal_places import find_left_behind, journals_of
from memlens.masks.journal_writer import JournalWriter
from tests.support import synthetic
from ui.control.masks.unsaved_run import UnsavedRun
from ui.state.run import Run


class Desk:
    def __init__(self, session: Path | None) -> None:
        self.dirtied = 0
        self.problems: list[str] = []
        self.writer = JournalWriter()
        self.run = Run(1, trajectory=synthetic.trajectory(), session_path=session)
        self.lock = SessionLock.acquire(session) if session is not None else None
        self.kept = UnsavedRun(
            self.run,
            self.writer,
            held=lambda: self.lock is not None,
            became_dirty=self._note,
            failed=self.problems.append,
        )
        size = (synthetic.PICTURE, synthetic.PICTURE)
        self.document = MaskDocument.from_masks(size, (synthetic.left_half(),))
        self.kept.watch(self.document)

    def _note(self, kept: UnsavedRun) -> None:
        self.dirtied += 1

    def close(self) -> None:
        self.kept.let_go()
        self.writer.close()
        if self.lock is not None:
            self.lock.release()


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "mine.memlens"
    save_session(synthetic.session(), path)
    return path


def test_nothing_is_written_before_the_first_edit(session: Path) -> None:
    desk = Desk(session)
    desk.close()
    assert not desk.kept.dirty
    assert list(session.parent.iterdir()) == [session]


def test_edits_make_it_unsaved_and_undoing_or_saving_all_of_them_ends_that(session: Path) -> None:
    desk = Desk(session)
    desk.document.edit(Invert())
    assert (desk.kept.dirty, desk.dirtied) == (True, 1)
    desk.document.undo()
    assert (desk.kept.dirty, desk.dirtied) == (False, 2)
    desk.document.redo()
    assert desk.kept.dirty
    desk.kept.saved(desk.kept.position)
    assert not desk.kept.dirty
    desk.document.undo()
    assert desk.kept.dirty
    desk.document.edit(Invert())
    desk.kept.saved(desk.kept.position)
    assert not desk.kept.dirty
    desk.close()
    assert journals_of(session) == ()


def test_what_was_all_undone_leaves_nothing_behind(session: Path) -> None:
    desk = Desk(session)
    desk.document.edit(Invert())
    desk.document.undo()
    desk.writer.close()
    assert len(journals_of(session)) == 1, "as after a kill"
    assert desk.lock is not None
    desk.lock.release()
    assert find_left_behind() == ()
    assert journals_of(session) == ()


def test_edits_since_the_save_began_are_in_a_journal_at_every_moment(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(session)
    desk.document.edit(Invert())
    position = desk.kept.position
    desk.document.undo()
    written = threading.Event()
    desk.writer.then(written.set)
    assert written.wait(10)
    there: list[int] = []

    def spying(path: Path, base: JournalBase) -> Journal:
        there.append(len(journals_of(session)))
        made = Journal(path, base)
        there.append(len(journals_of(session)))
        return made

    monkeypatch.setattr(journal_writer, "Journal", spying)
    first = desk.kept.journal
    desk.kept.saved(position)
    assert desk.kept.dirty
    assert desk.kept.journal != first
    desk.writer.close()
    assert there == [1, 2]
    (journal,) = journals_of(session)
    found = read_journal(journal)
    np.testing.assert_array_equal(found.masks[0][1].pixels, synthetic.left_half().pixels)
    desk.close()


def test_an_unsaved_run_moves_to_its_session_with_the_edits_since(tmp_path: Path) -> None:
    desk = Desk(None)
    desk.document.edit(Invert())
    path = tmp_path / "mine.memlens"
    save_session(replace(synthetic.session(), masks=desk.document.snapshot()), path)
    position = desk.kept.position
    desk.document.undo()
    desk.run.session_path, desk.lock = path, SessionLock.acquire(path)
    desk.kept.saved(position)
    desk.close()
    assert list(data_folder().glob("unsaved/*/*")) == []
    (left,) = find_left_behind()
    assert left.session == path


def test_discarded_edits_go_unless_there_are_more(session: Path) -> None:
    desk = Desk(session)
    desk.document.edit(Invert())
    desk.kept.discarded = True
    assert not desk.kept.dirty
    desk.document.edit(Invert())
    assert desk.kept.dirty
    desk.kept.discarded = True
    desk.close()
    assert journals_of(session) == ()


def test_a_mask_that_the_run_came_with_only_later_is_no_edit(session: Path) -> None:
    desk = Desk(session)
    desk.document.adopt(synthetic.left_half())
    assert (desk.kept.dirty, desk.kept.position, desk.dirtied) == (False, 0, 0)
    desk.document.edit(Invert())
    desk.kept.saved(desk.kept.position)
    desk.document.adopt(synthetic.left_half())
    assert not desk.kept.dirty
    desk.close()
    assert journals_of(session) == ()


def test_edits_after_it_come_back_from_the_journal(session: Path) -> None:
    desk = Desk(session)
    desk.document.edit(Invert())
    desk.document.adopt(synthetic.left_half())
    desk.document.edit(Invert(), desk.document.entries[-1].id)
    desk.close()
    (journal,) = journals_of(session)
    masks = read_journal(journal).masks
    assert [mask.name for _, mask in masks] == ["ground truth", "ground truth"]
    for _, mask in masks:
        np.testing.assert_array_equal(mask.pixels, ~synthetic.left_half().pixels)


def test_where_no_journal_can_be_made_it_is_said(
    monkeypatch: pytest.MonkeyPatch, isolated_home: Path
) -> None:
    (isolated_home / "data").write_text("a file where the folder should be")
    desk = Desk(None)
    desk.document.edit(Invert())
    assert desk.problems == ["Not a directory"]
    assert desk.kept.dirty
    desk.close()
