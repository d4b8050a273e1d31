"""Changes as bytes: what is written comes back, and damage is refused, never believed."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from memlens.errors import MaskError
from memlens.masks.changes import (
    Added,
    Change,
    Group,
    Removed,
    Renamed,
    Retyped,
    flipped,
    from_bytes,
    to_bytes,
)
from memlens.masks.named_mask import BoolArray, NamedMask

_pixels = arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))
_ids = st.integers(0, 2**32 - 1)
_texts = st.text(st.characters(), max_size=12)
_values = st.builds(NamedMask, name=_texts, kind=_texts, pixels=_pixels)


def _some(mask: int, top: int, left: int, pixels: BoolArray) -> Change:
    pixels[0, 0] = True
    change = flipped(mask, top, left, pixels)
    assert change is not None
    return change


_single: st.SearchStrategy[Change] = st.one_of(
    st.builds(_some, _ids, st.integers(0, 60_000), st.integers(0, 60_000), _pixels),
    st.builds(Added, _ids, _ids, _values),
    st.builds(Removed, _ids, _ids, _values),
    st.builds(Renamed, _ids, _texts, _texts),
    st.builds(Retyped, _ids, _texts, _texts),
)
_changes = _single | st.builds(Group, st.lists(_single, max_size=4).map(tuple))


@given(change=_changes)
def test_a_change_comes_back_from_its_bytes(change: Change) -> None:
    data = to_bytes(change)
    again = from_bytes(data)
    assert type(again) is type(change)
    assert to_bytes(again) == data


@given(change=_changes)
def test_the_inverse_of_the_inverse_is_the_change(change: Change) -> None:
    assert to_bytes(change.inverse().inverse()) == to_bytes(change)


@given(change=_changes, data=st.data())
def test_damaged_bytes_are_refused_or_are_another_change(
    change: Change, data: st.DataObject
) -> None:
    written = bytearray(to_bytes(change))
    for _ in range(data.draw(st.integers(1, 3))):
        written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(written)))
    for damaged in (bytes(written), bytes(written[:cut]), bytes(written) + b"\0"):
        try:
            found = from_bytes(damaged)
        except MaskError:
            continue
        assert to_bytes(from_bytes(to_bytes(found))) == to_bytes(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"?",
        b"F",
        b"F" + struct.pack("<IIIII", 1, 0, 0, 0, 0),
        b"F" + struct.pack("<IIIII", 1, 5, 5, 4, 6) + b"\0",
        b"F" + struct.pack("<IIIII", 1, 0, 0, 2**32 - 1, 2**32 - 1) + b"\0",
        b"F" + struct.pack("<IIIII", 1, 2**20, 0, 2**20 + 1, 8) + b"\xff",
        b"A" + struct.pack("<IIII", 1, 0, 2**31, 2**31) + bytes(8),
        b"N" + struct.pack("<II", 1, 2**31) + b"x",
        b"G" * 40,
        b"G" + struct.pack("<I", 2**31),
    ],
)
def test_sizes_that_the_bytes_do_not_bear_out_are_refused(data: bytes) -> None:
    with pytest.raises(MaskError, match="damaged"):
        from_bytes(data)


def test_groups_within_groups_end_somewhere() -> None:
    change: Change = Renamed(1, "a", "b")
    for _ in range(50):
        change = Group((change,))
    with pytest.raises(MaskError, match="damaged"):
        from_bytes(to_bytes(change))
