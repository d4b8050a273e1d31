"""A journal left behind is found, offered once its window is gone, and gives its masks back."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memlens.errors import JournalError
from memlens.files.data_folder import data_folder
from memlens.files.session_lock import SessionLock
from memlens.files.sessions import Session, load_session, run_to_json, save_session
from memlens.files.unsaved_runs import new_unsaved_run
from memlens.masks import journal_writer
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert, RemoveMask
from memlens.masks.journal import read_journal
from memlens.masks.journal_base import JournalBase, stamp_of
from memlens.masks.journal_places import (
    describe_journal,
    discard_left_behind,
    find_left_behind,
    journals_of,
    left_behind_of,
    new_journal_path,
)
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.open_shape import OpenShape
from memlens.masks.recovery import recover
from tests.support.random_session import session
from tests.support.same import assert_same


class Desk:
    """A window's part of it: a run, its document, a journal written by a thread."""

    def __init__(self, path: Path | None, made: Session, *, failed: object = None) -> None:
        self.problems: list[str] = []
        self.writer = JournalWriter(lambda path, reason: self.problems.append(reason))
        self.session = made
        self.place = path or new_unsaved_run()
        self.lock = SessionLock.acquire(self.place)
        self.document = MaskDocument.from_masks(made.trajectory.image.shape[:2], made.masks)
        self.journal = new_journal_path(self.place)
        self.unsaved = path is None
        self.begin()
        self.document.subscribe(lambda change: self.writer.append(self.journal, change))

    def begin(self, *, replaces: Path | None = None) -> None:
        masks = zip(self.document.entries, self.document.snapshot(), strict=True)
        self.writer.begin(
            self.journal,
            JournalBase(
                size=self.document.size,
                masks=tuple((entry.id, mask) for entry, mask in masks),
                session=None if self.unsaved else self.place,
                stamp="" if self.unsaved else stamp_of(self.place),
                run=run_to_json(self.session.trajectory),
                picture=self.session.trajectory.image if self.unsaved else None,
                replaces=replaces,
            ),
            replaces=replaces,
        )

    def written(self) -> None:
        done = threading.Event()
        self.writer.then(done.set)
        assert done.wait(10)

    def die(self) -> None:
        """What a kill leaves: the files as written, the lock freed."""
        self.writer.close()
        self.lock.release()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "mine.memlens"
    save_session(session(), path)
    return path


