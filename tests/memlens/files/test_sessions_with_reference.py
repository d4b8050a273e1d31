"""Sessions with a training picture: schema 3, and nothing else changes."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memlens.errors import SessionError
from memlens.files.sessions import load_session, save_session
from memlens.files.training_picture import TrainingPicture
from tests.support.random_session import session
from tests.support.rewriting import change_facts


def reference(*, height: int = 16, width: int = 16) -> TrainingPicture:
    pixels = np.random.default_rng(9).integers(0, 256, (height, width, 3), np.uint8)
    return TrainingPicture("the original.jpg", pixels)


def test_a_training_picture_comes_back(tmp_path: Path) -> None:
    path, kept = tmp_path / "with.memlens", reference()
    save_session(replace(session(), reference=kept), path)
    found = load_session(path).reference
    assert found is not None and found.name == kept.name
    np.testing.assert_array_equal(found.pixels, kept.pixels)
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("session.json"))["schema"] == 3


def test_without_a_training_picture_nothing_of_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "without.memlens"
    save_session(session(), path)
    assert load_session(path).reference is None
    with zipfile.ZipFile(path) as archive:
        assert "reference.png" not in archive.namelist()
        facts = json.loads(archive.read("session.json"))
    assert facts["schema"] == 1 and "reference" not in facts


@pytest.mark.parametrize("name", [3, ["a"], {"name": "a"}])
def test_a_damaged_name_of_a_training_picture_is_refused(tmp_path: Path, name: object) -> None:
    path = tmp_path / "damaged.memlens"
    save_session(replace(session(), reference=reference()), path)
    change_facts(path, lambda facts: facts.update(reference=name))
    with pytest.raises(SessionError, match="training picture"):
        load_session(path)


def test_a_named_training_picture_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "lacking.memlens"
    save_session(session(), path)
    change_facts(path, lambda facts: facts.update(reference="a.png"))
    with pytest.raises(SessionError, match=r"lacks reference\.png"):
        load_session(path)
