"""The acceptance of a lab model."""

from dataclasses import replace
from pathlib import Path

import pytest

from memlens.errors import Cancelled, DatasetError
from memlens.lab.check import (
    ACCEPTANCE,
    ALL_ONES,
    PAPER,
    STEPS,
    CheckReport,
    MethodScore,
    Setting,
    acceptance,
    check,
)
from memlens.progress import CancelToken, Progress

QUICK = Setting("quick", step=6, guidance_scale=None)
LAST = Setting("last", step=7, guidance_scale=7.5)


@pytest.fixture(scope="module")
def quick() -> tuple[CheckReport, list[Progress]]:
    reports: list[Progress] = []
    report = check(settings=(QUICK, LAST), steps=8, probes=2, per_kind=1, progress=reports.append)
    return report, reports


def test_every_method_is_in_every_table(quick: tuple[CheckReport, list[Progress]]) -> None:
    report, _ = quick
    for table in report.tables:
        kinds = {row.kind for row in table.rows}
        assert kinds == {
            ALL_ONES,
            "curvature",
            "attention",
            "score_diff",
            "score_diff_bad",
            "cov",
            "cov_bad",
        }
    assert report.pictures == {"template": 1, "verbatim": 1, "free": 1}
    assert [table.guidance_scale for table in report.tables] == [3.0, 7.5]


def test_all_ones_finds_the_share_of_the_regions(
    quick: tuple[CheckReport, list[Progress]],
) -> None:
    row = quick[0].tables[0].row(ALL_ONES)
    assert row.iou == row.iou_filtered == pytest.approx(0.4375)
    assert row.auroc == row.detection == 0.5


def test_the_difference_to_the_less_trained_finds_the_region_even_in_a_hurry(
    quick: tuple[CheckReport, list[Progress]],
) -> None:
    row = quick[0].tables[0].row("cov_bad")
    assert row.iou_filtered > 0.7
    assert row.auroc_filtered > 0.9


def test_progress_rises_to_its_total(quick: tuple[CheckReport, list[Progress]]) -> None:
    done = [progress.done for progress in quick[1]]
    assert done == sorted(done)
    assert quick[1][-1].done == quick[1][-1].total


def test_acceptance_is_judged_line_by_line(quick: tuple[CheckReport, list[Progress]]) -> None:
    table = quick[0].tables[0]
    good = _with(_with(table.row("cov_bad"), 0.9), 0.9)
    rows = {row.kind: row for row in table.rows} | {
        "cov_bad": replace(good, auroc_filtered=0.97, detection=1.0),
        "attention": _with(table.row("attention"), 0.6),
        "curvature": _with(table.row("curvature"), 0.48),
    }
    lines = acceptance(replace(table, rows=tuple(rows.values())))
    assert [line.passed for line in lines] == [True] * 5
    rows["attention"] = _with(rows["attention"], 0.86)
    rows["curvature"] = _with(rows["curvature"], 0.6)
    lines = acceptance(replace(table, rows=tuple(rows.values())))
    assert [line.passed for line in lines] == [True, True, False, False, True]


def test_both_tables_use_one_step_and_filter_and_differ_in_guidance() -> None:
    assert ACCEPTANCE.step == PAPER.step == STEPS - 1
    assert ACCEPTANCE.smoothing == PAPER.smoothing
    assert ACCEPTANCE.guidance_scale != PAPER.guidance_scale


def test_other_seeds_than_the_labs_own_make_other_pictures(
    quick: tuple[CheckReport, list[Progress]],
) -> None:
    held_out = check(settings=(QUICK,), steps=8, probes=2, per_kind=1, seeds=(3,))
    assert held_out.pictures == quick[0].pictures
    assert held_out.tables[0].row("cov_bad") != quick[0].tables[0].row("cov_bad")


def test_it_can_be_cancelled() -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        check(cancel=token, progress=lambda _: token.cancel())


def test_a_model_without_ground_truth_is_refused(tiny_pipeline: Path) -> None:
    with pytest.raises(DatasetError, match="ground truth"):
        check(tiny_pipeline)


def _with(row: MethodScore, iou: float) -> MethodScore:
    return replace(row, iou_filtered=iou)
