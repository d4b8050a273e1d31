"""ReadingNumbers: what a person asks of the readings. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from memlens.readings.registry import READINGS
from ui.dispatch import Dispatch
from ui.inspection_state import InspectionState
from ui.panel_views import compute_reason
from ui.reading_views import key_of, known_curvature
from ui.resolve import shown_step


class ReadingNumbers:
    """Computes a reading of the shown run.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self, state: InspectionState, dispatch: Dispatch, refresh: Callable[[], None]
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh

    def compute(self, name: str) -> None:
        """Compute the reading called `name` at the shown step, or at its own."""
        intent, results = self._state.intent, self._state.results
        run = results.run
        if run is None or name not in READINGS:
            return
        if compute_reason(results, self._state.activity.sampling):
            return
        step = shown_step(intent, results)
        self._state.begin_change()
        self._dispatch.compute_reading(
            key_of(name, run.number, step), known_curvature(intent, results, step)
        )
        self._refresh()
