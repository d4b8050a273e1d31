"""The acceptance of a lab model."""

from pathlib import Path

import pytest

from memlens.errors import Cancelled, DatasetError
from memlens.lab.acceptance import acceptance
from memlens.lab.check import ACCEPTANCE, PAPER, STEPS, CheckReport, check
from memlens.lab.scores import ALL_ONES, CheckTable, MethodScore, Setting
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


def made_row(kind: str, **changed: float) -> MethodScore:
    values = {"iou": 0.5, "auroc": 0.5, "detection": 1.0, "inside": 0.2, "strip": 0.0}
    values |= {"elsewhere": 0.0, "iou_filtered": 0.85, "auroc_filtered": 0.97, **changed}
    return MethodScore(kind=kind, symbol=f"Δh_{kind}", label=kind, **values)


def made_table(**changed: MethodScore) -> CheckTable:
    """Return a table that passes, but for the rows that are changed."""
    rows = {
        ALL_ONES: made_row(ALL_ONES, iou_filtered=0.45),
        "curvature": made_row("curvature", iou_filtered=0.5),
        "attention": made_row("attention", auroc_filtered=0.81),
        **{kind: made_row(kind) for kind in ("cov", "cov_bad", "score_diff", "score_diff_bad")},
        **changed,
    }
    return CheckTable(
        setting=LAST, guidance_scale=3.0, sigma=0.04, log_snr=6.4, rows=tuple(rows.values())
    )


def test_a_good_table_passes_every_line() -> None:
    lines = acceptance(made_table())
    assert len(lines) == 16
    assert all(line.passed for line in lines)


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({"cov": made_row("cov", inside=0.09)}, ["gate"]),
        ({"cov_bad": made_row("cov_bad", inside=0.09)}, ["gate"]),
        ({"cov": made_row("cov", iou_filtered=0.69)}, ["IoU"]),
        ({"cov": made_row("cov", auroc_filtered=0.89)}, ["pixel AUROC"]),
        ({"cov_bad": made_row("cov_bad", iou_filtered=0.79)}, ["IoU"]),
        ({"cov_bad": made_row("cov_bad", auroc_filtered=0.94)}, ["pixel AUROC"]),
        ({"cov": made_row("cov", iou_filtered=0.64)}, ["IoU of Δh_cov", "above raw"]),
        ({"score_diff": made_row("score_diff", iou_filtered=0.54)}, ["above all-ones"]),
        ({"score_diff_bad": made_row("score_diff_bad", iou_filtered=0.54)}, ["above all-ones"]),
        ({"curvature": made_row("curvature", iou_filtered=0.54)}, ["distance from all-ones"]),
        ({"curvature": made_row("curvature", iou_filtered=0.36)}, ["distance from all-ones"]),
        ({"attention": made_row("attention", auroc_filtered=0.79)}, ["Bright Ending"]),
        ({"score_diff": made_row("score_diff", detection=0.97)}, ["AUC of the mean"]),
    ],
)
def test_a_table_fails_by_the_line_that_it_breaks(
    changed: dict[str, MethodScore], failed: list[str]
) -> None:
    broken = [line.statement for line in acceptance(made_table(**changed)) if not line.passed]
    assert len(broken) == len(failed)
    assert all(words in line for words, line in zip(failed, broken, strict=True))


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
