"""Runs: what a person asks of the runs, those to come and those before. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.shown_run import turn_to
from ui.language.translation import tr
from ui.state.run import Run
from ui.view.setup import run_reason


class Runs:
    """Starts runs, goes back to earlier ones, and computes ahead.

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

    def run(self) -> None:
        """Sample the prompt, once per seed, each as a new run."""
        state = self._state
        if run_reason(state.intent, state.results, loading=bool(state.activity.loading)):
            return
        state.begin_change()
        state.notices.withdraw()
        waits = state.activity.sampling
        self._dispatch.sample()
        if waits:
            sentence = tr("Queued; waiting: {n}.")
            state.notices.say(sentence.format(n=len(state.queue)))
        self._refresh()

    def choose_seeds(self, text: str) -> None:
        """Take the seed field's text: "7", "0-3" or "0, 4, 9"."""
        self._state.intent.choose_seeds(text)
        self._refresh()

    def choose_prefetch(self, wanted: bool) -> None:
        """Compute the neighbours of the shown step while idle, or not."""
        state = self._state
        state.settings = state.settings.changed(prefetch=wanted)
        if wanted:
            state.begin_change()
        self._dispatch.background()
        if not wanted:
            self._dispatch.stop_prefetch()
        self._refresh()

    def choose_run(self, number: int) -> None:
        """Show another run of this window."""
        run = self._state.history.get(number)
        if run is not None and run is not self._state.results.run:
            self._show(run)

    def previous_run(self) -> None:
        """Show the run before."""
        self._step_to(-1)

    def next_run(self) -> None:
        """Show the run after."""
        self._step_to(1)

    def _step_to(self, offset: int) -> None:
        shown = self._state.results.run
        run = self._state.history.neighbour(shown.number, offset) if shown is not None else None
        if run is not None:
            self._show(run)

    def _show(self, run: Run) -> None:
        state = self._state
        state.begin_change()
        state.follows = False
        before = state.results.run
        # A prompt that was not touched since follows the run; one being written stays.
        if before is None or state.intent.prompt.strip() == before.prompt.strip():
            state.intent.prompt = run.prompt
        state.intent.playing = False
        state.intent.window = None
        turn_to(state, run)
        self._dispatch.files.bring_back(run)
        sentence = tr("Run with seed {seed}: {prompt}")
        state.notices.say(sentence.format(seed=run.seed, prompt=run.prompt))
        self._dispatch.background()
        self._refresh()
