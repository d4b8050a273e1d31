"""Resolve what one panel of the canvas shows."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, METHODS
from ui.language.translation import tr
from ui.state.intent import STAND_IN, Intent, needs_less_trained
from ui.state.results import Results
from ui.view import numbers
from ui.view.display_cache import DisplayCache, Displayed
from ui.view.same_object import changed
from ui.view.shown_maps import averaged_steps, parts_of, shown_key
from ui.view.view_state import PanelStatus, PanelView
from ui.vocabulary.map_key import MapKey
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON, PICTURE, REFERENCE

# In characters: a foot is one line.
_LONG_NAME = 24


def panel_view(
    content: str,
    *,
    place: int,
    step: int,
    intent: Intent,
    results: Results,
    display: DisplayCache,
    computing: Set[MapKey],
    blocked: str,
    choices: tuple[tuple[str, str, str], ...],
) -> PanelView:
    """Return the view of the panel at `place`.

    Parameters
    ----------
    choices
        What it can show, the same for all panels.
    computing
        Keys being computed.
    blocked
        Why nothing can be computed now, "" when it can.
    """
    run = results.run
    symbol, label = content_names(content)
    mask = results.mask
    empty = run is None or run.reached == 0
    view = PanelView(
        content=content,
        symbol=symbol,
        label=label,
        status=PanelStatus.EMPTY if empty else PanelStatus.READY,
        active=place == intent.active_panel,
        picture=None if run is None else run.picture_at(step),
        choices=choices,
    )
    if run is None or empty:
        return changed(view, hint=_empty_hint(results, sampling=run is not None))
    if content == PICTURE:
        return view
    if content == REFERENCE:
        if results.reference_picture is not None:
            return changed(view, picture=results.reference_picture)
        return changed(view, status=PanelStatus.UNAVAILABLE, hint=_no_reference())
    if content in (MASK, MASK_COMPARISON):
        if mask is not None:
            return view
        hint = tr("No mask is known for this prompt.")
        return changed(view, status=PanelStatus.UNAVAILABLE, hint=hint)
    return _map_view(
        view,
        step=step,
        intent=intent,
        results=results,
        display=display,
        computing=computing,
        blocked=blocked,
    )


def _map_view(
    view: PanelView,
    *,
    step: int,
    intent: Intent,
    results: Results,
    display: DisplayCache,
    computing: Set[MapKey],
    blocked: str,
) -> PanelView:
    steps = averaged_steps(intent, results)
    key = shown_key(view.content, intent, results, step)
    keys = [key]
    if steps is not None:
        keys = [replace(key, step=at, steps_averaged=1) for at in steps]
    computed = any(part in computing for part in keys)
    found = results.maps.any_estimate(key)
    status, hint = PanelStatus.READY, ""
    if found is not None:
        complete = all(results.maps.complete(part, intent.probes) for part in keys)
        if computed and not complete:
            status = PanelStatus.COMPUTING
    else:
        reason = unavailable_reason(view.content, results)
        if reason:
            return changed(view, status=PanelStatus.UNAVAILABLE, hint=reason)
        found = results.maps.any_estimate(shown_key(STAND_IN, intent, results, step))
        status = PanelStatus.STAND_IN
        hint = _stand_in_hint(view.symbol, computing=computed, blocked=blocked)
        if steps is not None:
            known = len(parts_of(view.content, intent, results, steps))
            hint = tr("{known} of {all} steps: {hint}").format(
                known=known, all=len(steps), hint=hint
            )
    if found is None:
        return changed(view, status=status, hint=hint)
    shown = display.of(found[1], intent.units, intent.smoothing)
    return changed(
        view,
        status=status,
        hint=hint,
        values=shown.values,
        standard_error=shown.standard_error,
        units=tr("paper's units") if intent.units == "paper" and not signed(found[1]) else "",
        levels=_levels(intent, shown, found[1]),
        threshold=None if intent.threshold is None else intent.threshold * shown.scale,
        stretched=intent.stretched,
        headline=""
        if status is PanelStatus.STAND_IN
        else headline(found[0], found[1], intent, results, shown.scale),
    )


def headline(
    key: MapKey, found: LocalizationMap, intent: Intent, results: Results, scale: float
) -> str:
    """Return the short numbers at a panel's foot."""
    parts = []
    if key.steps_averaged > 1:
        last = key.step + key.steps_averaged - 1
        parts.append(tr("steps {first}–{last}").format(first=key.step, last=last))
    measured = results.maps.agreement(key, intent.smoothing)
    if measured is not None:
        threshold = numbers.brief(measured.threshold * scale)
        parts.append(
            tr("best IoU {iou} at {at} with {mask}").format(
                iou=numbers.brief(measured.iou), at=threshold, mask=_mask_name(results)
            )
        )
    parts.append(tr("mean {mean}").format(mean=numbers.brief(results.maps.mean(key) * scale)))
    probes = found.provenance.probes
    if probes and METHODS[MAP_KINDS[key.kind].method].uses_probes:
        parts.append(tr("1 probe") if probes == 1 else tr("{n} probes").format(n=probes))
    return " · ".join(parts)


