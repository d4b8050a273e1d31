"""Sessions saved without their trajectory: small, whole in all else, and honest about it."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from memlens.errors import ModelError
from memlens.files.sessions import load_session, run_from_json, run_to_json, save_session
from memlens.sampling.schedule import NoiseLevel, Schedule
from tests.support.random_session import session
from tests.support.rewriting import change_facts
from tests.support.same import assert_same


def schema(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return int(json.loads(archive.read("session.json"))["schema"])


def test_everything_but_the_latents_comes_back(tmp_path: Path) -> None:
    whole = session()
    small = replace(whole, trajectory=whole.trajectory.without_latents())
    save_session(small, tmp_path / "small.memlens")
    save_session(whole, tmp_path / "whole.memlens")
    found = load_session(tmp_path / "small.memlens")
    assert_same(found, small)
    assert not found.trajectory.keeps_latents
    assert found.trajectory.latent_shape == whole.trajectory.latent_shape
    assert len(found.trajectory.schedule) == 4
    whole_size = (tmp_path / "whole.memlens").stat().st_size
    assert (tmp_path / "small.memlens").stat().st_size < whole_size - 3 * 4 * 4 * 8 * 8 * 4


def test_nothing_can_be_computed_from_it_and_it_says_so() -> None:
    run = session().trajectory.without_latents()
    with pytest.raises(ModelError, match="saved without its trajectory"):
        run.record(-1)


def test_only_what_an_older_memlens_cannot_read_is_of_the_new_schema(tmp_path: Path) -> None:
    path = tmp_path / "one.memlens"
    save_session(session(), path)
    assert schema(path) == 1
    small = session().trajectory.without_latents()
    save_session(replace(session(), trajectory=small), path)
    assert schema(path) == 2


def test_the_bundled_session_of_schema_1_opens() -> None:
    path = Path(str(resources.files("resources") / "demo-session.memlens"))
    assert schema(path) == 1
    found = load_session(path)
    assert found.trajectory.keeps_latents
    assert found.masks


def test_a_schedule_that_starts_at_pure_noise_comes_back(tmp_path: Path) -> None:
    levels = (NoiseLevel(999.0, 0.0, 1.0), *session().trajectory.schedule.levels[1:])
    run = replace(session().trajectory, schedule=Schedule(levels))
    save_session(replace(session(), trajectory=run), tmp_path / "zero.memlens")
    assert load_session(tmp_path / "zero.memlens").trajectory.schedule.levels == levels


def test_latents_said_to_be_there_are_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "small.memlens"
    save_session(replace(session(), trajectory=session().trajectory.without_latents()), path)
    change_facts(path, lambda facts: facts["trajectory"].update(without_latents=False))
    with pytest.raises(Exception, match=r"lacks arrays/x_t\.npy"):
        load_session(path)


def test_a_run_is_told_by_its_picture_and_facts() -> None:
    run = session().trajectory
    facts = json.loads(json.dumps(run_to_json(run)))
    found = run_from_json(facts, run.image)
    assert found.schedule == run.schedule
    assert found.provenance == run.provenance
    assert not found.keeps_latents
