"""The corners of a polygon under way come back from a journal, torn or old or written anew."""

from __future__ import annotations

import errno
import json
import math
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memlens.errors import JournalError, MaskError
from memlens.files.frames import MAGIC, framed
from memlens.masks import journal as journal_module
from memlens.masks.document import MaskDocument
from memlens.masks.edits import AddMask, Invert
from memlens.masks.journal import BASE, SHAPE, Journal, read_journal
from memlens.masks.journal_base import JournalBase
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import MAX_CORNERS, OpenShape

SIZE = (9, 13)
MASK = NamedMask(name="m", kind="ground truth", pixels=np.zeros(SIZE, np.bool_))
CORNERS = OpenShape(1, ((1.5, 2.0), (7.0, 2.25), (4.0, 8.0)))

places = st.floats(-1e6, 1e6)
shapes = st.builds(
    OpenShape,
    mask=st.integers(0, 2**31),
    points=st.lists(st.tuples(places, places), min_size=1, max_size=9).map(tuple),
    closed=st.booleans(),
)


@given(shapes)
def test_what_is_written_comes_back(shape: OpenShape) -> None:
    assert OpenShape.from_bytes(shape.to_bytes()) == shape


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=5).map(tuple))
def test_nothing_is_written_that_cannot_be_read(points: tuple[tuple[float, float], ...]) -> None:
    back = OpenShape.from_bytes(OpenShape(1, points).to_bytes())
    assert all(
        one == other or not abs(other) <= 1e6
        for kept, placed in zip(back.points, points, strict=True)
        for one, other in zip(kept, placed, strict=True)
    )
    many = OpenShape(1, ((0.0, 0.0),) * (MAX_CORNERS + 1))
    assert len(OpenShape.from_bytes(many.to_bytes()).points) == MAX_CORNERS


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        struct.pack("<IB", 1, 0),
        struct.pack("<IBdd", 1, 2, 0.0, 0.0),
        struct.pack("<IBdd", 1, 0, math.nan, 0.0),
        struct.pack("<IBdd", 1, 0, 0.0, math.inf),
        struct.pack("<IBdd", 1, 0, 0.0, 2e6),
        struct.pack("<IBdd", 1, 0, 0.0, 0.0) + b"\0",
        struct.pack("<IB", 1, 0) + bytes(16 * (MAX_CORNERS + 1)),
    ],
)
def test_what_no_hand_drew_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(MaskError, match="damaged"):
        OpenShape.from_bytes(data)
    path = tmp_path / "j"
    Journal(path, JournalBase(size=SIZE, masks=((1, MASK),))).close()
    drawn, whole = OpenShape(1, ((1.0, 2.0),)), path.read_bytes()
    path.write_bytes(whole + framed(SHAPE, drawn.to_bytes()))
    assert read_journal(path).shape == drawn
    path.write_bytes(whole + framed(SHAPE, data))
    with pytest.raises(JournalError, match="cannot be read"):
        read_journal(path)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.one_of(st.none(), st.just("edit"), st.just("compact"), shapes)), st.data())
def test_torn_anywhere_the_shape_before_comes_back(
    tmp_path: Path, doings: list[OpenShape | str | None], data: st.DataObject
) -> None:
    path = tmp_path / "j"
    document = MaskDocument.from_masks(SIZE, (MASK,))
    journal = Journal(path, JournalBase(size=SIZE, masks=((1, MASK),)))
    document.subscribe(journal.append)
    shape: OpenShape | None = None
    inverted = False
    states = [(path.stat().st_size, shape, inverted)]
    for doing in doings:
        if doing == "edit":
            document.edit(Invert())
            inverted = not inverted
        elif doing == "compact":
            journal.compact()
            states.clear()
        else:
            assert not isinstance(doing, str)
            shape = doing
            journal.note_shape(shape)
        states.append((path.stat().st_size, shape, inverted))
    journal.close()
    whole = path.read_bytes()
    cut = data.draw(st.integers(states[0][0], len(whole)))
    path.write_bytes(whole[:cut])
    found = read_journal(path)
    end, kept, turned = max(
        (state for state in states if state[0] <= cut), key=lambda state: state[0]
    )
    assert found.shape == kept
    assert found.masks[0][1].pixels.all() == turned
    assert found.lost_bytes == cut - end


def test_a_journal_without_a_word_of_shapes_is_read(tmp_path: Path) -> None:
    facts: dict[str, Any] = {
        "size": SIZE,
        "session": None,
        "stamp": "",
        "run": {},
        "has_picture": False,
    }
    head = json.dumps({**facts, "masks": []}).encode()
    path = tmp_path / "old"
    path.write_bytes(MAGIC + framed(BASE, struct.pack("<I", len(head)) + head))
    assert read_journal(path).shape is None


@pytest.mark.parametrize("told", ["zz", "00", 7, [1]])
def test_a_first_record_with_another_shape_is_refused(tmp_path: Path, told: Any) -> None:
    facts: dict[str, Any] = {
        "size": SIZE,
        "session": None,
        "stamp": "",
        "run": {},
        "has_picture": False,
    }
    path = tmp_path / "j"
    for shape in ("", told):
        head = json.dumps({**facts, "masks": [], "shape": shape}).encode()
        path.write_bytes(MAGIC + framed(BASE, struct.pack("<I", len(head)) + head))
        if not shape:
            assert read_journal(path).shape is None
    with pytest.raises(JournalError, match="damaged"):
        read_journal(path)


def test_a_journal_begun_anew_has_the_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    document = MaskDocument.from_masks(SIZE, (MASK,))
    journal = Journal(path, JournalBase(size=SIZE, masks=((1, MASK),), shape=CORNERS))
    assert read_journal(path).shape == CORNERS

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    more = OpenShape(1, (*CORNERS.points, (2.0, 2.0)), closed=True)
    with monkeypatch.context() as patched:
        patched.setattr(journal_module, "_write_all", full)
        with pytest.raises(OSError, match="No space"):
            journal.note_shape(more)
    assert read_journal(path).shape == CORNERS
    document.subscribe(journal.append)
    document.edit(AddMask(MASK))
    assert read_journal(path).shape == more
    journal.note_shape(None)
    assert read_journal(path).shape is None
    journal.close()
