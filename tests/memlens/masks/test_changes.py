"""Changes as bytes: what is written comes back, and damage is refused, never believed."""

from __future__ import annotations

import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from memlens.errors import MaskError
from memlens.masks.changes import (
    Added,
    Box,
    Change,
    Flipped,
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
    assert to_bytes(from_bytes(bytes(written))) == bytes(written)
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


@given(
    shape=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    corner=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    share=st.sampled_from((0.0005, 0.002, 0.3, 1.0)),
    seed=st.integers(0, 99),
    at_once=st.sampled_from((1, 400, 1 << 21)),
)
def test_flipping_exchanges_what_the_bits_say_and_nothing_else(
    shape: tuple[int, int], corner: tuple[int, int], share: float, seed: int, at_once: int
) -> None:
    random = np.random.default_rng(seed)
    flips = random.random(shape) < share
    # Bits after the last pixel mean nothing, whoever wrote them.
    bits = bytearray(np.packbits(flips).tobytes())
    bits[-1] |= (1 << (-flips.size % 8)) - 1
    (top, left), (height, width) = corner, shape
    box = Box(top, left, top + height, left + width)
    pixels = random.random((110, 110)) < 0.5
    expected = pixels.copy()
    expected[box.slices] ^= flips
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("memlens.masks.changes._AT_ONCE", at_once)
        Flipped(1, box, bytes(bits)).flip(pixels)
    assert np.array_equal(pixels, expected)


def test_a_thin_ring_in_a_large_box_costs_what_it_has() -> None:
    side = 2048
    away = np.hypot(*np.mgrid[-1:1:2048j, -1:1:2048j])
    ring = (away > 0.98) & (away < 0.981)
    change = flipped(1, 0, 0, ring)
    pixels = np.zeros((side, side), np.bool_)
    assert isinstance(change, Flipped)
    tracemalloc.start()
    change.flip(pixels)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.array_equal(pixels, ring)
    assert most < side * side / 4
