"""Readings as the window shows them, and which are still to be read. No Qt, no mathematics."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from math import isnan

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import UNCONDITIONAL, Cost
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS, ReadingKind, Scope
from ui.language.translation import tr
from ui.state.intent import Intent
from ui.state.results import Results
from ui.vocabulary.reading_key import ReadingKey

# Means of maps stand at the panels' feet already.
SHOWN = tuple(key for key, kind in READINGS.items() if not kind.map_kind)
_MAP_OF_NEEDS = {
    "curvature": "curvature",
    "curvature-difference": "cov",
    UNCONDITIONAL: "score_diff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One number.

    Attributes
    ----------
    value
        With error and unit, "" where it is not computed.
    detail
        Of what it is: all steps, or which one; and its value here.
    about
        For the tooltip: what it is, and its provenance.
    can_compute
        Whether the button stands in for the value.
    computing
        Whether it is being computed.
    reason
        Why it cannot be computed now, "" when it can.
    """

    key: str
    label: str
    value: str
    detail: str
    about: str
    can_compute: bool = False
    computing: bool = False
    reason: str = ""


def reading_rows(
    intent: Intent, results: Results, step: int, *, computing: Set[ReadingKey], blocked: str
) -> tuple[ReadingRow, ...]:
    """Return one row per reading of the shown run, none before there is a run."""
    run = results.run
    if run is None or run.reached == 0:
        return ()
    rows = []
    for name in SHOWN:
        kind, key = READINGS[name], key_of(name, run.number, step)
        found = run.readings.get(key)
        reason = _missing(kind, results)
        asked_for = kind.cost is not Cost.FREE
        rows.append(
            ReadingRow(
                key=name,
                label=tr(kind.label),
                value="" if found is None else value_of(found),
                detail=_detail(kind, found, step),
                about=_about(kind, found),
                can_compute=found is None and asked_for,
                computing=key in computing,
                reason=(reason or blocked) if asked_for else "",
            )
        )
    return tuple(rows)


def key_of(name: str, run: int, step: int) -> ReadingKey:
    """Return the key of a reading while `step` is shown."""
    return ReadingKey(run=run, key=name, step=step if READINGS[name].at_shown_step else None)


def free_readings(
    intent: Intent, results: Results, step: int
) -> tuple[tuple[ReadingKey, ...], tuple[LocalizationMap, ...]]:
    """Return what can be read at no cost and is not yet, and the maps that it is read off."""
    run = results.run
    if run is None or run.trajectory is None or not run.trajectory.keeps_latents:
        return (), ()
    keys: list[ReadingKey] = []
    for name in SHOWN:
        key = key_of(name, run.number, step)
        if (
            READINGS[name].cost is Cost.FREE
            and not _missing(READINGS[name], results)
            and (key not in run.readings)
        ):
            keys.append(key)
    maps = known_curvature(intent, results, step)
    free = key_of("free-dimensions", run.number, step)
    for curvature in maps:
        there = run.readings.get(free)
        if there is None or (there.provenance.probes or 0) < (curvature.provenance.probes or 0):
            keys.append(free)
    return tuple(keys), maps


def known_curvature(intent: Intent, results: Results, step: int) -> tuple[LocalizationMap, ...]:
    """Return the finished curvature map at `step`, if it is there."""
    key = results.key("curvature", step, intent.estimator, intent.probe_seed)
    found = results.maps.get(key)
    return (found,) if found is not None and results.maps.complete(key, 1) else ()


def value_of(found: Reading) -> str:
    """Return a reading's value with error and unit."""
    words = _number(found.value)
    if found.standard_error is not None and not isnan(found.standard_error):
        error = found.standard_error
        words += f" ± {error:.0f}" if error >= 10 else f" ± {error:.2g}"
    # The name of such a reading says it already.
    return words if found.unit == "dimensions" else f"{words} {tr(found.unit)}".strip()


def _detail(kind: ReadingKind, found: Reading | None, step: int) -> str:
    if kind.scope is Scope.RUN:
        if found is None or found.per_step is None or step >= len(found.per_step):
            return tr("mean of all steps")
        here = _number(float(found.per_step[step]))
        return tr("mean of all steps; here {value}").format(value=here)
    if kind.at_shown_step:
        return tr("this step")
    if found is None or found.step is None:
        return tr("first step") if kind.key == "jeon" else tr("three tenths into the schedule")
    return tr("step {step}").format(step=found.step)


def _about(kind: ReadingKind, found: Reading | None) -> str:
    lines = [f"{kind.symbol}: {tr(kind.about)}", kind.source]
    if found is None:
        lines.append(tr("Cost: {cost}.").format(cost=tr(kind.cost)))
        return "\n".join(lines)
    made = found.provenance
    lines.append(
        tr("{model}, seed {seed}, {steps} steps, guidance {scale:g}").format(
            model=made.model, seed=made.seed, steps=made.steps, scale=made.guidance_scale
        )
    )
    if found.step is not None and made.sigma is not None:
        lines.append(tr("step {step}, σ {sigma:.4g}").format(step=found.step, sigma=made.sigma))
    if made.probes:
        lines.append(
            tr("{estimator}, {probes} probes, probe seed {seed}").format(
                estimator=made.estimator, probes=made.probes, seed=made.probe_seed
            )
        )
    precision = made.curvature_dtype or made.dtype
    lines.append(
        tr("{device}, {dtype}; {calls} network calls, {seconds:.1f} s").format(
            device=made.device,
            dtype=precision,
            calls=found.network_calls,
            seconds=found.seconds,
        )
    )
    return "\n".join(lines)


def _number(value: float) -> str:
    if isnan(value):
        return "–"
    return f"{value:.4g}".replace("-", "−")


def _missing(kind: ReadingKind, results: Results) -> str:
    """Return why the model cannot offer a reading, "" where it can."""
    maps = (_MAP_OF_NEEDS.get(needed, "") for needed in kind.needs)
    return next((results.unavailable[name] for name in maps if name in results.unavailable), "")
