"""A controls file says the same when it is read, and a damaged one is refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

import memlens
from memlens.controls.controls import Controls
from memlens.controls.controls_file import read_controls, save_controls
from memlens.errors import ControlsError
from tests.support.analytic_null import controls_of, fields


@pytest.fixture(scope="module")
def controls() -> Controls:
    rng = np.random.default_rng(0)
    return controls_of({kind: fields(24, rng) for kind in ("cov_bad", "score_diff_bad")})


@pytest.fixture
def file(controls: Controls, tmp_path: Path) -> Path:
    path = tmp_path / "controls.zip"
    save_controls(controls, path)
    return path


def test_what_is_read_is_what_was_written(controls: Controls, file: Path) -> None:
    found = memlens.load_controls(file)
    assert found.settings == controls.settings
    assert found.fingerprint == controls.fingerprint and len(found.fingerprint) == 12
    assert (found.prompts, found.seeds, found.versions) == (
        controls.prompts, controls.seeds, controls.versions,
    )  # fmt: skip
    assert (found.kinds, found.steps, found.sigmas) == (
        controls.kinds, controls.steps, controls.sigmas,
    )  # fmt: skip
    for key, null in controls.maps.items():
        again = found.maps[key]
        np.testing.assert_array_equal(again.values.knots, null.values.knots)
        np.testing.assert_array_equal(again.masses, null.masses)
        reach = null.cells.max() - null.cells.min()
        np.testing.assert_allclose(again.cells, null.cells, atol=0.51 * reach / 255)
    np.testing.assert_array_equal(found.readings["wen", None], controls.readings["wen", None])


def test_the_same_controls_give_the_same_bytes(
    controls: Controls, file: Path, tmp_path: Path
) -> None:
    save_controls(controls, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()
    save_controls(read_controls(file), tmp_path / "read.zip")
    assert (tmp_path / "read.zip").read_bytes() == file.read_bytes()


def test_a_sketch_is_small(tmp_path: Path) -> None:
    """128 controls on the demo's grid: seven kinds at one step take less than 100 KB."""
    rng = np.random.default_rng(1)
    kinds = ("cov", "score_diff", "cov_bad", "score_diff_bad", "curvature", "attention")
    drawn = {kind: fields(128, rng, grid=(32, 32)) for kind in (*kinds, "guidance_cosine")}
    save_controls(controls_of(drawn, latent_shape=(4, 32, 32)), tmp_path / "controls.zip")
    assert (tmp_path / "controls.zip").stat().st_size < 100_000


def _changed(file: Path, **changed: object) -> None:
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    facts = {**json.loads(entries["controls.json"]), **changed}
    entries["controls.json"] = json.dumps(facts).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"schema": 99}, "newer memlens"),
        ({"schema": "1"}, "names no schema"),
        ({"prompts": ["one"]}, "do not belong together"),
        ({"maps": [["covariance", 49]]}, "unknown kind"),
        ({"maps": [["cov_bad", 48], ["cov_bad", 49]]}, "unknown kind or step"),
        ({"steps": [[-1, 0.04]]}, "a step that is none"),
        ({"steps": [[49, 0.0]]}, "damaged"),
        ({"pooled": 3}, "pooled values"),
        ({"readings": [["iq", None]]}, "readings of an unknown kind"),
        ({"settings": {}}, "is damaged"),
        ({"settings": None}, "is damaged"),
        ({"seeds": [None] * 24}, "is damaged"),
    ],
)
def test_damaged_facts_are_refused(file: Path, changed: dict[str, object], reason: str) -> None:
    read_controls(file)
    _changed(file, **changed)
    with pytest.raises(ControlsError, match=reason) as refused:
        read_controls(file)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize("cut", [0, 1, 20, 400, -1, -40])
def test_a_file_cut_short_is_refused(file: Path, cut: int) -> None:
    read_controls(file)
    content = file.read_bytes()
    file.write_bytes(content[:cut])
    with pytest.raises(ControlsError, match="cannot be used as controls"):
        read_controls(file)


def test_bytes_that_were_changed_never_crash(file: Path) -> None:
    read_controls(file)
    content = bytearray(file.read_bytes())
    rng = np.random.default_rng(5)
    for _ in range(150):
        changed = bytearray(content)
        for place in rng.integers(0, len(content), 3):
            changed[place] = int(rng.integers(0, 256))
        file.write_bytes(bytes(changed))
        try:
            read_controls(file)
        except ControlsError:
            continue


def test_another_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("../evil.txt", "x")
    with pytest.raises(ControlsError, match="unexpected entry"):
        read_controls(tmp_path / "other.zip")


def test_numbers_that_are_none_are_refused(controls: Controls, tmp_path: Path) -> None:
    null = controls.maps["cov_bad", 49]
    null.masses[3], before = np.nan, null.masses[3]
    try:
        save_controls(controls, tmp_path / "nan.zip")
    finally:
        null.masses[3] = before
    with pytest.raises(ControlsError, match="NaN or infinity"):
        read_controls(tmp_path / "nan.zip")


def test_missing_controls_say_how_to_make_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ControlsError, match="memlens-cli calibrate MODEL"):
        memlens.load_controls(tmp_path / "none.zip")
    monkeypatch.setattr("memlens.controls.loading.demo_folder", lambda: tmp_path)
    with pytest.raises(ControlsError, match="memlens-cli calibrate demo --bundled"):
        memlens.load_controls("demo")


def test_the_demo_s_controls_lie_beside_its_weights(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memlens.controls.loading.demo_folder", lambda: file.parent)
    assert memlens.load_controls("demo").count == 24


def test_a_failed_save_leaves_the_old_file(controls: Controls, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ControlsError, match="was not saved"):
        save_controls(controls, file / "below")
    assert file.read_bytes() == before
