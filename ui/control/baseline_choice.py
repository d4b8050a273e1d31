"""BaselineChoice: the one place where the less-trained baseline changes. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.methods.registry import UNCONDITIONAL
from memlens.models.sources import is_hub_id
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.notices import WayOn
from ui.jobs.load_baseline import BaselineLoaded, LoadBaseline
from ui.jobs.reports import Failed
from ui.language.translation import tr
from ui.view.setup import EARLY, OTHERS, checkpoint_name
from ui.vocabulary.action_keys import ActionKey


class BaselineChoice:
    """Chooses a baseline, and follows what becomes of it.

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
        dispatch.answers.when(BaselineLoaded, self._loaded)
        dispatch.answers.when_failed(LoadBaseline, self._failed)

    def choose(self, key: str, *, download: bool = False) -> None:
        """Choose "unconditional", "early", or the path or hub id of a less-trained checkpoint."""
        state = self._state
        if key in (*OTHERS, state.intent.baseline):
            return
        state.begin_change()
        kept = "" if key == UNCONDITIONAL else state.results.baseline
        self._become(chosen=key, identity=kept)
        self._dispatch.load_baseline(download=download)
        self._refresh()

    def _loaded(self, result: BaselineLoaded) -> None:
        """Take the baseline that the worker holds now."""
        state = self._state
        chosen = state.intent.baseline
        self._become(
            chosen=chosen,
            identity=result.description.identity,
            ready=True,
            wanted=state.wanted_baseline,
        )
        if chosen not in (UNCONDITIONAL, EARLY):
            state.settings = state.settings.with_recent_baseline(chosen)
            state.results.checkpoints = {chosen: "", **state.results.checkpoints}
            sentence = tr("Less-trained baseline: {name}.")
            state.notices.say(sentence.format(name=checkpoint_name(chosen)))
        self._dispatch.localize()

    def _failed(self, report: Failed) -> WayOn | None:
        """Go back to ∅."""
        chosen = self._state.intent.baseline
        remote = is_hub_id(chosen) and not Path(chosen).exists()
        wanted = chosen if remote else self._state.wanted_baseline
        self._become(chosen=UNCONDITIONAL, identity="", refused=report.sentence, wanted=wanted)
        if remote:
            return (ActionKey.RETRY_DOWNLOAD, tr("Download it"))
        return None

    def model_changed(self, before: str, now: str, early: Path | None) -> None:
        """Follow the open model.

        Parameters
        ----------
        before, now
            Identities of the model before, "" for none, and of the one that is open.
        early
            The less-trained checkpoint that it brings, None for none.
        """
        state, results = self._state, self._state.results
        chosen, again = state.intent.baseline, before == now
        if before and not again:
            state.baseline_of[before] = chosen
        if not again and now in state.baseline_of:
            chosen = state.baseline_of[now]
        elif chosen not in (UNCONDITIONAL, EARLY) and not again:
            chosen = EARLY
        if chosen == EARLY and early is None:
            chosen = UNCONDITIONAL
        # Maps of a run that goes on are made with the one there was until another is loaded.
        goes_on = results.run is not None and not results.run.detached
        self._become(
            chosen=chosen,
            identity=results.baseline if goes_on else "",
            refused=results.refused_baseline,
            wanted=state.wanted_baseline,
        )

    def of_session(self, identity: str) -> None:
        """Take the baseline of an opened run's maps where none is known."""
        state, results = self._state, self._state.results
        if not results.baseline:
            self._become(
                chosen=state.intent.baseline,
                identity=identity,
                ready=results.baseline_ready,
                refused=results.refused_baseline,
                wanted=state.wanted_baseline,
            )

    def _become(
        self,
        *,
        chosen: str,
        identity: str,
        ready: bool = False,
        refused: str = "",
        wanted: str = "",
    ) -> None:
        state, results = self._state, self._state.results
        state.intent.baseline, state.wanted_baseline = chosen, wanted
        results.baseline, results.baseline_ready = identity, ready
        results.refused_baseline = refused
