"""Files of several runs: what is saved comes back, one run is written as before."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memlens.errors import SessionError
from memlens.files.project import Project, Session
from memlens.files.sessions import load_project, load_session, save_project, save_session, titles_in
from memlens.files.unsaved_runs import (
    called,
    discard_unsaved_run,
    keep_unsaved_run,
    new_unsaved_run,
    note_called,
)
from memlens.readings.reading import Reading
from tests.support.random_session import session
from tests.support.rewriting import change_facts
from tests.support.same import assert_same


def reading() -> Reading:
    return Reading(
        key="wen",
        value=0.1 + 0.2,
        standard_error=None,
        per_step=np.linspace(0, 1, 4, dtype=np.float32),
        unit="",
        step=2,
        network_calls=3,
        seconds=0.5,
        provenance=session().trajectory.provenance,
    )


def project() -> Project:
    first = replace(session(), name="the first", pinned=True, id="a" * 32, readings=(reading(),))
    return Project(runs=(first, replace(session(steps=5), id="b" * 32), session(maps=0)), shown=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "three.memlens"
    save_project(project(), path)
    return path


def test_all_runs_come_back_bit_for_bit(path: Path) -> None:
    found = load_project(path)
    assert found.shown == 1
    assert len(found.runs) == 3
    for before, after in zip(project().runs, found.runs, strict=True):
        assert_same(after, before)


def test_a_file_of_several_runs_names_a_schema_that_older_versions_refuse(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("session.json"))["schema"] == 4
        assert "runs/0002/arrays/x_t.npy" in archive.namelist()


def test_one_run_is_written_as_older_versions_read_it(tmp_path: Path) -> None:
    named = replace(session(), name="mine", id="c" * 32, pinned=True, readings=(reading(),))
    save_session(named, tmp_path / "one.memlens")
    with zipfile.ZipFile(tmp_path / "one.memlens") as archive:
        assert json.loads(archive.read("session.json"))["schema"] == 1
        assert "arrays/x_t.npy" in archive.namelist()
    (only,) = load_project(tmp_path / "one.memlens").runs
    assert_same(only, named)


def test_the_shown_run_is_loaded_unless_one_is_named(path: Path) -> None:
    assert load_session(path).id == "b" * 32
    assert load_session(path, run_name="the first").id == "a" * 32
    assert len(load_session(path, run_name="#3").maps) == 0
    assert titles_in(path) == ("the first", "a red apple, seed 3", "a red apple, seed 3")


def test_a_name_that_is_none_or_two_names_what_there_is(path: Path) -> None:
    there = "choose among #1 'the first'; #2 'a red apple, seed 3'; #3 'a red apple, seed 3'"
    with pytest.raises(SessionError, match=re.escape(there)):
        load_session(path, run_name="x")
    with pytest.raises(SessionError, match="2 runs are called 'a red apple, seed 3'"):
        load_session(path, run_name="a red apple, seed 3")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"shown": 3}, "run 3 was shown of 3"),
        ({"shown": "no"}, "run 'no' was shown"),
        ({"runs": []}, "the list of runs is damaged"),
        ({"runs": [1]}, "damaged"),
        ({"schema": 6}, "newer memlens"),
    ],
)
def test_a_damaged_list_of_runs_is_refused(
    path: Path, facts: dict[str, object], reason: str
) -> None:
    load_project(path)
    change_facts(path, lambda there: there.update(facts))
    with pytest.raises(SessionError, match=reason):
        load_project(path)


def test_what_could_not_be_opened_again_is_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr("memlens.files.archive.MAX_TOTAL_BYTES", 10_000)
    with pytest.raises(SessionError, match="too large to be opened again"):
        save_project(project(), path)
    assert path.read_bytes() == before


def kept(name: str) -> tuple[Path, Session]:
    run = new_unsaved_run()
    keep_unsaved_run(replace(session(), name=name), run)
    return run, load_session(run)


def test_unsaved_runs_have_a_stated_end() -> None:
    run, found = kept("mine")
    assert found.name == "mine"
    size = run.stat().st_size
    other = new_unsaved_run()
    with pytest.raises(SessionError, match="is not kept safe: unsaved runs may take"):
        keep_unsaved_run(session(), other, cap=size + 100)
    assert not other.exists() and run.exists()
    keep_unsaved_run(replace(session(), name="again"), run, cap=2 * size)
    assert load_session(run).name == "again"
    discard_unsaved_run(run)
    assert not run.parent.exists()
    keep_unsaved_run(session(), run)
    assert not run.exists(), "what was discarded stays away"


def test_what_an_unsaved_run_is_called_is_noted_beside_it() -> None:
    run, _ = kept("mine")
    assert called(run) is None
    note_called(run, name="the best", pinned=True)
    assert called(run) == ("the best", True)
    note_called(run, name="", pinned=False)
    assert called(run) == ("", False)
    assert load_session(run).name == "mine", "the run itself is written once"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"name": 3, "pinned": true}', b'{"name": "a", "pinned": 1}']
)
def test_a_damaged_note_is_no_note(content: bytes) -> None:
    run, _ = kept("mine")
    (run.parent / "called.json").write_bytes(content)
    assert called(run) is None


def test_only_unsaved_runs_are_discarded(path: Path) -> None:
    discard_unsaved_run(path)
    assert path.exists()
