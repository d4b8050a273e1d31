"""Resolve the rows of the agreement table: every computed map of the shown step."""

from __future__ import annotations

from math import nan

from memlens.methods.registry import MAP_KINDS
from ui.language.translation import tr
from ui.state.intent import Intent
from ui.state.results import Results
from ui.view.display_cache import DisplayCache
from ui.view.shown_maps import averaged_steps, shown_key
from ui.view.view_state import AgreementRow

ALL_ONES = "all_ones"


def agreement_rows(
    intent: Intent, results: Results, display: DisplayCache, step: int
) -> tuple[AgreementRow, ...]:
    """Return a row for each kind of map that is computed, in the registry's order."""
    if results.run is None:
        return ()
    rows = (_row(content, intent, results, display, step) for content in MAP_KINDS)
    known = tuple(row for row in rows if row is not None)
    return (
        (*known, _all_ones(results.mask_share, intent.threshold))
        if known and results.mask is not None
        else known
    )


def measured_at(intent: Intent, results: Results, step: int) -> str:
    """Return in words which step or steps the rows are of."""
    steps = averaged_steps(intent, results)
    if steps is None:
        return tr("step {step}").format(step=step)
    return tr("average of steps {first}–{last}").format(first=steps[0], last=steps[-1])


def _all_ones(share: float, chosen: float | None) -> AgreementRow:
    """Return what predicting the whole picture scores: a map no better than that finds nothing."""
    return AgreementRow(
        content=ALL_ONES,
        symbol="1",
        label=tr("The whole picture"),
        mean=nan,
        iou=share,
        threshold=nan,
        iou_at_chosen=nan if chosen is None else share,
        precision_at_chosen=share,
        recall_at_chosen=1.0 if share else nan,
        auroc=0.5 if 0 < share < 1 else nan,
        average_precision=share if share else nan,
        network_calls=0,
        seconds=nan,
    )


def _row(
    content: str, intent: Intent, results: Results, display: DisplayCache, step: int
) -> AgreementRow | None:
    found = results.maps.any_estimate(shown_key(content, intent, results, step))
    if found is None:
        return None
    key, map_ = found
    kind = MAP_KINDS[content]
    scale = display.of(map_, intent.units, intent.smoothing).scale
    measured = results.maps.agreement(key, intent.smoothing)
    curve = results.maps.curve(key, intent.smoothing)
    chosen = intent.threshold
    iou_at_chosen, precision, recall = nan, nan, nan
    if measured is not None:
        precision, recall = measured.precision, measured.recall
    if chosen is not None and curve is not None:
        iou_at_chosen, precision, recall = curve.at(chosen)
        if recall == 0 and precision == 1:
            # Nothing is predicted: of nothing, no share is right.
            precision = nan
    return AgreementRow(
        content=content,
        symbol=kind.symbol,
        label=tr(kind.label),
        mean=results.maps.mean(key) * scale,
        iou=measured.iou if measured else nan,
        threshold=measured.threshold * scale if measured else nan,
        iou_at_chosen=iou_at_chosen,
        precision_at_chosen=precision,
        recall_at_chosen=recall,
        auroc=measured.auroc if measured else nan,
        average_precision=measured.average_precision if measured else nan,
        network_calls=map_.network_calls,
        seconds=map_.seconds,
        recall=curve.recall if curve else None,
        precision=curve.precision if curve else None,
        ious=curve.iou if curve else None,
        thresholds=curve.thresholds if curve else None,
        scale=scale,
    )
