from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from memlens.errors import Cancelled, OutputError, SettingsError
from memlens.export.map_files import MapsRequest, write_maps
from memlens.export.source import Source
from memlens.progress import CancelToken
from tests.support import synthetic

STEP = synthetic.STEPS - 2
NAME = f"cov_step_{STEP:03d}"


def test_npy_and_tiff_hold_the_values_to_the_bit(source: Source, tmp_path: Path) -> None:
    request = MapsRequest(step=STEP, formats=("npy", "tiff"), standard_errors=True)
    written = write_maps(source, request, tmp_path)
    assert all(path.is_file() for path in written)
    found = source.map_at("cov", STEP)
    assert found is not None
    for suffix, expected in (("", found.values), ("_standard_error", found.standard_error)):
        assert expected is not None
        values = np.load(tmp_path / f"{NAME}{suffix}.npy", allow_pickle=False)
        assert values.dtype == np.float32
        np.testing.assert_array_equal(values, expected)
        with Image.open(tmp_path / f"{NAME}{suffix}.tiff") as picture:
            assert picture.mode == "F"
            np.testing.assert_array_equal(np.asarray(picture), expected)
            facts = json.loads(picture.tag_v2[270])  # type: ignore[attr-defined]
        assert facts["provenance"]["prompt"] == "a lion"
        assert facts["what"] == ("standard error" if suffix else "map")
    assert not (tmp_path / f"score_diff_step_{STEP:03d}_standard_error.npy").exists()


def test_the_papers_units_are_what_the_official_code_writes(source: Source, tmp_path: Path) -> None:
    write_maps(source, MapsRequest(step=STEP, units="paper"), tmp_path)
    found = source.map_at("cov", STEP)
    assert found is not None
    np.testing.assert_array_equal(np.load(tmp_path / f"{NAME}.npy"), found.paper_values())


def test_all_steps_and_an_index_of_them(source: Source, tmp_path: Path) -> None:
    write_maps(source, MapsRequest(), tmp_path)
    entries = json.loads((tmp_path / "maps.json").read_text(encoding="utf-8"))
    assert len(entries) == len(source.session.maps)
    named = {name for entry in entries for name in entry["files"]}
    assert named == {path.name for path in tmp_path.iterdir()} - {"maps.json"}
    assert all(entry["provenance"]["seed"] == 3 for entry in entries)


def test_two_estimates_of_one_map_do_not_overwrite_each_other(
    source: Source, tmp_path: Path
) -> None:
    found = source.map_at("cov", STEP)
    assert found is not None
    other = replace(found, provenance=replace(found.provenance, estimator="exact"))
    maps = (*source.session.maps, other)
    source = replace(source, session=replace(source.session, maps=maps))
    write_maps(source, MapsRequest(step=STEP), tmp_path)
    assert (tmp_path / f"{NAME}.npy").is_file()
    assert (tmp_path / f"{NAME}_2.npy").is_file()


def test_the_same_session_gives_the_same_bytes(source: Source, tmp_path: Path) -> None:
    request = MapsRequest(step=STEP, formats=("npy", "tiff"))
    for name in ("one", "two"):
        write_maps(source, request, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"units": "metres"}, "metres"),
        ({"formats": ("exr",)}, "npy and tiff"),
        ({"step": 99}, "99"),
    ],
)
def test_what_cannot_be_written_is_refused(
    source: Source, changed: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=words):
        write_maps(source, MapsRequest(**changed), tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_step_without_maps_is_refused(source: Source, tmp_path: Path) -> None:
    source = replace(source, session=replace(source.session, maps=()))
    with pytest.raises(SettingsError, match="no computed map at step 4"):
        write_maps(source, MapsRequest(step=STEP), tmp_path)
    with pytest.raises(SettingsError, match="no computed map at this session"):
        write_maps(source, MapsRequest(), tmp_path)


def test_cancelled_nothing_is_left(source: Source, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        write_maps(
            source,
            MapsRequest(),
            tmp_path / "new",
            progress=lambda at: cancel.cancel() if at.done == 2 else None,
            cancel=cancel,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_named(source: Source, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OutputError, match="taken"):
        write_maps(source, MapsRequest(), tmp_path / "taken")
