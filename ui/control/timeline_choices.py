"""TimelineChoices: what a person asks of the timeline. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from ui.control.inspection_state import InspectionState
from ui.control.play_order import step_due
from ui.view.shown_maps import shown_step

_SLOWEST_HZ, _FASTEST_HZ = 0.5, 60.0


class TimelineChoices:
    """Moves along the steps of the open run, and plays them.

    Parameters
    ----------
    state
        Shared with the controller.
    refresh
        Shows the state after a change.
    clock
        Seconds, for playing.
    """

    def __init__(
        self, state: InspectionState, refresh: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self._state = state
        self._refresh = refresh
        self._clock = clock
        self._play_from = (0.0, 0)

    def choose_step(self, step: int) -> None:
        """Show another step; out of range means the nearest there is."""
        run = self._state.results.run
        if run is None or run.reached == 0:
            return
        self._state.begin_change()
        self._state.intent.step = min(max(0, step), run.reached - 1)
        self._play_from = (self._clock(), self._state.intent.step)
        self._refresh()

    def step_by(self, steps: int) -> None:
        """Move along the timeline."""
        self.choose_step(shown_step(self._state.intent, self._state.results) + steps)

    def first_step(self) -> None:
        """Show the step with most noise."""
        self.choose_step(0)

    def last_step(self) -> None:
        """Show the newest step."""
        run = self._state.results.run
        self.choose_step(run.reached - 1 if run is not None else 0)

    def toggle_play(self) -> None:
        """Start or stop playing."""
        run = self._state.results.run
        if run is None or run.reached < 2:
            return
        self._state.begin_change()
        intent = self._state.intent
        intent.playing = not intent.playing
        self._play_from = (self._clock(), shown_step(intent, self._state.results))
        self._refresh()

    def tick(self) -> None:
        """Show the step that is due while playing."""
        run = self._state.results.run
        if not self._state.intent.playing or run is None or run.reached == 0:
            return
        intent = self._state.intent
        first, last = intent.window or (0, run.reached - 1)
        since, step = self._play_from
        frames = int((self._clock() - since) * intent.rate)
        due = step_due(step, frames, first, min(last, run.reached - 1), intent.repeat)
        if due is None:
            intent.playing = False
        if due != intent.step:
            intent.step = intent.step if due is None else due
            self._refresh()

    def choose_repeat(self, repeat: str) -> None:
        """Choose what playing does at the end: "loop", "ping-pong" or "once"."""
        self._state.intent.repeat = repeat
        self._replay()

    def choose_rate(self, rate: float) -> None:
        """Choose how many steps a second are played."""
        self._state.intent.rate = min(max(_SLOWEST_HZ, rate), _FASTEST_HZ)
        self._replay()

    def choose_window(self, first: int, last: int) -> None:
        """Keep playing within these steps."""
        self._state.intent.window = (min(first, last), max(first, last))
        self._replay()

    def choose_average(self, average: bool) -> None:
        """Show the average of each map over the range of steps, or one step."""
        self._state.begin_change()
        self._state.intent.average = average
        self._refresh()

    def clear_window(self) -> None:
        """Play all steps, and show one."""
        self._state.intent.window = None
        self._state.intent.average = False
        self._replay()

    def _replay(self) -> None:
        self._play_from = (self._clock(), shown_step(self._state.intent, self._state.results))
        self._refresh()
