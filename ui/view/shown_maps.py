"""Which maps the panels show: those of a step, or averages over the range of steps."""

from __future__ import annotations

from operator import is_

from memlens.maps.averaging import average
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from ui.state.intent import Intent
from ui.state.results import Results
from ui.vocabulary.map_key import MapKey


def averaged_steps(intent: Intent, results: Results) -> range | None:
    """Return the steps that the shown maps are averages over, None where one step is shown."""
    run = results.run
    if run is None or not intent.average or intent.window is None:
        return None
    first, last = intent.window
    steps = range(first, min(last, run.reached - 1) + 1)
    return steps if len(steps) > 1 else None


def shown_key(content: str, intent: Intent, results: Results, step: int) -> MapKey:
    """Return the key of the map that a panel with this content shows at `step`."""
    steps = averaged_steps(intent, results)
    if steps is None:
        return results.key(content, step, intent.estimator, intent.probe_seed)
    return results.key(content, steps[0], intent.estimator, intent.probe_seed, len(steps))


def parts_of(
    content: str, intent: Intent, results: Results, steps: range
) -> list[tuple[MapKey, LocalizationMap]]:
    """Return the maps of single steps that are computed within `steps`, as many as there are."""
    keys = (results.key(content, step, intent.estimator, intent.probe_seed) for step in steps)
    found = (results.maps.any_estimate(key) for key in keys)
    return [part for part in found if part is not None]


class RangeAverages:
    """Keeps the average of every kind of map whose steps are all there."""

    def __init__(self) -> None:
        self._made_of: dict[MapKey, list[LocalizationMap]] = {}
        self._seen: tuple[object, ...] = ()

    def keep(self, intent: Intent, results: Results) -> bool:
        """Average what is complete over the range and not averaged yet; say if there was any."""
        steps = averaged_steps(intent, results)
        if steps is None:
            return False
        now = (results.maps, results.maps.version, steps, intent.estimator, intent.probe_seed)
        if now == self._seen:
            return False
        if not self._seen or self._seen[0] is not results.maps:
            self._made_of.clear()
        for content in MAP_KINDS:
            parts = parts_of(content, intent, results, steps)
            # What two estimators made is no one average.
            if len(parts) < len(steps) or len({_maker(found) for _, found in parts}) > 1:
                continue
            key = shown_key(content, intent, results, steps[0])
            maps = [found for _, found in parts]
            before = self._made_of.get(key, [])
            same = len(before) == len(maps) and all(map(is_, before, maps))
            if not same:
                self._made_of[key] = maps
                results.maps.keep(key, average(maps), complete=True)
        self._seen = (now[0], results.maps.version, *now[2:])
        return results.maps.version != now[1]


def _maker(found: LocalizationMap) -> tuple[object, ...]:
    made = found.provenance
    return made.estimator, made.probe_seed


def shown_step(intent: Intent, results: Results) -> int:
    """Return the step shown: the chosen one, as far as sampled."""
    if results.run is None or results.run.reached == 0:
        return 0
    last = results.run.reached - 1
    return last if intent.step < 0 else min(intent.step, last)
