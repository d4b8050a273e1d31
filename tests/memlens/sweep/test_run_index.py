"""The index sorts, filters and pages; what it is told is there when it is opened again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from memlens.errors import DatasetError, OutputError
from memlens.sweep.outcome import Outcome
from memlens.sweep.run_index import RunIndex
from memlens.sweep.tasks import Task


def task(index: int, prompt: str, group: str = "free") -> Task:
    return Task(
        index=index, row=f"row {index}", prompt=prompt, seed=0, overfit_type="N", group=group,
        truth=False, folder="TV_metric_maps", stem=f"nmem_prompt_{index:04d}_seed_00",
    )  # fmt: skip


TASKS = (
    task(0, "a 50% grey Rug", "rugs"),
    task(1, "a_poster", "posters"),
    task(2, "aXposter", "posters"),
    task(3, "a lamp"),
)


@pytest.fixture
def index(tmp_path: Path) -> RunIndex:
    made = RunIndex.create(
        tmp_path / "index.sqlite", TASKS, facts={"settings": "{}"}, truths={},
        skipped=[("row 9", "is not JSON")],
    )  # fmt: skip
    made.record(Outcome(index=0, numbers={"mean cov": 3.0, "p": 0.01}, verdict="Nothing."))
    made.record(Outcome(index=1, numbers={"mean cov": 1.0}))
    made.record(Outcome(index=3, error="no memory"))
    return made


def test_it_sorts_with_what_is_undefined_last(index: RunIndex) -> None:
    assert index.order(by="mean cov").tolist() == [1, 0, 2, 3]
    assert index.order(by="mean cov", descending=True).tolist() == [0, 1, 2, 3]
    assert index.order(by="group").tolist() == [3, 1, 2, 0]
    assert index.order(by="index", descending=True).tolist() == [3, 2, 1, 0]
    assert index.order(by="never heard of").tolist() == [0, 1, 2, 3]


def test_it_filters_by_text_value_and_number(index: RunIndex) -> None:
    # What SQL takes for a wildcard is a letter here.
    assert index.order(text="a_p").tolist() == [1]
    assert index.order(text="50% rug").tolist() == [0]
    assert index.order(text="POSTER").tolist() == [1, 2]
    assert index.order(equal={"status": "failed"}).tolist() == [3]
    assert index.order(between={"mean cov": (0.5, 2.0)}).tolist() == [1]
    assert index.order(by="mean cov", between={"p": (0, 1)}, text="rug").tolist() == [0]
    with pytest.raises(DatasetError, match="no column 'colour'"):
        index.order(equal={"colour": "red"})


def test_rows_come_in_the_order_asked_for(index: RunIndex) -> None:
    rows = index.rows([3, 0])
    assert [row.task for row in rows] == [TASKS[3], TASKS[0]]
    assert (rows[0].status, rows[0].error, rows[0].attempts) == ("failed", "no memory", 1)
    assert rows[1].numbers == {"mean cov": 3.0, "p": 0.01} and rows[1].verdict == "Nothing."
    assert index.counts() == {"waiting": 1, "done": 2, "failed": 1}
    assert index.number_names() == ("mean cov", "p")
    assert index.unfinished() == (2, 3)


def test_a_second_outcome_takes_the_place_of_the_first(index: RunIndex) -> None:
    index.record(Outcome(index=0, numbers={"mean cov": 4.0}))
    index.put_numbers({0: {"iou cov": 0.5}, 3: {"mean cov": 7.0}})
    assert index.rows([0])[0].numbers == {"iou cov": 0.5, "mean cov": 4.0}
    assert index.numbers("mean cov") == {0: 4.0, 1: 1.0, 3: 7.0}


def test_it_is_read_while_it_is_written(index: RunIndex, tmp_path: Path) -> None:
    with RunIndex.open(tmp_path / "index.sqlite") as reader:
        assert len(reader.unfinished()) == 2
        index.record(Outcome(index=2))
        assert len(reader.unfinished()) == 1
        with pytest.raises(OutputError, match="was not written"):
            reader.record(Outcome(index=2))


def test_what_is_no_index_is_refused(index: RunIndex, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no sweep in"):
        RunIndex.open(tmp_path / "other.sqlite")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database at all, but long enough" * 9)
    with pytest.raises(DatasetError, match=r"bad\.sqlite cannot be read"):
        RunIndex.open(tmp_path / "bad.sqlite")
    index.close()
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(DatasetError, match="schema 9, this memlens reads 1"):
        RunIndex.open(tmp_path / "index.sqlite")
