"""Which maps are computed before anybody asks: those of the shown step's neighbours."""

from __future__ import annotations

from ui.control.inspection_state import InspectionState
from ui.view.missing_maps import missing_maps
from ui.view.shown_maps import shown_step
from ui.vocabulary.map_key import MapKey

_OFFSETS = (1, -1, 2, -2)
_USUAL_BATCH = 8
# A job in progress ends with its network call: longer ones would keep the person waiting.
_LONGEST_CALL_S = 0.5


def keys_ahead(state: InspectionState) -> tuple[MapKey, ...]:
    """Return what is missing at the nearest neighbour of the shown step, () for nothing.

    Nothing is computed ahead while the shown step itself lacks a map, while playing, where it
    was turned off, or where one network call takes long.
    """
    run, call_s, intent = state.results.run, state.results.curvature_call_s, state.intent
    if run is None or call_s is None or not state.settings.prefetch or intent.playing:
        return ()
    batch = min(intent.probes, intent.probes_per_batch or _USUAL_BATCH)
    if call_s * batch > _LONGEST_CALL_S or missing_maps(intent, state.results):
        return ()
    shown = shown_step(intent, state.results)
    for step in (shown + offset for offset in _OFFSETS):
        if 0 <= step < run.reached and (keys := missing_maps(intent, state.results, step)):
            return keys
    return ()
