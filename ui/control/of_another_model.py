"""The model that the shown run belongs to: where it lies, and the note on it. No Qt."""

from __future__ import annotations

from pathlib import Path

from ui.control.inspection_state import InspectionState
from ui.view.other_model import OtherModelFacts, model_note


def other_model_facts(state: InspectionState) -> OtherModelFacts:
    """Return what there is to show of the shown run's model."""
    return OtherModelFacts(source=source_of(state), dismissed=_place(state) in state.at_home)


def put_off(state: InspectionState) -> bool:
    """Take the note out of sight for this run and model; False where there is none to see."""
    facts = other_model_facts(state)
    if facts.dismissed or not model_note(state.results, state.activity.loading, facts.source):
        return False
    state.at_home |= {_place(state)}
    return True


def source_of(state: InspectionState) -> str:
    """Return what the shown run's model can be opened by, "" where that is not known."""
    run = state.results.run
    if run is None:
        return ""
    if run.source:
        return run.source
    return source_named(run.model, state)


def source_named(identity: str, state: InspectionState) -> str:
    """Return the source among those known that a model of this identity was opened by, or ""."""
    name = identity.rsplit("@", 1)[0]
    known = ("demo", *state.settings.recent_models)
    return next((s for s in known if name in (s, Path(s).name)), "")


def _place(state: InspectionState) -> tuple[int, str]:
    results = state.results
    number = 0 if results.run is None else results.run.number
    return number, "" if results.model is None else results.model.identity
