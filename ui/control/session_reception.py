"""SessionReception: what the worker's answers about session files change. No Qt."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from memlens.masks.open_shape import OpenShape
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, UNCONDITIONAL
from ui.control.baseline_choice import BaselineChoice
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.unsaved import UnsavedWork
from ui.control.of_another_model import source_named
from ui.control.shown_run import turn_to
from ui.jobs.bring_back import BroughtBack
from ui.jobs.open_session import OpenedRun, SessionOpened
from ui.jobs.save_session import SessionSaved
from ui.language.translation import tr
from ui.state.run import Run
from ui.state.run_edits import PutBack


class SessionReception:
    """Takes over opened, saved and restored runs.

    Parameters
    ----------
    state, dispatch, keeping, baseline
        Shared with the controller.
    reopen
        Goes on with the polygon that was under way over the run of this number.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        keeping: UnsavedWork,
        baseline: BaselineChoice,
        *,
        reopen: Callable[[OpenShape, int], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._keeping = keeping
        self._baseline = baseline
        self._reopen = reopen
        answers = dispatch.answers
        answers.when(SessionOpened, self._opened, late=SessionOpened.release)
        answers.whenever(SessionSaved, self._saved)
        answers.whenever(BroughtBack, self._brought_back)

    def _opened(self, result: SessionOpened) -> None:
        """Show the runs of a session in place of those that are there, or beside them."""
        state, results = self._state, self._state.results
        runs = tuple(self._run_of(opened, result) for opened in result.runs)
        if result.add:
            state.run_edits += 1
        else:
            results.run = None
            deleted = (step.back for step in state.run_steps)
            state.history.let_go(*(b.run.number for b in deleted if isinstance(b, PutBack)))
            state.history.clear()
            state.run_edits = state.saved_run_edits = 0
            state.panels_of.clear()
            results.project_path = result.path
        for run in runs:
            state.history.add(run)
        self._keeping.session_opened(result, runs)
        if not result.add:
            self._let_go_of_dropped()
        shown = result.runs[result.shown]
        turn_to(state, runs[result.shown])
        self._keeping.make_room()
        if shown.session.reference is not None:
            # It has no file here: only its name is known.
            results.reference_path = Path(shown.session.reference.name)
            results.reference_picture = shown.session.reference.pixels
        self._dispatch.fit_reference()
        provenance = shown.session.trajectory.provenance
        intent = state.intent
        intent.prompt = provenance.prompt
        intent.seed = provenance.seed
        intent.steps = provenance.steps
        intent.guidance_scale = provenance.guidance_scale
        intent.noise = provenance.noise
        intent.step = provenance.steps - 1
        intent.playing, intent.window = False, None
        for found in shown.session.maps:
            if MAP_KINDS[found.kind].baseline in (LESS_TRAINED, UNCONDITIONAL):
                made = found.provenance
                if made.probes:
                    intent.estimator = made.estimator or intent.estimator
                    intent.probes = made.probes
                    intent.probe_seed = made.probe_seed or 0
                    break
        intent.adopt_view(shown.session.view)
        state.notices.say("")
        self._open_the_model_of(provenance.model)
        self._dispatch.find_truth()
        if shown.shape is not None:
            self._reopen(shown.shape, shown.number)

    def _run_of(self, opened: OpenedRun, result: SessionOpened) -> Run:
        unsaved = result.add or (opened.restored is not None and opened.restored.unsaved)
        path = None if unsaved else result.path
        run = Run.of_session(opened.number, opened.session, path, opened.detached)
        run.recorded = opened.recorded
        if result.add:
            # The file that it comes from, or another copy of it, may be in this window too.
            run.id = uuid.uuid4().hex
        for baseline in run.maps.baselines:
            self._baseline.of_session(baseline)
        return run

    def _let_go_of_dropped(self) -> None:
        """Let worker and keeping let go of what the strip has no more."""
        there = frozenset(run.number for run in self._state.history)
        self._dispatch.files.forget_dropped_runs()
        self._keeping.runs_dropped(there)

    def _brought_back(self, result: BroughtBack) -> None:
        """Fill a run that was read again."""
        run = self._state.history.get(result.run)
        if run is None or run.stowed is None:
            return
        run.fill(result.session, result.detached)
        self._keeping.make_room()
        self._dispatch.localize()

    def _open_the_model_of(self, identity: str) -> None:
        state = self._state
        if state.results.model is not None and state.results.model.identity == identity:
            return
        source = source_named(identity, state)
        if source:
            state.keep_guidance = True
            self._dispatch.load_model(source)

    def _saved(self, result: SessionSaved) -> None:
        """Note where the runs are saved now."""
        state, path = self._state, result.path
        state.results.project_path = path
        state.settings = state.settings.with_recent_session(str(path))
        state.notices.say(tr("Saved {name}.").format(name=path.name))
        self._keeping.saved(result)
