"""Masks that would not fit into memory together are refused: drawn, in a session, in a journal."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memlens.errors import JournalError, MaskError, SessionError
from memlens.files.sessions import load_session, save_session
from memlens.masks import journal_base, mask_list
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, DuplicateMask
from memlens.masks.files import read_mask
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from tests.support.random_session import session

SIZE = (16, 16)
_MASK = NamedMask(name="m", kind="ground truth", pixels=np.ones(SIZE, np.bool_))


def test_a_document_takes_no_more_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mask_list, "MAX_ALL_PIXELS", 2 * 16 * 16)
    document = MaskDocument.from_masks(SIZE, (_MASK,))
    document.edit(AddMask(_MASK))
    for more in (AddMask(_MASK), DuplicateMask(1)):
        with pytest.raises(MaskError, match="room for 2 masks"):
            document.edit(more)
    assert len(document.entries) == 2
    assert document.undo() is not None


def test_a_session_of_too_many_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.memlens"
    save_session(replace(session(), masks=(_MASK,) * 3), path)
    assert len(load_session(path).masks) == 3
    monkeypatch.setattr("memlens.files.run_archive.MAX_ALL_PIXELS", 3 * 16 * 16 - 1)
    with pytest.raises(SessionError, match="3 masks of 16×16"):
        load_session(path)


def test_a_journal_of_too_many_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    Journal(path, JournalBase(size=SIZE, masks=((1, _MASK), (2, _MASK)))).close()
    assert len(read_journal(path).masks) == 2
    monkeypatch.setattr(journal_base, "MAX_ALL_PIXELS", 2 * 16 * 16 - 1)
    with pytest.raises(JournalError, match="2 masks of 16×16"):
        read_journal(path)


def test_tiny_masks_are_not_enlarged_beyond_what_a_file_may_hold(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps([{"size": [1, 2], "counts": [1, 1]}] * 70))
    assert len(read_mask(path, (16, 16), resize=True)) == 70
    tracemalloc.start()
    with pytest.raises(MaskError, match="70 masks, too many for a picture so large"):
        read_mask(path, (2048, 2048), resize=True)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
