"""`memlens-cli sweep`, `report` and `paper` on a tiny model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from memlens.cli.application import application
from memlens.cli.sweep import duration, size


def invoke(*arguments: str | Path) -> Any:
    return CliRunner().invoke(application, [str(argument) for argument in arguments])


@pytest.fixture
def official(tmp_path: Path, golden: Path) -> Path:
    """A data set in the official layout: two template pictures, one verbatim, one other."""
    folder = tmp_path / "data set"
    shutil.copytree(golden / "evaluation/templates", folder / "templates")
    (folder / "data").mkdir()
    (folder / "data/sd1_nmem.txt").write_text("a tree\n")
    template = {"caption": "a rug", "overfit_type": "TV", "gen_seeds": [[0, 2], [3, 1]]}
    verbatim = {"caption": "a poster", "overfit_type": "MV", "gen_seeds": [[0, -1]]}
    stem = "sdv1-4_bb_attack_gt_verify"
    (folder / f"{stem}_TV.jsonl").write_text(json.dumps(template) + "\n{damaged\n")
    (folder / f"{stem}_MVRV.jsonl").write_text(json.dumps(verbatim) + "\n")
    return folder


def test_the_papers_table_in_one_command(
    official: Path, tinier_pipeline: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    common = ("paper", "--model", tinier_pipeline, "--less-trained",
              tinier_pipeline / "unet-early", "--data", official, "--out", out,
              "--steps", "2", "--probes", "1", "--threads", "1")  # fmt: skip
    dry = invoke(*common, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    cost = json.loads(dry.stdout)
    # Two steps, two score differences, and one probe with its forward pass for two networks.
    assert (cost["tasks"], cost["network_calls"]) == (4, 4 * (2 + 2 + 4))
    assert cost["bytes"] > 4 * 4 * 384 and not out.exists()
    found = invoke(*common, "--draws", "20", "--smooth", "paper")
    assert found.exit_code == 0, found.output
    assert "4 of 4 tasks are done" in found.stdout
    assert "_TV.jsonl row 1: is not JSON" in found.stderr
    made = {path.name for path in (out / "metrics_outputs_v1/TV_metric_maps").iterdir()}
    kinds = ("cov", "score_diff", "cov_bad", "score_diff_bad")
    stems = ("prompt_0000_seed_00", "prompt_0000_seed_03", "nmem_prompt_0000_seed_00")
    assert made == {f"{stem}_{kind}.npy" for stem in stems for kind in kinds}
    values = json.loads((out / "report/report.json").read_text())
    assert {(row["map"], row["set"]) for row in values["figures"]} >= {
        (kind, name) for kind in kinds for name in ("TV only", "all")
    }
    assert values["made"]["noise"] == "drawn as on cuda"
    # The official evaluation of the same folder gives the same figures.
    dataset = out / "sdv1-4_bb_attack_gt_verify_TV.jsonl"
    official_way = invoke("evaluate", out / "metrics_outputs_v1", "--dataset", dataset,
                          "--smooth", "paper", "--json")  # fmt: skip
    told = json.loads(official_way.stdout)["metrics"]
    for row in values["figures"]:
        if row["set"] in ("TV only", "all"):
            assert row["iou"] == pytest.approx(told[row["map"]][row["set"]]["iou"], abs=1e-12)
            assert row["accuracy"] == pytest.approx(
                told[row["map"]][row["set"]]["accuracy"], abs=1e-12
            )


def test_wrong_use_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("a\n")
    common = ("sweep", tmp_path / "list.txt", "--model", "demo", "--out", tmp_path / "out")
    for options, sentence in (
        (("--seeds", "x"), "the seeds 'x' must be numbers"),
        (("--kind", "blurred"), "the kind 'blurred' is none of"),
        (("--method", "cove"), "no method is called 'cove'"),
        (("--step", "50"), "there is no step 50 among 50"),
        (("--engine", "slurm"), "no engine is called 'slurm'"),
    ):
        found = invoke(*common, *options)
        assert found.exit_code == 2 and sentence in found.stderr, found.output
    none = invoke("report", tmp_path)
    assert none.exit_code == 1 and "holds neither a sweep nor maps" in none.stderr
    assert not (tmp_path / "out").exists()


def test_numbers_for_people() -> None:
    assert [duration(s) for s in (5.04, 61, 7200, 90_000)] == ["5.0 s", "2 min", "2 h", "1 d 1 h"]
    assert [size(n) for n in (12, 1_500, 81_700_000_000)] == ["12 B", "1.5 KB", "81.7 GB"]
