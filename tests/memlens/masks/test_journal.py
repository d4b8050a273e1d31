"""The journal gives back every edit whose record is whole, and refuses what is damaged."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from memlens.errors import JournalError
from memlens.files.frames import MAGIC, framed
from memlens.masks import journal as journal_module
from memlens.masks.changes import Added, Change
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert, RemoveMask, ReplacePixels
from memlens.masks.journal import BASE, CHANGE, Journal, document_of, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask

SIZE = (9, 13)
State = tuple[tuple[int, str, str, bytes], ...]


def mask(name: str = "mine", seed: int = 0) -> NamedMask:
    pixels = np.random.default_rng(seed).random(SIZE) > 0.5
    return NamedMask(name=name, kind="ground truth", pixels=pixels)


def base_of(document: MaskDocument, **facts: Any) -> JournalBase:
    masks = zip(document.entries, document.snapshot(), strict=True)
    return JournalBase(size=SIZE, masks=tuple((entry.id, mask) for entry, mask in masks), **facts)


def state(masks: tuple[tuple[int, NamedMask], ...]) -> State:
    return tuple(
        (number, mask.name, mask.kind, np.packbits(mask.pixels).tobytes()) for number, mask in masks
    )


def state_of(document: MaskDocument) -> State:
    return state(base_of(document).masks)


class Desk:
    """A document whose changes go into a journal, and every state that it went through."""

    def __init__(self, path: Path, *, masks: tuple[NamedMask, ...] = (mask(),)) -> None:
        self.document = MaskDocument.from_masks(SIZE, masks)
        self.journal = Journal(path, base_of(self.document))
        self.states = [state_of(self.document)]
        self.document.subscribe(self._changed)
        self._random = np.random.default_rng(1)

    def _changed(self, change: Change) -> None:
        self.journal.append(change)
        self.states.append(state_of(self.document))

    def edit(self, kind: int) -> None:
        entries = self.document.entries
        if kind == 0 or not entries:
            self.document.edit(AddMask(mask(f"m{len(self.states)}", len(self.states))))
            return
        target = entries[kind % len(entries)].id
        match kind % 4:
            case 0:
                self.document.edit(RemoveMask(target))
            case 1:
                self.document.edit(Invert(), target)
            case 2:
                self.document.edit(ReplacePixels(self._random.random(SIZE) > 0.5), target)
            case 3:
                self.document.undo()


edits = st.lists(st.integers(0, 30), max_size=12)
tmp_path_shared = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@tmp_path_shared
@given(edits, st.integers(-1, 12))
def test_every_edit_undo_and_redo_comes_back(
    tmp_path: Path, kinds: list[int], compact_at: int
) -> None:
    desk = Desk(tmp_path / "j")
    for place, kind in enumerate(kinds):
        desk.edit(kind)
        if place == compact_at:
            desk.journal.compact()
    found = read_journal(tmp_path / "j")
    assert state(found.masks) == desk.states[-1]
    assert found.lost_bytes == 0
    desk.journal.close()


@tmp_path_shared
@given(edits, st.data())
def test_torn_anywhere_it_gives_a_state_that_was(
    tmp_path: Path, kinds: list[int], data: st.DataObject
) -> None:
    path = tmp_path / "j"
    desk = Desk(path)
    ends = [path.stat().st_size]
    for kind in kinds:
        before = len(desk.states)
        desk.edit(kind)
        ends += [path.stat().st_size] * (len(desk.states) - before)
    desk.journal.close()
    whole = path.read_bytes()
    cut = data.draw(st.integers(ends[0], len(whole)))
    path.write_bytes(whole[:cut])
    found = read_journal(path)
    assert found.edits == sum(end <= cut for end in ends[1:])
    assert state(found.masks) == desk.states[found.edits]
    assert found.lost_bytes == cut - ends[found.edits]


@tmp_path_shared
@given(st.data())
def test_any_damage_is_a_clear_error_or_an_earlier_state(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "j"
    desk = Desk(path)
    for kind in (1, 2, 0, 2):
        desk.edit(kind)
    desk.journal.close()
    written = path.read_bytes()
    assert state(read_journal(path).masks) == desk.states[-1]
    whole = bytearray(written)
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    damaged = bytes(whole) + data.draw(st.binary(max_size=20))
    assume(damaged != written)
    path.write_bytes(damaged)
    try:
        found = read_journal(path)
    except JournalError as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)
    else:
        assert state(found.masks) == desk.states[found.edits]
        assert found.lost_bytes > 0


@tmp_path_shared
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_nonsense_with_good_checksums_is_a_clear_error(
    tmp_path: Path, first: bytes, second: bytes
) -> None:
    path = tmp_path / "j"
    path.write_bytes(MAGIC + framed(BASE, first) + framed(CHANGE, second))
    with pytest.raises(JournalError, match="cannot be read"):
        read_journal(path)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"size": (10**6, 10**6)}, "1000000×1000000"),
        ({"size": (0, 4)}, "0 pixels|4×0"),
        ({"size": (8192, 8192), "masks": [{}] * 200}, "200 masks"),
        ({"masks": [{"id": 1, "name": "", "kind": "", "bytes": 2**40}]}, "cut short"),
        ({"run": 3}, "damaged"),
        ({"has_picture": True}, "damaged"),
    ],
)
def test_sizes_are_judged_before_memory_is_taken(
    tmp_path: Path, facts: dict[str, Any], reason: str
) -> None:
    import json
    import struct

    good: dict[str, Any] = {
        "size": SIZE,
        "session": None,
        "stamp": "",
        "run": {},
        "has_picture": False,
    }
    path = tmp_path / "j"
    for told in ({}, facts):
        head = json.dumps({**good, "masks": [], **told}).encode()
        path.write_bytes(MAGIC + framed(BASE, struct.pack("<I", len(head)) + head))
        if not told:
            assert read_journal(path).masks == ()
    with pytest.raises(JournalError, match=reason):
        read_journal(path)


def test_a_mask_that_unpacks_to_more_than_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zlib

    real = zlib.compress
    monkeypatch.setattr(zlib, "compress", lambda data, level: real(bytes(10**6), 9))
    Journal(tmp_path / "j", base_of(MaskDocument.from_masks(SIZE, (mask(),)))).close()
    with pytest.raises(JournalError, match="masks is damaged"):
        read_journal(tmp_path / "j")


def test_the_base_keeps_what_the_masks_belong_to(tmp_path: Path) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (*SIZE, 3), np.uint8)
    base = JournalBase(
        size=SIZE,
        masks=((7, mask("é", 3)), (2, mask("b", 4))),
        session=tmp_path / "s.memlens",
        stamp="12:34",
        run={"provenance": {"prompt": "a lion", "seed": 3}},
        picture=picture,
    )
    Journal(tmp_path / "j", base).close()
    found = read_journal(tmp_path / "j").base
    assert state(found.masks) == state(base.masks)
    assert (found.session, found.stamp, found.run) == (base.session, base.stamp, base.run)
    assert found.picture is not None
    np.testing.assert_array_equal(found.picture, picture)
    assert found.title == "s.memlens"
    assert document_of(found).entries[0].id == 7


def test_a_full_disk_leaves_what_was_written_and_the_next_edit_brings_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "j")
    desk.edit(1)
    real = journal_module._write_all

    def half_then_full(stream: Any, data: bytes) -> None:
        real(stream, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(journal_module, "_write_all", half_then_full)
    with pytest.raises(OSError, match="No space"):
        desk.edit(2)
    found = read_journal(tmp_path / "j")
    assert (state(found.masks), found.lost_bytes) == (desk.states[1], 0)
    monkeypatch.setattr(journal_module, "_write_all", real)
    desk.edit(1)
    assert state(read_journal(tmp_path / "j").masks) == state_of(desk.document)
    desk.journal.close()


def test_a_journal_that_somebody_deleted_is_written_anew(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "j")
    desk.edit(1)
    (tmp_path / "j").unlink()
    desk.edit(2)
    assert state(read_journal(tmp_path / "j").masks) == desk.states[-1]
    desk.journal.close()


def test_edits_made_while_it_is_compacted_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "j")
    desk.edit(1)
    began, go_on = threading.Event(), threading.Event()
    real = os.fsync

    def slow(descriptor: int) -> None:
        began.set()
        assert go_on.wait(10)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    compacting = threading.Thread(target=desk.journal.compact)
    compacting.start()
    assert began.wait(10)
    desk.edit(2)
    desk.edit(0)
    assert state(read_journal(tmp_path / "j").masks) == desk.states[-1]
    go_on.set()
    compacting.join(10)
    desk.edit(1)
    found = read_journal(tmp_path / "j")
    assert state(found.masks) == desk.states[-1]
    assert found.edits == 3
    assert os.listdir(tmp_path) == ["j"]
    desk.journal.close()


def test_a_removed_journal_stays_removed(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "j")
    desk.journal.remove()
    with pytest.raises(OSError, match="closed"):
        desk.journal.compact()
    assert list(tmp_path.iterdir()) == []


def test_a_change_that_does_not_fit_is_a_clear_error(tmp_path: Path) -> None:
    from memlens.masks.changes import to_bytes

    document = MaskDocument.from_masks(SIZE, (mask(),))
    twice = Added(mask=document.entries[0].id, position=0, mask_value=mask())
    base = base_of(document).to_bytes()
    (tmp_path / "j").write_bytes(MAGIC + framed(BASE, base) + framed(CHANGE, to_bytes(twice)))
    with pytest.raises(JournalError, match="cannot be read"):
        read_journal(tmp_path / "j")


@pytest.mark.parametrize("number", [0, -1, 1 << 31, 1 << 32, 1 << 70])
def test_a_mask_of_a_number_that_cannot_be_written_down_is_refused(
    tmp_path: Path, number: int
) -> None:
    mask = NamedMask(name="m", kind="ground truth", pixels=np.zeros((4, 6), bool))
    base = JournalBase(size=(4, 6), masks=((number, mask),))
    path = tmp_path / "forged"
    path.write_bytes(MAGIC + framed(1, base.to_bytes()))
    with pytest.raises(JournalError, match="mask number"):
        read_journal(path)
