"""What one picture's maps are worth in numbers, as a sweep keeps them beside its files."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memlens.evaluation.agreement import agreement_of_values, compare_counts
from memlens.evaluation.official import OFFICIAL_SIZE
from memlens.maps.localization_map import LocalizationMap, resize_bilinear

if TYPE_CHECKING:
    from memlens.controls.controls import Controls
    from memlens.controls.verdict import Verdict

BoolArray = NDArray[np.bool_]
SIZE = (OFFICIAL_SIZE, OFFICIAL_SIZE)


def map_numbers(
    maps: Iterable[LocalizationMap], truth: BoolArray | None, *, main_step: int
) -> dict[str, float]:
    """Return numbers of maps by name.

    Parameters
    ----------
    maps
        Of one run, at any steps.
    truth
        Ground truth of (256, 256), or None where none is known.
    main_step
        The step whose names bear no step.

    Returns
    -------
    dict
        "mean cov", of the map in the paper's units, which the official detection ranks by; with
        ground truth that is neither empty nor full "best iou cov" (at the best threshold of this
        picture), "auroc cov" and "ap cov"; other steps as "mean cov step 40".
    """
    numbers: dict[str, float] = {}
    for found in maps:
        ending = found.kind if found.step == main_step else f"{found.kind} step {found.step}"
        paper = found.paper_values()
        numbers[f"mean {ending}"] = float(paper.mean(dtype=np.float64))
        if truth is None or not truth.any() or truth.all():
            continue
        scores = agreement_of_values(resize_bilinear(paper, SIZE), truth)
        numbers[f"best iou {ending}"] = scores.iou
        numbers[f"auroc {ending}"] = scores.auroc
        numbers[f"ap {ending}"] = scores.average_precision
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def control_numbers(
    maps: Iterable[LocalizationMap], controls: Controls, truth: BoolArray | None
) -> tuple[dict[str, float], Verdict]:
    """Return what controls say of maps of one step, no threshold chosen.

    Returns
    -------
    tuple
        Numbers by name, and the verdict on all maps together. Of each kind that can be compared:
        "p cov", and with ground truth "iou controls cov": of what is found (p ≤ .05) with it, 1
        where both are empty. Of all together "p" and "found".
    """
    from memlens.controls.comparing import verdict_of

    given = [found for found in maps if (found.kind, found.step) in controls.maps]
    numbers: dict[str, float] = {}
    for found in given:
        alone = verdict_of([found], controls, picture_size=SIZE)
        if not math.isfinite(alone.p):
            continue
        numbers[f"p {found.kind}"] = alone.p
        if truth is not None and not alone.inconclusive:
            numbers[f"iou controls {found.kind}"] = compare_counts(alone.mask, truth).iou
    verdict = verdict_of(given or list(maps), controls, picture_size=SIZE)
    if math.isfinite(verdict.p):
        numbers |= {"p": verdict.p, "found": float(verdict.found)}
    return numbers, verdict
