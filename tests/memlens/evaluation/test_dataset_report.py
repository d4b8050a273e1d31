"""The report of a whole data set: official figures, others by their definitions, and its files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from PIL import Image

from memlens.errors import DatasetError
from memlens.evaluation.dataset_report import DatasetReport, Evidence, judge_dataset
from memlens.evaluation.map_set import MapItem, MapSet, official_map_sets
from memlens.export.dataset_page import FILES, write_dataset_report
from memlens.export.dataset_plots import plots_of

SIZE = 256


def item(folder: Path, name: str, values: np.ndarray, **facts: object) -> MapItem:
    path = folder / f"{name}.npy"
    np.save(path, values.astype(np.float32))
    known = {"truth": False, "prompt": name, "seed": 0, "overfit_type": "N", "group": "free"}
    return MapItem(name=name, path=path, **{**known, **facts})  # type: ignore[arg-type]


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Two template pictures of one half each, found exactly and not at all; three free ones."""
    half = np.zeros((SIZE, SIZE), np.uint8)
    half[:128] = 255
    Image.fromarray(half).save(tmp_path / "half.png")
    found, missed = np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))
    found[:128] = 3.0
    missed[128:] = 3.0
    template = {"truth": tmp_path / "half.png", "overfit_type": "TV", "group": "rugs"}
    items = (
        item(tmp_path, "found", found, **template, numbers={"iou controls cov": 0.5}),
        item(tmp_path, "missed", missed, **template, numbers={"iou controls cov": 0.0}),
        *(item(tmp_path, f"free {n}", np.full((SIZE, SIZE), n / 2)) for n in (1, 2, 4)),
    )
    return Evidence(title="made up", sets=(MapSet(kind="cov", items=items),))


@pytest.fixture
def report(evidence: Evidence) -> DatasetReport:
    return judge_dataset(evidence, draws=50)


def test_the_golden_tables(golden: Path) -> None:
    folder = golden / "evaluation"
    dataset = folder / "sdv1-4_bb_attack_gt_verify_TV.jsonl"
    sets = official_map_sets(folder / "metrics_outputs_v1", [dataset])
    report = judge_dataset(Evidence(title="golden", sets=sets), draws=0)
    # What the official evaluation prints (golden/README).
    expected = {
        ("cov", "TV only"): (9, 0.8667, 0.8666, 0.9202),
        ("cov", "all"): (17, 0.8698, 0.6823, 0.9430),
        ("score_diff", "TV only"): (9, 0.8017, 0.8015, 0.8777),
        ("score_diff", "all"): (17, 0.8044, 0.5524, 0.9129),
    }
    for (kind, name), figures in expected.items():
        found = report.of(kind, name)
        told = (found.maps, found.iou.value, found.mean_iou.value, found.accuracy.value)
        assert told == pytest.approx(figures, abs=5e-5), (kind, name)


def test_figures_by_hand(report: DatasetReport) -> None:
    found = report.of("cov", "TV only")
    # At any threshold one half of each picture is predicted: 1 and 0; or all of it: 1/2 and 1/2.
    assert found.iou.value == pytest.approx(1 / 2)
    assert found.mean_iou.value == pytest.approx(1 / 2)
    assert found.accuracy.value == pytest.approx(1 / 2)
    assert found.all_ones == pytest.approx(1 / 2)
    assert found.auroc.value == pytest.approx((1 + 0) / 2)
    assert found.average_precision.value == pytest.approx((1 + 1 / 2) / 2)
    assert found.iou_without_threshold.value == pytest.approx(0.25)
    # Means 1.5 and 1.5 against .5, 1 and 2: two of three pairs each.
    assert found.detection_auc.value == pytest.approx(2 / 3)
    assert found.true_rate.value == 0.0
    assert (found.maps, found.prompts, report.of("cov", "all").maps) == (2, 2, 5)
    # Two prompts drawn with replacement: twice the one, twice the other, or both.
    assert (found.auroc.low, found.auroc.high) == (0.0, 1.0)


def test_what_cannot_be_read_is_named_and_shifts_nothing(evidence: Evidence) -> None:
    (maps,) = evidence.sets
    damaged = list(maps.items)
    damaged[1].path.write_bytes(b"no array")
    damaged[3].path.unlink()
    report = judge_dataset(evidence, draws=0)
    assert report.of("cov", "TV only").iou.value == 1.0
    told = {each.name: each.reason for each in report.skipped}
    assert set(told) == {"missed", "free 2"}
    assert "is missing" in told["free 2"] and "header is damaged" in told["missed"]
    rows = {row["picture"]: row for row in report.rows}
    assert rows["missed"]["mean"] is None and rows["missed"]["skipped"] == told["missed"]
    assert rows["found"]["auroc"] == 1.0 and rows["free 4"]["mean"] == 2.0
    with pytest.raises(DatasetError, match="has no maps to evaluate"):
        judge_dataset(Evidence(title="nothing", sets=()))


def test_the_files(report: DatasetReport, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_dataset_report(report, tmp_path / folder, draws=50)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(FILES)
    for name in FILES:
        same = (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert same, name
    page = (tmp_path / "one/report.html").read_text("utf-8")
    assert page.count("<svg") == 3 and "http" not in page.replace("http://www.w3.org", "").replace(
        "https://matplotlib.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", "")  # fmt: skip
    assert (tmp_path / "one/report.pdf").read_bytes().startswith(b"%PDF")
    with (tmp_path / "one/figures.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["map"], row["set"]) for row in rows] == [("cov", "TV only"), ("cov", "all")]
    assert float(rows[0]["auroc"]) == 0.5
    values = json.loads((tmp_path / "one/report.json").read_text())
    assert values["figures"][0]["iou"] == pytest.approx(0.5)
    table = pyarrow.parquet.read_table(tmp_path / "one/pictures.parquet").to_pylist()
    assert [row["picture"] for row in table][:2] == ["found", "missed"]
    assert table[0]["iou_controls"] == 0.5 and table[2]["auroc"] is None


def test_iou_over_log_snr_where_there_are_several_steps(evidence: Evidence) -> None:
    (maps,) = evidence.sets
    several = replace(
        evidence,
        sets=(replace(maps, log_snr=6.0),),
        series=(replace(maps, log_snr=2.0, items=maps.items[:1]),),
    )
    report = judge_dataset(several, draws=0)
    assert report.series == {"cov": ((2.0, 1.0), (6.0, 0.5))}
    assert [plot.title for plot in plots_of(report)][-1] == "IoU over logSNR"