def test_masks_of_a_saved_session_come_back_onto_it(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.written()
    assert find_left_behind() == (), "its window still lives"
    desk.die()
    (left,) = find_left_behind()
    assert (left.session, left.unsaved, left.edits, left.problem) == (saved, False, 1, "")
    assert left.title == "mine.memlens"
    found = recover(left)
    assert found.warning == ""
    assert_same(found.session.trajectory, session().trajectory)
    np.testing.assert_array_equal(found.session.masks[0].pixels, ~session().masks[0].pixels)
    assert found.session.masks[0].name == "mine"


def test_an_unsaved_run_comes_back_with_its_trajectory() -> None:
    desk = Desk(None, session())
    desk.document.edit(Invert())
    save_session(replace(session(), masks=()), desk.place)
    desk.die()
    (left,) = find_left_behind()
    assert left.unsaved
    assert "a red apple" in left.title
    found = recover(left)
    assert found.session.trajectory.keeps_latents
    np.testing.assert_array_equal(found.session.masks[0].pixels, ~session().masks[0].pixels)


def test_an_unsaved_run_killed_before_it_was_kept_comes_back_with_its_picture() -> None:
    desk = Desk(None, session())
    desk.document.edit(Invert())
    desk.die()
    found = recover(find_left_behind()[0])
    assert "no more maps" in found.warning
    run = found.session.trajectory
    assert not run.keeps_latents
    assert run.provenance == session().trajectory.provenance
    np.testing.assert_array_equal(run.image, session().trajectory.image)
    np.testing.assert_array_equal(found.session.masks[0].pixels, ~session().masks[0].pixels)


def test_discarding_removes_all_of_it() -> None:
    desk = Desk(None, session())
    desk.document.edit(Invert())
    desk.die()
    discard_left_behind(find_left_behind()[0])
    assert find_left_behind() == ()
    assert [path for path in data_folder().rglob("*") if path.is_file()] == []


def test_ending_a_journal_leaves_nothing(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.written()
    assert journals_of(saved) == (desk.journal,)
    desk.writer.end(desk.journal, discard=True)
    desk.die()
    assert os.listdir(saved.parent) == [saved.name]
    assert find_left_behind() == ()


def test_a_journal_that_replaces_another_is_written_first(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    first, desk.journal = desk.journal, new_journal_path(saved)
    desk.begin(replaces=first)
    desk.written()
    assert journals_of(saved) == (desk.journal,)
    np.testing.assert_array_equal(
        read_journal(desk.journal).masks[0][1].pixels, ~session().masks[0].pixels
    )
    desk.die()


@pytest.mark.parametrize("unsaved", [False, True])
def test_killed_between_a_journal_and_the_end_of_the_one_before_only_the_new_one_counts(
    saved: Path, monkeypatch: pytest.MonkeyPatch, unsaved: bool
) -> None:
    monkeypatch.setattr(journal_writer, "retire_journal", lambda old, new: None)
    desk = Desk(None if unsaved else saved, load_session(saved))
    desk.document.edit(Invert())
    first, desk.journal = desk.journal, new_journal_path(desk.place)
    if unsaved:
        # It was saved meanwhile: the journal moves beside the session.
        desk.place, desk.unsaved = saved, False
        desk.journal = new_journal_path(saved)
    desk.begin(replaces=first)
    desk.document.undo()
    desk.die()
    assert first.exists() and desk.journal.exists()
    (left,) = find_left_behind()
    assert left.journal == desk.journal
    assert not first.exists()
    assert not unsaved or not first.parent.exists()
    np.testing.assert_array_equal(recover(left).session.masks[0].pixels, session().masks[0].pixels)
    assert [item.journal for item in left_behind_of(saved)] == [desk.journal]


def test_a_session_saved_since_is_said(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.die()
    save_session(replace(session(), masks=()), saved)
    found = recover(find_left_behind()[0])
    assert "saved again" in found.warning
    assert len(found.session.masks) == 1


def test_a_session_of_another_run_is_left_alone(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.die()
    save_session(session(steps=5), saved)
    with pytest.raises(JournalError, match=r"another run than .*mine\.memlens"):
        recover(find_left_behind()[0])


def test_a_torn_record_is_said(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.document.undo()
    desk.die()
    desk.journal.write_bytes(desk.journal.read_bytes()[:-1])
    found = recover(describe_journal(desk.journal))
    assert found.edits == 1
    assert "torn" in found.warning


def test_a_damaged_journal_is_offered_with_its_problem(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    desk.die()
    desk.journal.write_bytes(b"nonsense")
    (left,) = find_left_behind()
    assert left.session == saved
    assert left.problem.startswith("The journal ")
    with pytest.raises(JournalError):
        recover(left)


def test_a_session_in_a_folder_that_cannot_be_written_has_its_journal_elsewhere(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != saved.parent and real(path, mode)
    )
    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.die()
    assert os.listdir(saved.parent) == [saved.name]
    assert data_folder() in desk.journal.parents
    (left,) = find_left_behind()
    assert left.session == saved
    assert journals_of(saved) == (desk.journal,)


def test_a_disk_that_refuses_is_said_and_the_session_goes_on(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from memlens.masks import journal as journal_module

    desk = Desk(saved, load_session(saved))
    desk.document.edit(Invert())
    desk.written()
    real = journal_module._write_all

    def full(stream: object, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(journal_module, "_write_all", full)
    desk.document.edit(Invert())
    desk.document.edit(Invert())
    desk.written()
    assert desk.problems == ["No space left on device"]
    monkeypatch.setattr(journal_module, "_write_all", real)
    first, desk.journal = desk.journal, new_journal_path(saved)
    desk.begin(replaces=first)
    desk.document.edit(Invert())
    desk.written()
    (path,) = journals_of(saved)
    np.testing.assert_array_equal(read_journal(path).masks[0][1].pixels, session().masks[0].pixels)
    desk.die()


def test_the_polygon_under_way_comes_back_on_its_mask(saved: Path) -> None:
    desk = Desk(saved, load_session(saved))
    first, second = desk.document.entries[0], session().masks[0]
    desk.document.edit(AddMask(second))
    desk.document.edit(RemoveMask(first.id))
    (now,) = desk.document.entries[:1]
    corners = OpenShape(now.id, ((1.0, 2.0), (3.0, 4.0)))
    desk.writer.note_shape(desk.journal, corners)
    desk.die()
    found = recover(find_left_behind()[0])
    assert found.recorded is not None
    made = MaskDocument.restored(desk.document.size, found.recorded)
    assert (found.shape, made.entries) == (corners, desk.document.entries)
    made.undo()
    assert made.undo_text is None, "no step was told: all is one"
    assert now.id != made.entries[0].id
