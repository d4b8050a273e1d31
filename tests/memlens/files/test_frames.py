"""Records in a file: whole ones are read, the first that is not ends the reading."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.files.frames import MAGIC, FrameError, framed, read_frames

records = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=6)


def read(data: bytes) -> list[tuple[int, bytes]]:
    return [(frame.kind, frame.payload) for frame in read_frames(io.BytesIO(data))]


def written(content: list[tuple[int, bytes]]) -> bytes:
    return MAGIC + b"".join(framed(kind, payload) for kind, payload in content)


@given(records)
def test_what_is_written_is_read(content: list[tuple[int, bytes]]) -> None:
    assert read(written(content)) == content


@given(records.filter(bool), st.data())
def test_a_torn_last_record_is_dropped_and_no_other(
    content: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    whole = written(content)
    last = len(framed(*content[-1]))
    cut = data.draw(st.integers(1, last))
    assert read(whole[:-cut]) == content[:-1]


@given(records.filter(bool), st.data())
def test_a_flipped_bit_ends_the_reading_at_its_record(
    content: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    whole = bytearray(written(content))
    place = data.draw(st.integers(len(MAGIC), len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    ends, end = [], len(MAGIC)
    for record in content:
        end += len(framed(*record))
        ends.append(end)
    intact = sum(end <= place for end in ends)
    assert read(bytes(whole)) == content[:intact]


def test_a_length_is_not_believed() -> None:
    huge = bytearray(framed(2, b"abc"))
    huge[1:5] = b"\xff\xff\xff\xff"
    assert read(written([(1, b"x")]) + bytes(huge)) == [(1, b"x")]


@pytest.mark.parametrize("data", [b"", b"memlens", b"PK\x03\x04" * 9, b"\0" * 100])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError, match="not a journal"):
        read(data)


def test_a_newer_journal_is_refused_with_advice() -> None:
    with pytest.raises(FrameError, match="update memlens"):
        read(MAGIC[:-1] + b"\x02")
