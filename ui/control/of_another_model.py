"""What the window says while the shown run belongs to another model than the open one. No Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ui.control.inspection_state import InspectionState
from ui.language.translation import tr
from ui.view.view_state import BannerView, WindowView
from ui.vocabulary.action_keys import ActionKey


def of_another_model(view: WindowView, state: InspectionState) -> WindowView:
    """Return `view` with a note on the model of the shown run, and a way back to that one."""
    disabled = dict(view.disabled)
    if not state.results.foreign:
        disabled[ActionKey.REOPEN_MODEL] = tr("The model of this run is open.")
    elif not source_of(state):
        disabled[ActionKey.REOPEN_MODEL] = tr("Where the model of this run lies is not known.")
    note = _note(state)
    banner = view.banner
    if banner is None and note is not None and _place(state) not in state.at_home:
        banner = note
    return replace(view, banner=banner, disabled=disabled)


def put_off(state: InspectionState) -> bool:
    """Take the note out of sight for this run and model; False where there is none to see."""
    place = _place(state)
    if _note(state) is None or place in state.at_home:
        return False
    state.at_home |= {place}
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


def _note(state: InspectionState) -> BannerView | None:
    run, model = state.results.run, state.results.model
    if not state.results.foreign or run is None or model is None or state.activity.loading:
        return None
    own = run.model.rsplit("@", 1)[0]
    sentence = tr(
        "This run is of {own}; {open} is open. Its panels stay as they are, and nothing more is "
        "computed for it."
    ).format(own=own, open=model.name if model.name != own else model.identity)
    reopen = (ActionKey.REOPEN_MODEL.value, tr("Reopen {name}").format(name=own))
    choose = (ActionKey.OPEN_MODEL.value, tr("Open a model"))
    way_on = reopen if source_of(state) else choose
    return BannerView(sentence=sentence, way_on=way_on, severity="notice")
