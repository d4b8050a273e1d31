"""A whole data set judged: figures, curves and a row for every picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memlens.errors import DatasetError
from memlens.evaluation.bootstrap import DRAWS
from memlens.evaluation.dataset_counts import CountedMaps, count_maps
from memlens.evaluation.dataset_figures import SetFigures, figures_of
from memlens.evaluation.datasets import Skipped
from memlens.evaluation.map_set import MapSet
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a report is made from.

    Attributes
    ----------
    title
        For people.
    sets
        The maps of the main step, a set for each kind.
    series
        Those of other steps, with their logSNR.
    skipped
        Rows that never became pictures.
    made
        How, by name, for people.
    """

    title: str
    sets: tuple[MapSet, ...]
    series: tuple[MapSet, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatasetReport:
    """What a data set shows.

    Attributes
    ----------
    title, made
        As in the evidence.
    figures
        Of every kind and set.
    series
        By kind, (logSNR, best IoU of the first set) of every step, the noisiest first.
    rows
        One a picture and kind.
    skipped
        What is left out, each with the reason.
    """

    title: str
    made: Mapping[str, str]
    figures: tuple[SetFigures, ...]
    series: Mapping[str, tuple[tuple[float, float], ...]]
    rows: tuple[Mapping[str, Any], ...]
    skipped: tuple[Skipped, ...]

    def of(self, kind: str, name: str) -> SetFigures:
        """Return the figures of one kind and set.

        Raises
        ------
        DatasetError
            If there are none.
        """
        for each in self.figures:
            if (each.kind, each.name) == (kind, name):
                return each
        raise DatasetError(f"there are no figures of {kind} on {name}.")


def judge_dataset(
    evidence: Evidence,
    *,
    smoothing: int | str = 1,
    draws: int = DRAWS,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> DatasetReport:
    """Evaluate all kinds of map on all sets.

    Parameters
    ----------
    smoothing
        As for `memlens.evaluation.official.evaluate_maps`.
    draws
        Of the bootstrap; 0 gives no intervals.
    progress, cancel
        Counted and checked per map read.

    Raises
    ------
    SettingsError
        If `smoothing` is no width for a mean filter over these maps.
    DatasetError
        If no map of a kind can be read.
    Cancelled
        If cancelled.
    """
    token = cancel or CancelToken()
    total = 2 * sum(len(each.items) for each in (*evidence.sets, *evidence.series))
    if not total:
        first = evidence.skipped[0] if evidence.skipped else None
        named = f", for instance {first.name}: {first.reason}" if first else ""
        raise DatasetError(f"{evidence.title} has no maps to evaluate{named}.")
    done = 0

    def tell() -> None:
        nonlocal done
        token.check()
        done += 1
        progress(Progress(min(done, total), total, "evaluating maps"))

    figures: list[SetFigures] = []
    rows: list[Mapping[str, Any]] = []
    skipped = list(evidence.skipped)
    series: dict[str, list[tuple[float, float]]] = {}
    for maps in evidence.sets:
        counted = count_maps(maps, smoothing=smoothing, tell=tell)
        skipped += counted.skipped
        found = [figures_of(maps, counted, name, draws=draws) for name in counted.sets]
        figures += found
        rows += _rows(maps, counted)
        _note(series, maps, found)
    for maps in evidence.series:
        counted = count_maps(maps, smoothing=smoothing, tell=tell)
        names = list(counted.sets)[:1]
        _note(series, maps, [figures_of(maps, counted, name, draws=0) for name in names])
    return DatasetReport(
        title=evidence.title,
        made=evidence.made,
        figures=tuple(figures),
        series={kind: tuple(sorted(points)) for kind, points in series.items() if len(points) > 1},
        rows=tuple(rows),
        skipped=tuple(dict.fromkeys(skipped)),
    )


def _note(
    series: dict[str, list[tuple[float, float]]], maps: MapSet, found: Sequence[SetFigures]
) -> None:
    if maps.log_snr is not None and found:
        series.setdefault(maps.kind, []).append((maps.log_snr, found[0].iou.value))


def _rows(maps: MapSet, counted: CountedMaps) -> list[Mapping[str, Any]]:
    """Return a row for every picture, those that are left out with their reason."""
    reasons = {each.name: each.reason for each in counted.skipped}
    rows: list[Mapping[str, Any]] = []
    for at, item in enumerate(maps.items):
        rows.append(
            {
                "picture": item.name,
                "prompt": item.prompt,
                "seed": item.seed,
                "kind": item.overfit_type,
                "group": item.group,
                "map": maps.kind,
                "mean": _known(counted.means, at),
                "best_iou": _known(counted.best_iou, at),
                "auroc": _known(counted.auroc, at),
                "average_precision": _known(counted.average_precision, at),
                "iou_controls": item.numbers.get(f"iou controls {maps.kind}"),
                "p": item.numbers.get(f"p {maps.kind}"),
                "skipped": reasons.get(item.name, ""),
            }
        )
    return rows


def _known(values: Mapping[int, float], at: int) -> float | None:
    value = values.get(at)
    return None if value is None or not math.isfinite(value) else value
