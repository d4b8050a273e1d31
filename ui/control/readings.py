"""Readings: what a person asks of the readings. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import Cost
from memlens.readings.registry import READINGS
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.notices import WayOn
from ui.jobs.compute_reading import ComputeReading
from ui.jobs.read_free import ReadingsRead
from ui.jobs.reports import Failed
from ui.language.translation import tr
from ui.view.panels import compute_reason
from ui.view.readings import key_of, known_curvature
from ui.view.shown_maps import shown_step
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.reading_key import ReadingKey


class Readings:
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
        dispatch.answers.whenever(ReadingsRead, self._read)
        dispatch.answers.when_failed(ComputeReading, self._failed)

    def compute(self, name: str) -> None:
        """Compute the reading called `name` at the shown step, or at its own."""
        intent, results = self._state.intent, self._state.results
        run = results.run
        if run is None or name not in READINGS:
            return
        if compute_reason(results, self._state.activity.sampling):
            return
        self._ask(key_of(name, run.number, shown_step(intent, results)))

    def retry(self) -> None:
        """Compute the reading asked for last again, one probe per batch if it takes probes."""
        state = self._state
        if state.wanted_reading is None:
            return
        if _takes_probes(state.wanted_reading):
            state.intent.probes_per_batch = 1
        blocked = compute_reason(state.results, state.activity.sampling)
        if blocked:
            state.notices.say(blocked)
            self._refresh()
        else:
            self._ask(state.wanted_reading)

    def _ask(self, key: ReadingKey) -> None:
        state = self._state
        run = state.results.run
        known: tuple[LocalizationMap, ...] = ()
        if key.step is not None and run is not None and run.number == key.run:
            known = known_curvature(state.intent, state.results, key.step)
        state.begin_change()
        state.wanted_reading = key
        self._dispatch.compute_reading(key, known)
        self._refresh()

    def _read(self, result: ReadingsRead) -> None:
        for key, found in result.rows:
            for run in self._state.history:
                if run.number == key.run:
                    run.readings[key] = found

    def _failed(self, report: Failed) -> WayOn | None:
        """Go on with smaller batches where memory ran out, if the reading has any."""
        if not report.out_of_memory:
            return None
        wanted = self._state.wanted_reading
        if wanted is not None and _takes_probes(wanted):
            return ActionKey.RETRY_READING, tr("Try again, one probe at a time")
        return ActionKey.RETRY_READING, tr("Try again")


def _takes_probes(key: ReadingKey) -> bool:
    return READINGS[key.key].cost is Cost.PROBES
