"""Kinds and locks of masks in files: new ones need a new schema, older files mean what they did."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memlens.errors import SessionError
from memlens.files.project import Project
from memlens.files.sessions import load_session, save_project, save_session
from memlens.masks.changes import Added, Locked, Removed, Retyped, from_bytes, to_bytes
from memlens.masks.journal_base import JournalBase
from memlens.masks.kinds import KINDS
from memlens.masks.named_mask import NamedMask
from tests.support.random_session import session

SIZE = session().trajectory.image.shape[:2]


def mask(kind: str, *, locked: bool = False, size: tuple[int, ...] = SIZE) -> NamedMask:
    return NamedMask(name="m", kind=kind, pixels=np.ones(size, bool), locked=locked)


def facts(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = json.loads(archive.read("session.json"))
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locked", [False, True])
def test_every_kind_and_lock_comes_back(tmp_path: Path, kind: str, locked: bool) -> None:
    path = tmp_path / "one.memlens"
    save_session(replace(session(), masks=(mask(kind, locked=locked),)), path)
    (found,) = load_session(path).masks
    assert (found.kind, found.locked) == (kind, locked)


def test_only_what_older_versions_cannot_read_is_of_schema_5(tmp_path: Path) -> None:
    path = tmp_path / "one.memlens"
    for masks, schema in (
        ((mask("ground truth"),), 1),
        ((mask("drawn"),), 5),
        ((mask("ground truth", locked=True),), 5),
    ):
        one = replace(session(), masks=masks)
        save_session(one, path)
        assert facts(path)["schema"] == schema
        save_project(Project(runs=(session(), one)), path)
        assert facts(path)["schema"] == max(4, schema)


def test_what_was_called_predicted_is_found(tmp_path: Path) -> None:
    path, older = tmp_path / "new.memlens", tmp_path / "older.memlens"
    masks = (mask("ground truth"), mask("ground truth"))
    save_session(replace(session(), masks=masks), path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(older, "w") as made:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "session.json":
                there = json.loads(data)
                there["masks"][0]["kind"] = "predicted"
                data = json.dumps(there).encode()
            made.writestr(name, data)
    assert [mask.kind for mask in load_session(older).masks] == ["found", "ground truth"]


def test_a_kind_of_no_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.memlens"
    save_session(replace(session(), masks=(mask("guess"),)), path)
    with pytest.raises(SessionError, match="unknown kind 'guess'"):
        load_session(path)


def test_journals_keep_kinds_and_locks_and_read_older_ones() -> None:
    shape = (3, 9)
    masks = ((1, mask("consensus", locked=True, size=shape)), (2, mask("predicted", size=shape)))
    found = JournalBase.from_bytes(JournalBase(size=shape, masks=masks).to_bytes())
    assert [(each.kind, each.locked) for _, each in found.masks] == [
        ("consensus", True),
        ("found", False),
    ]


@pytest.mark.parametrize("locked", [False, True])
def test_changes_keep_locks(locked: bool) -> None:
    value = mask("annotator", locked=locked, size=(3, 9))
    for change in (Added(7, 2, value), Removed(7, 2, value)):
        found = from_bytes(to_bytes(change))
        assert isinstance(found, type(change))
        assert (found.mask_value.kind, found.mask_value.locked) == ("annotator", locked)
        # Unlocked masks are written as older versions read them.
        assert to_bytes(change)[:1].isupper() is not locked
    assert from_bytes(to_bytes(Locked(3, locked))) == Locked(3, locked)
    assert from_bytes(to_bytes(Retyped(3, "predicted", "drawn"))) == Retyped(3, "found", "drawn")
