"""The acceptance of a lab model: what must hold before it may be shown as the demo.

The bounds were written down before the model that is bundled was measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memlens.lab.scores import ALL_ONES, CheckTable

_GATE = 0.10
_DETECTION = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the acceptance: `measured` must be at least (or at most) `bound`."""

    statement: str
    measured: float
    bound: float
    at_least: bool

    @property
    def passed(self) -> bool:
        """Whether the line holds."""
        if self.at_least:
            return self.measured >= self.bound
        return self.measured <= self.bound


def acceptance(table: CheckTable) -> tuple[Criterion, ...]:
    """Judge one table."""
    return tuple(_lines(table))


def _lines(table: CheckTable) -> Iterator[Criterion]:
    ones, raw = table.row(ALL_ONES), table.row("curvature")
    for kind, iou, auroc in (("cov", 0.70, 0.90), ("cov_bad", 0.80, 0.95)):
        row = table.row(kind)
        baseline = row.symbol.removeprefix("Δh_")
        yield _at_least(f"gate: 1 − ρ inside, target minus {baseline}", row.inside, _GATE)
        yield _at_least(f"IoU of {row.symbol}", row.iou_filtered, iou)
        yield _at_least(f"pixel AUROC of {row.symbol}", row.auroc_filtered, auroc)
        above = row.iou_filtered - raw.iou_filtered
        yield _at_least(f"IoU of {row.symbol} above raw curvature", above, 0.15)
    for kind in ("score_diff", "score_diff_bad"):
        row = table.row(kind)
        above = row.iou_filtered - ones.iou_filtered
        yield _at_least(f"IoU of {row.symbol} above all-ones", above, 0.10)
    yield Criterion(
        statement="IoU of raw curvature, distance from all-ones",
        measured=abs(raw.iou_filtered - ones.iou_filtered),
        bound=0.08,
        at_least=False,
    )
    ending = table.row("attention").auroc_filtered
    yield _at_least("pixel AUROC of Bright Ending", ending, 0.80)
    for kind in ("cov", "cov_bad", "score_diff", "score_diff_bad"):
        row = table.row(kind)
        statement = f"AUC of the mean of {row.symbol}, memorized against free"
        yield _at_least(statement, row.detection, _DETECTION)


def _at_least(statement: str, measured: float, bound: float) -> Criterion:
    return Criterion(statement=statement, measured=measured, bound=bound, at_least=True)
