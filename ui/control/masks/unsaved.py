"""UnsavedWork: nothing that was sampled or drawn is lost; what is not saved yet. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.files.session_lock import SessionLock
from memlens.files.unsaved_runs import new_group, new_unsaved_run
from memlens.masks.document import MaskDocument
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.left_behind import LeftBehindOffers
from ui.control.masks.unsaved_run import UnsavedRun
from ui.control.screen import Screen
from ui.jobs.keep_run import RunsKept
from ui.jobs.open_session import OpenSession, SessionOpened
from ui.jobs.reports import Failed
from ui.jobs.run_to_write import StowedRun
from ui.jobs.save_session import SaveSession, SessionSaved
from ui.language.translation import tr
from ui.state.run import Run
from ui.state.run_edits import PutBack
from ui.state.unsaved import Unsaved
from ui.view.unsaved import UnsavedFacts
from ui.vocabulary.action_keys import ActionKey


class UnsavedWork:
    """Watches the runs of the window and their mask documents, and keeps all of it.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    screen
        Is told when edits cannot be kept, and asks what becomes of unsaved work.

    Attributes
    ----------
    left_behind
        What another window did not get to save.
    read_only
        Why the open session cannot be saved in its place, "" when it can.
    small
        Whether it was saved without trajectories.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        refresh: Callable[[], None],
        screen: Screen,
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._writer = JournalWriter(screen.journal_failed)
        self._runs: dict[int, UnsavedRun] = {}
        self._locks: dict[Path, SessionLock] = {}
        self._when_saved: Callable[[], None] | None = None
        self._group, self._places = new_group(), 0
        self._to_keep: dict[int, tuple[Run, Path]] = {}
        self._to_stow: set[int] = set()
        self._gives_up = False
        self.left_behind = LeftBehindOffers(state, dispatch, refresh, self.holds, screen.ask_first)
        self.read_only = ""
        self.small = False
        answers = dispatch.answers
        answers.whenever(RunsKept, self._runs_kept)
        answers.when_failed(SaveSession, self._save_failed)
        answers.when_failed(OpenSession, self._opening_failed)

    # -- what there is to know

    @property
    def dirty(self) -> bool:
        """Whether anything of this window is in no file of the person's."""
        return bool(self.unsaved)

    @property
    def unsaved(self) -> Unsaved:
        """What is in no file of the person's, as far as it can be saved."""
        kept = [self._runs[run.number] for run in self._state.history if run.number in self._runs]
        never = sum(one.never_saved for one in kept)
        edited = sum(one.dirty and not one.never_saved for one in kept)
        discarded = bool(kept) and all(one.discarded for one in kept)
        changed = self._state.run_edits != self._state.saved_run_edits
        savable = any(run.trajectory is not None for run in self._state.history)
        return Unsaved(
            never_saved=never,
            edited=edited,
            reordered=changed and savable and not discarded,
            sampled=int(self._state.activity.sampling),
            waiting=len(self._state.queue),
        )

    def position_of(self, run: Run) -> int:
        """Return where in their history a run's masks are."""
        kept = self._runs.get(run.number)
        return 0 if kept is None else kept.position

    def holds(self, path: Path) -> bool:
        """Whether this window holds the lock of a session."""
        return path.resolve() in self._locks

    def document(self) -> MaskDocument | None:
        """Return the shown run's document, None when none is watched."""
        shown = self._shown
        return None if shown is None else shown.document

    def masks(self) -> tuple[NamedMask, ...] | None:
        """Return copies of the shown run's masks, None when no document is watched."""
        document = self.document()
        return None if document is None else document.snapshot()

    def facts(self) -> UnsavedFacts:
        """Return what there is to show of what is kept."""
        path = self._state.results.project_path
        return UnsavedFacts(
            session="" if path is None else path.name,
            read_only=bool(self.read_only),
            unsaved=self.unsaved,
            offer=self.left_behind.banner(),
            disabled=self.left_behind.disabled(),
        )

    # -- the documents

    def watch(self, document: MaskDocument, session_path: Path | None) -> None:
        """Keep every change of the shown run's document from now on.

        Parameters
        ----------
        document
            With the masks that the run came with; one that is watched already goes on.
        session_path
            Where the run was saved or opened from, None for a new one.
        """
        run = self._state.results.run
        if run is None:
            return
        kept = self._of(run)
        if kept.document is document:
            return
        run.session_path = session_path
        kept.watch(document)
        if kept.dirty:
            self._became_dirty(kept)

    def note_shape(self, shape: OpenShape | None) -> None:
        """Keep the polygon that is under way over the shown run, None when there is none."""
        shown = self._shown
        for kept in tuple(self._runs.values()):
            kept.note_shape(shape if kept is shown else None)

    def journal_failed(self, path: Path, reason: str) -> None:
        """Say that edits are not kept; the next one tries again with a new journal."""
        for kept in self._runs.values():
            if kept.journal == path:
                kept.journal_lost()
        self._not_kept(reason)

    @property
    def _shown(self) -> UnsavedRun | None:
        run = self._state.results.run
        return None if run is None else self._runs.get(run.number)

    def _of(self, run: Run) -> UnsavedRun:
        if run.number not in self._runs:
            self._runs[run.number] = UnsavedRun(
                run,
                self._writer,
                held=lambda: run.session_path is not None and self.holds(run.session_path),
                became_dirty=self._became_dirty,
                failed=self._not_kept,
                new_place=self._new_place,
            )
        return self._runs[run.number]

    def _new_place(self) -> Path:
        self._places += 1
        path = self._state.results.project_path
        return new_unsaved_run(
            self._group, self._places, path if path is not None and self.holds(path) else None
        )

    def _became_dirty(self, kept: UnsavedRun) -> None:
        if kept.dirty and kept.unsaved_run is not None:
            self._keep(kept, kept.unsaved_run)
        self._refresh()

    def _keep(self, kept: UnsavedRun, path: Path | None, *, again: bool = False) -> None:
        run = kept.run
        if path is None or run.trajectory is None or run.stowed or (path.exists() and not again):
            return
        self._to_keep[run.number] = run, path
        self._dispatch.files.keep_runs(tuple(self._to_keep.values()))

    def _not_kept(self, reason: str) -> None:
        sentence = tr("Mask edits are not kept safe now: {reason}. Save the session soon.")
        self._warn(sentence.format(reason=reason))

    def _warn(self, sentence: str) -> None:
        way_on = (ActionKey.SAVE_SESSION_AS.value, tr("Save elsewhere"))
        self._state.notices.warn(sentence, way_on)
        self._refresh()

    # -- runs come and go

    def run_complete(self, run: Run) -> None:
        """Keep a run that was sampled, until a session has it."""
        kept = self._of(run)
        if kept.dirty:
            kept.begin()
        self._keep(kept, kept.keep())

    def session_opened(self, result: SessionOpened, runs: tuple[Run, ...]) -> None:
        """Hold the opened session, if it can be held, and what was restored with it."""
        if not result.add:
            self.read_only, self._group = result.read_only, new_group()
            self._places = 0
            first = result.runs[0].session.trajectory
            self.small = not first.keeps_latents and result.path is not None
        if result.lock is not None:
            self._locks[result.lock.session] = result.lock
        restored = set()
        for opened, run in zip(result.runs, runs, strict=True):
            kept = self._of(run)
            if opened.restored is not None:
                restored.add(opened.restored.place)
                kept.restore(opened.restored, opened.lock, opened.shape)
            if result.add:
                self._keep(kept, kept.keep())
        self.left_behind.forget(restored)
        self.left_behind.found((*result.left_behind, *self.left_behind.items))
        if result.read_only:
            save_as = (ActionKey.SAVE_SESSION_AS.value, tr("Save as …"))
            self._state.notices.warn(result.read_only, save_as)
        elif result.warning:
            self._state.notices.warn(result.warning)

    def make_room(self) -> None:
        """Let go of what takes memory in the oldest runs over the limit, once a file has it."""
        shown = self._state.results.run
        for run in self._state.history.over_limit(0 if shown is None else shown.number):
            kept = self._of(run)
            if run.session_path is not None:
                # A file without trajectories could not give this one back.
                if not self.small:
                    self._stow(run, run.session_path)
            elif run.number not in self._to_stow:
                self._to_stow.add(run.number)
                self._keep(kept, kept.keep(), again=True)

    def _runs_kept(self, result: RunsKept) -> None:
        """Note which runs are in the data folder now."""
        for number, path in result.runs.items():
            self._to_keep.pop(number, None)
            run = self._state.history.get(number)
            if number in self._to_stow and run is not None and run is not self._state.results.run:
                if run.session_path is None and not run.pinned:
                    self._stow(run, path)
            self._to_stow.discard(number)
        if result.problem:
            self._to_keep.clear()
            self._to_stow.clear()
            self._warn(result.problem)

    def _stow(self, run: Run, path: Path) -> None:
        reason = tr("Memory was short: this run is being read from the disk.")
        run.stow(StowedRun(path=path, id=run.id), reason)
        self._state.history.let_go(run.number)
        self._dispatch.files.forget_dropped_runs()

    def deleted(self, run: Run, deleted: bool) -> None:
        """Note for the next start that the person deleted a run, or brought it back."""
        self._of(run).mark_deleted(deleted)

    def called(self, run: Run) -> None:
        """Note for the next start what the person calls a run, and whether it is pinned."""
        self._of(run).note_called()

    def put_back(self, run: Run) -> None:
        """Keep a run that came back, unless the session has it."""
        kept = self._of(run)
        if kept.never_saved:
            self._keep(kept, kept.keep())

    def give_up(self, run: Run) -> None:
        """Let go of a deleted run that cannot be brought back any more."""
        kept = self._runs.pop(run.number, None)
        if kept is not None:
            kept.discarded = True
            kept.let_go()

    def runs_dropped(self, wanted: frozenset[int]) -> None:
        """Let go of all runs but those wanted, and of their sessions."""
        steps = self._state.run_steps
        deleted = [step.back.run for step in steps if isinstance(step.back, PutBack)]
        steps.clear()
        gives_up, self._gives_up = self._gives_up, False
        for number in [number for number in self._runs if number not in wanted]:
            self._to_keep.pop(number, None)
            kept = self._runs.pop(number)
            kept.discarded = kept.discarded or gives_up or kept.run in deleted
            kept.let_go()
        self._release_unused()

    def give_up_when_opened(self, gives_up: bool) -> None:
        """Let all unsaved runs and edits go once another session is open, or after all not."""
        self._gives_up = gives_up

    def discard_all(self) -> None:
        """Let all unsaved runs and edits go, those being sampled too: the person said so."""
        self._dispatch.stop_sampling()
        for run in self._state.history:
            self._of(run).discarded = True
        self._refresh()

    def close(self) -> None:
        """Finish writing; what is unsaved now is left for the next start to find."""
        deleted = [n for n in self._runs if self._state.history.get(n) is None]
        for number in deleted:
            self._runs[number].discarded = True
        for kept in self._runs.values():
            kept.let_go()
        self._runs.clear()
        for lock in self._locks.values():
            self._writer.then(lock.release)
        self._locks.clear()
        self._writer.close()

    def _release_unused(self) -> None:
        paths = [self._state.results.project_path]
        paths += [run.session_path for run in self._state.history]
        used = {path.resolve() for path in paths if path is not None}
        for path in [path for path in self._locks if path not in used]:
            self._writer.then(self._locks.pop(path).release)

    # -- saving

    def stop_sampling(self, then: Callable[[], None]) -> None:
        """Stop sampling, and call `then` once what was reached can be saved."""
        self._dispatch.stop_sampling(then)
        self._refresh()

    def when_saved(self, then: Callable[[], None]) -> None:
        """Call `then` once the next save has left nothing unsaved; a failed one forgets it."""
        self._when_saved = then

    def saved(self, result: SessionSaved) -> None:
        """Note that the runs, as they were when it was asked for, are in a session file."""
        if result.lock is not None:
            self._locks[result.lock.session] = result.lock
        self.read_only, self.small = "", not result.keeps_latents
        self._state.saved_run_edits = result.edits
        for number, position in result.positions.items():
            run = self._state.history.get(number)
            if run is None:
                continue
            run.session_path = result.path
            if run.stowed is not None:
                run.stowed = StowedRun(path=result.path, id=run.id)
            self._to_keep.pop(number, None)
            self._of(run).saved(position)
        self._release_unused()
        then, self._when_saved = self._when_saved, None
        if then is not None and not self.dirty:
            then()

    def save_failed(self) -> None:
        """Note that the last save failed: everything stays unsaved."""
        self._when_saved = None

    def _save_failed(self, report: Failed) -> None:
        self.save_failed()

    def _opening_failed(self, report: Failed) -> None:
        self._gives_up = False
