"""What the window says while the shown run belongs to another model than the open one."""

from __future__ import annotations

from dataclasses import dataclass

from ui.language.translation import tr
from ui.state.results import Results
from ui.view.view_state import BannerView
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherModelFacts:
    """What there is to know of the shown run's model, beside the results.

    Attributes
    ----------
    source
        What it can be opened by, "" where that is not known.
    dismissed
        Whether the note was put out of sight for this run and model.
    """

    source: str = ""
    dismissed: bool = False


def model_note(results: Results, loading: str, source: str) -> BannerView | None:
    """Return the note on the model of the shown run, with a way back to that one; or None."""
    run, model = results.run, results.model
    if not results.foreign or run is None or model is None or loading:
        return None
    own = run.model.rsplit("@", 1)[0]
    sentence = tr(
        "This run is of {own}; {open} is open. Its panels stay as they are, and nothing more is "
        "computed for it."
    ).format(own=own, open=model.name if model.name != own else model.identity)
    reopen = (ActionKey.REOPEN_MODEL.value, tr("Reopen {name}").format(name=own))
    choose = (ActionKey.OPEN_MODEL.value, tr("Open a model"))
    return BannerView(sentence=sentence, way_on=reopen if source else choose, severity="notice")


def reopening_reason(results: Results, source: str) -> str:
    """Return why the model of the shown run cannot be reopened, "" when it can."""
    if not results.foreign:
        return tr("The model of this run is open.")
    return "" if source else tr("Where the model of this run lies is not known.")
