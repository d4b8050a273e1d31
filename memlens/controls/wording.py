"""Verdicts in words: what was compared with what, never more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memlens.controls.controls import ENOUGH, Controls
from memlens.controls.regions import FORMING
from memlens.controls.verdict import FOUND, VerdictRegion
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS

_NAMED = 3


def p_words(p: float, count: int) -> str:
    """Return "p = .43", or "p ≤ .008" where no smaller p is possible with so many controls."""
    least = p * (count + 1) < 1.5
    digits = 2 if p >= 0.1 else 3
    number = f"{p:.{digits}f}"
    return f"p {'≤' if least else '='} {number.removeprefix('0')}"


def too_few(count: int) -> str:
    """Return why so few controls decide nothing; "" where there are enough."""
    plural = "" if count == 1 else "s"
    return "" if count >= ENOUGH else f"{count} control{plural}; {ENOUGH} are needed"


def settings_differ(differences: Sequence[str]) -> str:
    """Return the reason that settings are; "" without differences."""
    return f"settings differ ({'; '.join(differences)})" if differences else ""


def within_error(low: float, high: float) -> str:
    """Return the reason that one standard error more or less is."""
    return f"± 1 standard error changes the answer (p = {_plain(low)} to {_plain(high)})"


def inconclusive_sentence(reason: str) -> str:
    """Return the sentence of a verdict that cannot be told."""
    return f"Inconclusive: {reason}."


def found_sentence(regions: Sequence[VerdictRegion], shares: dict[str, float], count: int) -> str:
    """Name the found regions.

    Parameters
    ----------
    regions
        Those found.
    shares
        Of the picture, by the regions' names, over all kinds that show one.
    count
        How many controls there are.
    """
    parts = []
    for name, share in list(shares.items())[:_NAMED]:
        own = [region for region in regions if region.name == name]
        by = {region.kind for region in own}
        symbols = [kind.symbol for kind in MAP_KINDS.values() if kind.name in by]
        parts.append(
            f"Region {name}, {_percent(share)} of the picture: "
            f"{beyond_words(max(region.beyond for region in own), count)} "
            f"({p_words(min(region.p for region in own), count)}), by {_listed(symbols)}."
        )
    more = len(shares) - _NAMED
    if more > 0:
        parts.append(f"{more} more region{'' if more == 1 else 's'}.")
    return " ".join(parts)


def beyond_words(share: float, count: int) -> str:
    """Return "beyond all 128 controls", or beyond which share of them."""
    if share >= 1.0:
        return f"beyond all {count} controls"
    return f"beyond {_percent(share)} of {count} controls"


def nothing_sentence(p: float, count: int, *, any_region: bool) -> str:
    """Return the sentence of a picture with nothing beyond controls."""
    if not any_region:
        return f"Nothing beyond controls (no coordinate beyond {_forming()} of theirs)."
    return f"Nothing beyond controls (largest region {p_words(p, count)})."


def premises(controls: Controls, kinds: Iterable[str], step: int) -> tuple[str, ...]:
    """Return what a verdict stands on, one sentence each."""
    made, names = controls.settings, list(kinds)
    maps = f"Maps: {_listed(MAP_KINDS[name].symbol for name in names)} at step {step}"
    if any(MAP_KINDS[name].baseline == LESS_TRAINED for name in names):
        maps += f", less-trained baseline {made.baseline}"
    if any(METHODS[MAP_KINDS[name].method].uses_probes for name in names):
        maps += f", {made.probes} probes ({made.estimator})"
    if made.smoothing > 1:
        maps += f", under a {made.smoothing}×{made.smoothing} mean filter"
    return (
        f"Controls {controls.fingerprint}: {controls.count} pictures of {made.model} from prompts "
        "believed not to be "
        f"memorized, sampled in the same way ({made.steps} steps, guidance "
        f"{made.guidance_scale:g}, {made.dtype}).",
        f"{maps}.",
        f"A region is where a map is beyond {_forming()} of all the controls' values, joined by "
        "sides. Its mass is compared with that of each control's largest region, over all these "
        f"maps together; it is found at p ≤ {_plain(FOUND)}.",
        "It says what was compared with what, not why a picture differs from its controls.",
    )


def _forming() -> str:
    return f"{100 * (1 - 10.0**-FORMING):g} %"


def _percent(share: float) -> str:
    percent = 100.0 * share
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.1f} %"


def _plain(p: float) -> str:
    return f"{p:.{2 if p >= 0.1 else 3}f}".removeprefix("0").rstrip("0") if p < 1 else "1"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
