"""Which maps are shown or stand in for others and are not there yet."""

from __future__ import annotations

from memlens.methods.registry import MAP_KINDS, METHODS, Cost
from ui.state.intent import STAND_IN, Intent, needs_less_trained
from ui.state.results import Results
from ui.view.panels import compute_reason
from ui.view.shown_maps import averaged_steps, shown_step
from ui.vocabulary.map_key import MapKey


def missing_maps(intent: Intent, results: Results, step: int | None = None) -> tuple[MapKey, ...]:
    """Return the keys of shown maps not complete at a step (the shown one), most wanted first.

    Where the average over a range is shown, the step nearest to the shown one comes first.
    What needs no probes goes first, then the active panel's map.
    """
    if results.run is None or compute_reason(results, sampling=False):
        return ()
    shown = shown_step(intent, results)
    averaged = averaged_steps(intent, results) if step is None else None
    steps = [shown if step is None else step]
    if averaged is not None:
        steps = sorted(averaged, key=lambda other: abs(other - shown))
    order = [intent.panels[intent.active_panel], *intent.panels]
    found = []
    for content in dict.fromkeys(order):
        if content not in MAP_KINDS or content in results.unavailable:
            continue
        if needs_less_trained(content) and not results.baseline_ready:
            continue
        for at in steps:
            key = results.key(content, at, intent.estimator, intent.probe_seed)
            if not results.maps.complete(key, intent.probes):
                found.append(key)
    return tuple(sorted(found, key=lambda key: METHODS[MAP_KINDS[key.kind].method].uses_probes))


def free_maps(intent: Intent, results: Results) -> tuple[MapKey, ...]:
    """Return the keys of free maps that are missing though the run is complete.

    The score difference to ∅ stands in for others, so it is wanted at every step; of the rest,
    what a panel shows.
    """
    run = results.run
    if run is None or run.trajectory is None or not run.trajectory.keeps_latents:
        return ()
    offered = ((n, kind) for n, kind in MAP_KINDS.items() if n not in results.unavailable)
    free = (name for name, kind in offered if kind.cost is Cost.FREE)
    wanted = [name for name in free if name == STAND_IN or name in intent.panels]
    keys = (results.key(name, step, "", 0) for name in wanted for step in range(run.reached))
    return tuple(key for key in keys if results.maps.get(key) is None)
