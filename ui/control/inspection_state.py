"""The state that the controller's parts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ui.control.notices import Notices
from ui.jobs.sample import Sample
from ui.state.activity import Activity
from ui.state.intent import Intent
from ui.state.results import Results
from ui.state.run_edits import RunStep
from ui.state.run_history import RunHistory
from ui.state.settings import Settings
from ui.view.dialogs import RecognisedView
from ui.vocabulary.reading_key import ReadingKey


@dataclass
class InspectionState:
    """Intent, results, and what is going on; changed by the controller alone.

    Attributes
    ----------
    notices
        What banner and status line say.
    wanted_model
        The model being loaded, or the last one asked for.
    wanted_baseline
        The hub id of a baseline that could not be found, "" when there is none.
    wanted_reading
        The reading on request that is computed, or the last one asked for.
    keep_guidance
        Whether the next model must not bring its own guidance scale (it follows a session).
    history
        The runs of this window; `results.run` is the one shown.
    run_number
        Of the newest run asked for.
    queue
        Runs still to be sampled after the one that is.
    batch
        How many runs were asked for together.
    follows
        Whether the next run that begins is shown at once; not while the person looks at another.
    idle_work
        Whether background work may be asked for; off after Cancel until the next request.
    run_steps
        What was done to the list of runs and can be taken back, the last one at the end.
    run_edits, saved_run_edits
        How many edits the list of runs has seen, now and when it was last saved.
    panels_of, baseline_of
        Identity of a model → how the panels were arranged over its runs, and its baseline.
    at_home
        Runs (number, identity of the open model) whose note on another model was dismissed.
    exported
        What was exported last.
    recognised
        What the name in the chooser means, None until it is known.
    """

    settings: Settings
    intent: Intent
    results: Results = field(default_factory=Results)
    activity: Activity = field(default_factory=Activity)
    notices: Notices = field(default_factory=Notices)
    wanted_model: str = ""
    wanted_baseline: str = ""
    wanted_reading: ReadingKey | None = None
    keep_guidance: bool = False
    history: RunHistory = field(default_factory=RunHistory)
    run_number: int = 0
    queue: list[Sample] = field(default_factory=list)
    batch: int = 1
    follows: bool = True
    idle_work: bool = True
    run_steps: list[RunStep] = field(default_factory=list)
    run_edits: int = 0
    saved_run_edits: int = 0
    panels_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    baseline_of: dict[str, str] = field(default_factory=dict)
    at_home: frozenset[tuple[int, str]] = frozenset()
    exported: Path | None = None
    recognised: RecognisedView | None = None

    def begin_change(self) -> None:
        """Note that the person asked for something: background work may go on."""
        self.idle_work = True
        self.notices.say("")
