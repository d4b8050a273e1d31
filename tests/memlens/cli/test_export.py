"""``memlens-cli export``, used rightly and wrongly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.files.project import Project
from memlens.files.sessions import save_project, save_session
from tests.support import synthetic

STEP = synthetic.STEPS - 2


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "mine.memlens"
    save_session(synthetic.session(), path)
    return path


def invoke(*arguments: str | Path) -> Any:
    return CliRunner().invoke(application, ["export", *(str(a) for a in arguments)])


@pytest.mark.long
def test_everything_at_once(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    found = invoke(
        session,
        *("--figure", out / "f.pdf", "--report", out / "r.html", "--tables", out / "t"),
        *("--maps", out / "m", "--animation", out / "a.gif", "--json"),
        *("--panel", "picture", "--panel", "score_diff", "--pixels", "240", "--contour", "best"),
    )
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert (told["step"], told["panels"]) == (STEP, ["picture", "score_diff"])
    assert told["written"]["frames"] == synthetic.STEPS
    written = told["written"]
    files = [written["figure"], written["report"], written["animation"]]
    for path in [*files, *written["tables"], *written["maps"]]:
        assert Path(path).stat().st_size > 0
    assert (out / "f.pdf").read_bytes().startswith(b"%PDF-")
    assert {path.stem for path in map(Path, written["maps"])} == {
        *(f"{kind}_step_{STEP:03d}" for kind in ("cov", "score_diff", "cov_bad", "attention")),
        "maps",
    }


def test_for_a_person_it_names_what_was_written(session: Path, tmp_path: Path) -> None:
    found = invoke(session, "--figure", tmp_path / "f.png", "--tables", tmp_path / "t")
    assert found.exit_code == 0, found.output
    assert "f.png" in found.stdout
    assert "4 files in" in found.stdout


def test_options_reach_what_is_written(session: Path, tmp_path: Path) -> None:
    found = invoke(
        session,
        *("--maps", tmp_path / "m", "--units", "paper", "--all-steps", "--standard-errors"),
        *("--map-format", "tiff", "--map-format", "npy"),
        *("--figure", tmp_path / "f.png", "--panel", "cov", "--dpi", "100", "--width", "127"),
    )
    assert found.exit_code == 0, found.output
    with Image.open(tmp_path / "f.png") as picture:
        assert picture.width == 500
        facts = json.loads(picture.info["Description"])
    assert facts["panels"][0]["units"] == "paper's units"
    values = np.load(tmp_path / "m" / f"cov_step_{STEP:03d}.npy")
    np.testing.assert_array_equal(values, synthetic.made_map("cov", STEP).paper_values())
    assert (tmp_path / "m" / f"cov_step_{STEP:03d}_standard_error.tiff").is_file()
    assert (tmp_path / "m" / "score_diff_step_000.tiff").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "nothing to write"),
        (["--figure", "{}/f.jpg"], 2, "f.jpg"),
        (["--figure", "{}/f.png", "--panel", "nothing"], 2, "nothing"),
        (["--figure", "{}/f.png", "--step", "99"], 2, "99"),
        (["--figure", "{}/f.png", "--colormap", "jet"], 2, "jet"),
        (["--figure", "{}/f.png", "--contour", "worst"], 2, "worst"),
        (["--figure", "{}/f.png", "--smoothing", "4"], 2, "4"),
        (["--report", "{}/r.txt"], 2, "r.txt"),
        (["--figure", "{}/not/there/f.png"], 1, "f.png"),
    ],
)
def test_wrong_use_is_one_sentence(
    session: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    found = invoke(session, *(argument.format(out) for argument in arguments))
    assert found.exit_code == code, found.output
    assert words in found.stderr
    assert found.stderr.count("\n") == 1
    assert list(out.iterdir()) == []


def test_a_session_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    found = invoke(tmp_path / "missing.memlens", "--tables", tmp_path / "t")
    assert found.exit_code == 1
    assert "missing.memlens" in found.stderr
    assert not (tmp_path / "t").exists()


def test_the_mask_that_maps_are_compared_with_can_be_named(session: Path, tmp_path: Path) -> None:
    found = invoke(session, "--tables", tmp_path / "t", "--mask", "no such mask")
    assert found.exit_code == 2
    assert 'no mask called "no such mask"' in " ".join(found.output.split())
    assert not (tmp_path / "t").exists()
    name = synthetic.session().masks[-1].name
    found = invoke(session, "--tables", tmp_path / "t", "--mask", name, "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["mask"] == name
    rows = json.loads((tmp_path / "t" / "agreement.json").read_text("utf-8"))
    assert {row["mask"] for row in rows} == {name}


def test_of_several_runs_the_shown_one_is_written_unless_another_is_named(tmp_path: Path) -> None:
    path, out = tmp_path / "two.memlens", tmp_path / "t"
    other = replace(synthetic.session(), name="the other", maps=())
    save_project(Project(runs=(other, synthetic.session()), shown=1), path)
    found = invoke(path, "--tables", out, "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["run"] == "a lion, seed 3"
    found = invoke(path, "--tables", out, "--json", "--run-name", "the other")
    assert json.loads(found.stdout)["run"] == "the other"
    found = invoke(path, "--tables", out, "--run-name", "third")
    assert found.exit_code == 1
    told = " ".join(found.output.split())
    assert "no run is called 'third'" in told
    assert "#1 'the other'; #2 'a lion, seed 3'" in told
