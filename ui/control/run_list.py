"""RunList: the one path by which runs are renamed, pinned, deleted and brought back. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from memlens.files.project import tidy_run_name
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.unsaved import UnsavedWork
from ui.control.shown_run import turn_to
from ui.language.translation import tr
from ui.state.run import Run
from ui.state.run_edits import DeleteRun, PinRun, PutBack, RenameRun, RunEdit, RunStep
from ui.view.runs import StripFacts
from ui.vocabulary.action_keys import ActionKey

# A deleted run takes memory until it cannot be brought back any more.
_REMEMBERED = 20


class RunList:
    """Changes the list of runs, with undo, and the queue of those to come.

    Parameters
    ----------
    state, dispatch, keeping
        Shared with the controller.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        keeping: UnsavedWork,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._keeping = keeping
        self._refresh = refresh

    @property
    def shown_name(self) -> str:
        """What the shown run is called, "" for prompt and seed."""
        run = self._state.results.run
        return "" if run is None else run.name

    def facts(self) -> StripFacts:
        """Return what there is to show of the runs."""
        state = self._state
        history, model = state.history, state.results.model
        return StripFacts(
            runs=tuple(history),
            shown=state.results.run,
            queue=tuple(state.queue),
            model="" if model is None else model.identity,
            undo=state.run_steps[-1].text if state.run_steps else "",
            no_delete=delete_reason(state),
            room=history.cap,
        )

    def edit(self, edit: RunEdit) -> bool:
        """Carry out an edit that can be undone; whether anything changed."""
        step = self._carry_out(edit)
        if step is None:
            return False
        state = self._state
        state.run_steps.append(step)
        state.run_edits += 1
        for gone in state.run_steps[:-_REMEMBERED]:
            self._forget(gone)
        del state.run_steps[:-_REMEMBERED]
        state.notices.say(step.text)
        if isinstance(edit, DeleteRun):
            undo = (ActionKey.UNDO_RUN_EDIT.value, tr("Undo"))
            state.notices.note(step.text, undo)
        self._refresh()
        return True

    def undo(self) -> None:
        """Take the last edit of the list back."""
        state = self._state
        if not state.run_steps:
            return
        step = state.run_steps.pop()
        state.run_edits -= 1
        self._carry_out(step.back)
        state.notices.withdraw_sentence(step.text)
        state.notices.say(tr("Undone: {what}").format(what=step.text))
        self._refresh()

    def rename_shown(self, name: str) -> None:
        """Call the shown run something else."""
        run = self._state.results.run
        if run is not None:
            self.edit(RenameRun(run.number, name))

    def pin_shown(self) -> None:
        """Pin the shown run, or let it go as others."""
        run = self._state.results.run
        if run is not None:
            self.edit(PinRun(run.number, not run.pinned))

    def delete_shown(self) -> None:
        """Take the shown run out of the strip."""
        run = self._state.results.run
        if run is not None:
            self.edit(DeleteRun(run.number))

    def cancel_queued(self, number: int | None = None) -> None:
        """Take a run out of the queue before it begins; the last one unless said otherwise."""
        queue = self._state.queue
        if queue:
            self._dispatch.cancel_queued(queue[-1].run if number is None else number)
            queue = self._state.queue
            self._state.notices.say(tr("Waiting to be sampled: {n}.").format(n=len(queue)))
            self._refresh()

    def _carry_out(self, edit: RunEdit) -> RunStep | None:
        if isinstance(edit, PutBack):
            self._put_back(edit)
            return None
        run = self._state.history.get(edit.run)
        if run is None:
            return None
        title = run.title
        match edit:
            case RenameRun():
                name = tidy_run_name(edit.name)
                if name == run.name:
                    return None
                before, run.name = run.name, name
                self._keeping.called(run)
                text = tr("{title} is now called {name}.").format(title=title, name=run.title)
                return RunStep(text, RenameRun(run.number, before))
            case PinRun():
                if edit.pinned == run.pinned:
                    return None
                run.pinned = edit.pinned
                self._keeping.called(run)
                text = tr("Pinned {title}.") if run.pinned else tr("{title} is pinned no more.")
                return RunStep(text.format(title=title), PinRun(run.number, not edit.pinned))
            case DeleteRun():
                return self._delete(run)

    def _delete(self, run: Run) -> RunStep | None:
        state = self._state
        reason = delete_reason(state)
        if reason and run is state.results.run:
            state.notices.say(reason)
            return None
        history = state.history
        place = history.place_of(run.number)
        if run is state.results.run:
            after = history.neighbour(run.number, 1) or history.neighbour(run.number, -1)
            turn_to(state, after)
            if after is not None:
                self._dispatch.files.bring_back(after)
        history.take_out(run.number)
        self._keeping.deleted(run, True)
        text = tr("Deleted {title}.").format(title=run.title)
        return RunStep(text, PutBack(run, place))

    def _put_back(self, edit: PutBack) -> None:
        state, run = self._state, edit.run
        state.history.add(run, edit.place)
        self._keeping.deleted(run, False)
        if run.session_path is not None and run.session_path != state.results.project_path:
            run.session_path = None
        self._keeping.put_back(run)
        state.follows = False
        turn_to(state, run)

    def _forget(self, step: RunStep) -> None:
        if isinstance(step.back, PutBack):
            self._state.history.let_go(step.back.run.number)
            self._dispatch.files.forget_dropped_runs()
            self._keeping.give_up(step.back.run)


def delete_reason(state: InspectionState) -> str:
    """Return why the shown run cannot be deleted now, "" when it can."""
    run = state.results.run
    if run is None:
        return tr("There is no run.")
    if run.trajectory is None and state.activity.sampling:
        return tr("This run is being sampled: cancel it first.")
    if run.stowed is not None:
        return run.detached
    return ""
