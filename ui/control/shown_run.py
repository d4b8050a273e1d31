"""Turning to a run: the panels go with the model that the run belongs to. No Qt."""

from __future__ import annotations

from memlens.methods.registry import UNCONDITIONAL
from ui.control.inspection_state import InspectionState
from ui.control.saving import view_of
from ui.state.run import Run
from ui.vocabulary.action_keys import ActionKey

_TWINS = {"cov_bad": "cov", "score_diff_bad": "score_diff"}


def turn_to(state: InspectionState, run: Run | None) -> None:
    """Make a run the shown one; over runs of one model the panels stay as they are."""
    before = state.results.run
    if before is run:
        return
    intent = state.intent
    if before is not None:
        before.kept_view = view_of(before, intent.to_view())
        state.panels_of[before.model] = tuple(intent.panels)
    state.results.run = run
    # It was offered for the run before.
    state.notices.withdraw_offer(ActionKey.USE_BUNDLED_MASK)
    if run is None or before is None or before.model == run.model:
        return
    if run.model in state.panels_of:
        intent.panels = list(state.panels_of[run.model])
        intent.active_panel = min(intent.active_panel, len(intent.panels) - 1)
    show_what_the_model_offers(state)


def show_what_the_model_offers(state: InspectionState) -> None:
    """Let panels show ∅ instead of a baseline that the open model does not have.

    Panels over a run of another model are left alone: it has the maps that it has.
    """
    intent, results = state.intent, state.results
    if results.foreign or intent.baseline != UNCONDITIONAL or results.baseline:
        return
    for place, content in enumerate(intent.panels):
        if content in _TWINS and _TWINS[content] not in intent.panels:
            intent.panels[place] = _TWINS[content]
