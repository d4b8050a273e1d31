from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from memlens.errors import Cancelled, SettingsError
from memlens.evaluation.agreement import agreement
from memlens.export.source import Source, free_readings, with_free_readings
from memlens.export.tables import write_tables
from memlens.progress import CancelToken
from memlens.readings.registry import READINGS
from tests.support import synthetic
from tests.support.made_source import MakeSource

STEP = synthetic.STEPS - 2


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "agreement.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_map_is_a_row_with_its_provenance(source: Source, tmp_path: Path) -> None:
    written = write_tables(source, tmp_path / "new")
    assert [path.name for path in written] == ["agreement.csv", "agreement.json"]
    rows = rows_of(tmp_path / "new")
    assert len(rows) == len(source.session.maps)
    by_key = {(row["map"], row["step"]): row for row in rows}
    row = by_key["cov_bad", str(STEP)]
    found = source.map_at("cov_bad", STEP)
    assert found is not None and source.mask is not None
    expected = agreement(found, source.mask)
    assert float(row["iou"]) == expected.iou
    assert float(row["threshold"]) == expected.threshold
    assert float(row["mean"]) == float(found.values.mean())
    assert row["model"] == synthetic.DESCRIPTION.identity
    assert row["baseline"] == synthetic.BASELINE
    assert (row["prompt"], row["seed"], row["probes"]) == ("a lion", "3", "16")
    assert (row["estimator"], row["versions"]) == ("hutchinson", "python=3")


def test_json_and_csv_say_the_same(source: Source, tmp_path: Path) -> None:
    write_tables(source, tmp_path, step=STEP, smoothing=3)
    told = json.loads((tmp_path / "agreement.json").read_text(encoding="utf-8"))
    rows = rows_of(tmp_path)
    assert [row["map"] for row in told] == ["cov", "score_diff", "cov_bad", "attention"]
    for row, same in zip(rows, told, strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in same.items()}
        assert same["smoothing"] == 3


def test_any_prompt_survives(make_source: MakeSource, tmp_path: Path) -> None:
    prompt = 'a "fox",\n; <b>日本'
    write_tables(make_source(prompt=prompt), tmp_path, step=STEP)
    assert {row["prompt"] for row in rows_of(tmp_path)} == {prompt}


def test_without_a_mask_there_is_no_agreement(make_source: MakeSource, tmp_path: Path) -> None:
    write_tables(make_source(masked=False), tmp_path, step=STEP, formats=("json",))
    assert [path.name for path in tmp_path.iterdir()] == ["agreement.json"]
    told = json.loads((tmp_path / "agreement.json").read_text(encoding="utf-8"))
    assert {row["iou"] for row in told} == {None}
    assert {row["mask"] for row in told} == {None}


def test_readings_have_a_table_of_their_own(source: Source, tmp_path: Path) -> None:
    read = free_readings(source.session)
    undefined = replace(read[0], value=float("nan"))
    write_tables(replace(source, readings=(*read, undefined)), tmp_path, step=STEP)
    rows = json.loads((tmp_path / "readings.json").read_text(encoding="utf-8"))
    assert [row["reading"] for row in rows] == [*(reading.key for reading in read), "wen"]
    assert rows[0]["value"] == read[0].value > 0
    assert rows[-1]["value"] is None
    assert {row["prompt"] for row in rows} == {"a lion"}
    assert (tmp_path / "readings.csv").is_file()


def test_the_same_session_gives_the_same_bytes(source: Source, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_tables(source, tmp_path / name)
    for name in ("agreement.csv", "agreement.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_cancelled_nothing_is_written(source: Source, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        write_tables(source, tmp_path / "new", progress=lambda _: cancel.cancel(), cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_is_not_there(source: Source, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="step 99"):
        write_tables(source, tmp_path / "new", step=99)
    assert list(tmp_path.iterdir()) == []


def test_readings_asked_for_stand_beside_those_that_are_free(source: Source) -> None:
    free = {each.key: each for each in free_readings(source.session)}
    wen = free["wen"]
    jeon = replace(wen, key="jeon", value=3.5, step=0, per_step=None)
    flipd = replace(wen, key="flipd", value=812.0, step=1, per_step=None)
    asked = replace(wen, value=99.0)
    every = with_free_readings(replace(source, readings=(flipd, asked, jeon))).readings
    assert [each.key for each in every] == [
        key for key in READINGS if key in {*free, "jeon", "flipd"}
    ]
    # What was asked for is not read a second time.
    assert {each.value for each in every if each.key == "wen"} == {99.0}
    assert every[1] is jeon