def content_names(content: str) -> tuple[str, str]:
    """Return symbol and label of a panel's content."""
    if content == PICTURE:
        return "", tr("Picture")
    if content == MASK:
        return "", tr("Mask")
    if content == REFERENCE:
        return "", tr("Training picture")
    if content == MASK_COMPARISON:
        return "", tr("Mask comparison")
    kind = MAP_KINDS[content]
    return kind.symbol, tr(kind.label)


def content_choices(results: Results) -> tuple[tuple[str, str, str], ...]:
    """Return what a panel can show: (content, label, reason it cannot or "")."""
    no_mask = "" if results.mask is not None else tr("No mask is known for this prompt.")
    choices = [
        (PICTURE, tr("Picture"), ""),
        (MASK, tr("Mask"), no_mask),
        (MASK_COMPARISON, tr("Mask comparison"), no_mask),
    ]
    no_reference = "" if results.reference_picture is not None else _no_reference()
    choices.append((REFERENCE, tr("Training picture"), no_reference))
    for name, kind in MAP_KINDS.items():
        label = f"{kind.symbol}   {tr(kind.label)}"
        choices.append((name, label, unavailable_reason(name, results)))
    return tuple(choices)


def unavailable_reason(content: str, results: Results) -> str:
    """Return why a kind of map cannot be had from the open model, "" when it can."""
    run = results.run
    if results.foreign and run is not None:
        # Its own maps are there or not: what the open model offers is not to the point.
        return "" if any(key.kind == content for key, _ in run.maps.items()) else run.detached
    if content in results.unavailable:
        return results.unavailable[content]
    if needs_less_trained(content) and not results.baseline:
        return tr("Needs a less-trained baseline: choose one in Setup.")
    return ""


def compute_reason(results: Results, sampling: bool) -> str:
    """Return why no map can be computed for the open run now, "" when it can."""
    run = results.run
    if run is None:
        return tr("Run a prompt first.")
    if sampling:
        return tr("Computed once the sampling is done.")
    if run.trajectory is None:
        return tr("The run was cancelled before its first step was kept: run it again.")
    if run.detached:
        return run.detached
    if results.model is None:
        return tr("Computed once the model is open.")
    return ""


def signed(found: LocalizationMap) -> bool:
    """Whether the map's values run from −1 to 1 in every unit."""
    return MAP_KINDS[found.kind].signed


def _levels(intent: Intent, shown: Displayed, found: LocalizationMap) -> tuple[float, float]:
    if intent.stretched:
        return shown.stretched
    low, high = (from_share(found, share) * shown.scale for share in intent.levels)
    return low, high


def from_share(found: LocalizationMap, share: float) -> float:
    """Turn a share of the kind's own levels, 0..1, into a canonical value."""
    low, high = MAP_KINDS[found.kind].levels
    return low + share * (high - low)


def to_share(found: LocalizationMap, value: float) -> float:
    """Turn a canonical value into a share of the kind's own levels."""
    low, high = MAP_KINDS[found.kind].levels
    return (value - low) / (high - low)


def _stand_in_hint(symbol: str, *, computing: bool, blocked: str) -> str:
    if computing:
        return tr("Computing {symbol} …").format(symbol=symbol)
    if blocked:
        return blocked
    return tr("{symbol}: press C, or stay here a moment").format(symbol=symbol)


def _empty_hint(results: Results, *, sampling: bool) -> str:
    if sampling:
        return tr("Sampling …")
    if results.model is None:
        return tr("Open a model to begin.")
    return tr("Type a prompt and press Run.")


def _no_reference() -> str:
    return tr("Open a training picture first, or drop one here.")


def _mask_name(results: Results) -> str:
    name = "" if results.mask is None else results.mask.name
    return name if len(name) <= _LONG_NAME else name[: _LONG_NAME - 1] + "…"
