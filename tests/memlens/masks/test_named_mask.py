"""Names from files that nobody has vouched for."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.errors import JournalError, SessionError
from memlens.files.sessions import load_session, save_session
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, RenameMask
from memlens.masks.files import read_mask
from memlens.masks.journal import Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.kinds import KINDS
from memlens.masks.named_mask import MAX_NAME, NamedMask, tidy_name
from tests.support.random_session import session

EVIL = "\x1b[2Ja\nb\x00\u202e\ud800 " + "x" * 9000
MASK = NamedMask(name="m", kind=KINDS[0], pixels=np.eye(16, dtype=np.bool_))


@given(st.text(max_size=300) | st.text("\x1b\x7f\u2028\u202ea ", max_size=300))
def test_a_tidy_name_is_one_short_printable_line(name: str) -> None:
    tidy = tidy_name(name, instead="mask")
    assert tidy == tidy.strip() and 0 < len(tidy) <= MAX_NAME
    assert len(tidy.splitlines()) == 1
    assert not {unicodedata.category(letter) for letter in tidy} & {"Cc", "Cs", "Zl", "Zp"}
    assert tidy_name(tidy) == tidy
    tidy.encode()


def test_ordinary_names_of_any_script_stay() -> None:
    for name in ("Mask 1", "wäßrig", "目 2", "\u05d0\u05d1", "a  b", "🏳️‍🌈", "<b>"):
        assert tidy_name(f" {name} ") == name
    assert tidy_name("\n\u202e") == ""


def test_what_a_person_pastes_becomes_one_line() -> None:
    document = MaskDocument((16, 16))
    document.edit(AddMask(replace(MASK, name="one\ntwo\x1b")))
    assert document.entries[0].name == "one two"
    document.edit(RenameMask(1, "\u202ethree\t"))
    assert document.entries[0].name == "three"


def check(name: str) -> None:
    assert name.startswith("[2Ja b")
    assert len(name) == MAX_NAME and name.isprintable()


def test_names_in_mask_files_are_tidied(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    corners = [[0, 0], [9, 0], [9, 9]]
    shapes = [{"label": EVIL, "points": corners, "shape_type": "polygon"}]
    path.write_text(json.dumps({"shapes": shapes, "imageHeight": 16, "imageWidth": 16}))
    check(read_mask(path, None)[0].name)
    coded = {"size": [16, 16], "counts": [256]}
    named = {"annotations": [{"segmentation": coded, "category_id": 1}]}
    path.write_text(json.dumps({**named, "categories": [{"id": 1, "name": EVIL}]}))
    check(read_mask(path, (16, 16))[0].name)


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what a session says of its masks."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "session.json":
                values = json.loads(content)
                change(values["masks"][0])
                content = json.dumps(values).encode()
            new.writestr(name, content)
    path.write_bytes(stream.getvalue())


def test_documents_show_tidy_names_and_unknown_kinds_are_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.memlens"
    whole = session(steps=1, side=2, picture=16, maps=0)
    save_session(replace(whole, masks=(MASK,)), path)
    rewritten(path, lambda mask: mask.update(name=EVIL))
    masks = load_session(path).masks
    check(MaskDocument.from_masks((16, 16), masks).entries[0].name)
    document = MaskDocument((16, 16))
    document.adopt(masks[0])
    check(document.entries[0].name)
    rewritten(path, lambda mask: mask.update(name=["a"], kind="\x1bx" * 99))
    with pytest.raises(SessionError, match="unknown kind") as caught:
        load_session(path)
    assert str(caught.value).isprintable()


def test_journals_of_unknown_kinds_are_refused(tmp_path: Path) -> None:
    strange = JournalBase(size=(16, 16), masks=((1, replace(MASK, kind="label")),))
    Journal(tmp_path / "k", strange).close()
    with pytest.raises(JournalError, match="unknown kind"):
        read_journal(tmp_path / "k")
