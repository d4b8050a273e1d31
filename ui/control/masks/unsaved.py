"""Keeping: nothing that was sampled or drawn is lost; what is not saved yet. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from ui.control.masks.unsaved_run import KeptRun
from ui.jobs import requests as ask
from ui.language.translation import tr
from ui.state.run import Run
from ui.state.run_edits import PutBack
from ui.view.view_state import BannerView, WindowView
from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """What a save would put into a file that has none of it.

    Attributes
    ----------
    never_saved
        How many runs no file of the person's has.
    edited
        How many others have masks that were edited since.
    reordered
        Whether runs were renamed, pinned or deleted since.
    """

    never_saved: int = 0
    edited: int = 0
    reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.never_saved or self.edited or self.reordered)


class Keeping:
    """Watches the runs of the window and their mask documents, and keeps all of it.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    failed
        Called in another thread, with a journal's path and a sentence, when edits cannot be
        kept; both are to be handed to `journal_failed` in this one.

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
        failed: Callable[[Path, str], None] = lambda path, sentence: None,
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._writer = JournalWriter(failed)
        self._runs: dict[int, KeptRun] = {}
        self._locks: dict[Path, SessionLock] = {}
        self._when_saved: Callable[[], None] | None = None
        self._group, self._places = new_group(), 0
        self._to_keep: dict[int, tuple[Run, Path]] = {}
        self._to_stow: set[int] = set()
        self._gives_up = False
        self.left_behind = LeftBehindOffers(state, dispatch, refresh, self.holds)
        self.read_only = ""
        self.small = False

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
            never_saved=never, edited=edited, reordered=changed and savable and not discarded
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

    def marked(self, view: WindowView) -> WindowView:
        """Return `view` with the title's star, and the offer to restore where there is room."""
        path = self._state.results.project_path
        name = path.name if path is not None else ""
        if self.read_only:
            name = tr("{name} (read-only)").format(name=name)
        unsaved = self.unsaved
        if unsaved:
            runs = tr("Unsaved run")
            if unsaved.never_saved > 1:
                runs = tr("{n} unsaved runs").format(n=unsaved.never_saved)
            name = (name or runs) + "*"
        banner = view.banner or self.left_behind.banner()
        title = f"{name} — memlens" if name else "memlens"
        disabled = dict(view.disabled)
        disabled.update(self.left_behind.disabled())
        return replace(view, title=title, banner=banner, disabled=disabled)

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

    def journal_failed(self, path: Path, sentence: str) -> None:
        """Say that edits are not kept; the next one tries again with a new journal."""
        for kept in self._runs.values():
            if kept.journal == path:
                kept.journal_lost()
        self._warn(sentence)

    @property
    def _shown(self) -> KeptRun | None:
        run = self._state.results.run
        return None if run is None else self._runs.get(run.number)

    def _of(self, run: Run) -> KeptRun:
        if run.number not in self._runs:
            self._runs[run.number] = KeptRun(
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

    def _became_dirty(self, kept: KeptRun) -> None:
        if kept.dirty and kept.unsaved_run is not None:
            self._keep(kept, kept.unsaved_run)
        self._refresh()

    def _keep(self, kept: KeptRun, path: Path | None, *, again: bool = False) -> None:
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
        self._state.banner = BannerView(sentence=sentence, severity="warning", way_on=way_on)
        self._refresh()

    # -- runs come and go

    def run_complete(self, run: Run) -> None:
        """Keep a run that was sampled, until a session has it."""
        kept = self._of(run)
        if kept.dirty:
            kept.begin()
        self._keep(kept, kept.keep())

    def session_opened(self, result: ask.SessionOpened, runs: tuple[Run, ...]) -> None:
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
        self._state.banner = _opened_banner(result) or self._state.banner

    def stow(self, runs: tuple[Run, ...], reason: str) -> None:
        """Let go of what takes memory in runs, as soon as it is in a file."""
        for run in runs:
            kept = self._of(run)
            if run.session_path is not None:
                # A file without trajectories could not give this one back.
                if not self.small:
                    self._stow(run, run.session_path, reason)
            elif run.number not in self._to_stow:
                self._to_stow.add(run.number)
                self._keep(kept, kept.keep(), again=True)

    def runs_kept(self, result: ask.RunsKept, reason: str) -> None:
        """Note which runs are in the data folder now."""
        for number, path in result.runs.items():
            self._to_keep.pop(number, None)
            run = self._state.history.get(number)
            if number in self._to_stow and run is not None and run is not self._state.results.run:
                if run.session_path is None and not run.pinned:
                    self._stow(run, path, reason)
            self._to_stow.discard(number)
        if result.problem:
            self._to_keep.clear()
            self._to_stow.clear()
            self._warn(result.problem)

    def _stow(self, run: Run, path: Path, reason: str) -> None:
        run.stow(ask.StowedRun(path=path, id=run.id), reason)
        self._state.history.let_go(run.number)
        self._dispatch.files.forget_dropped_runs()

    def deleted(self, run: Run, deleted: bool) -> None:
        """Note for the next start that the person deleted a run, or brought it back."""
        self._of(run).mark_deleted(deleted)

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
        """Let all unsaved runs and edits go: the person said so."""
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

    def when_saved(self, then: Callable[[], None]) -> None:
        """Call `then` once the next save has left nothing unsaved; a failed one forgets it."""
        self._when_saved = then

    def saved(self, result: ask.SessionSaved) -> None:
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
                run.stowed = ask.StowedRun(path=result.path, id=run.id)
            self._to_keep.pop(number, None)
            self._of(run).saved(position)
        self._release_unused()
        then, self._when_saved = self._when_saved, None
        if then is not None and not self.dirty:
            then()

    def save_failed(self) -> None:
        """Note that the last save failed: everything stays unsaved."""
        self._when_saved = None


def _opened_banner(result: ask.SessionOpened) -> BannerView | None:
    if result.read_only:
        return BannerView(
            sentence=result.read_only,
            severity="warning",
            way_on=(ActionKey.SAVE_SESSION_AS.value, tr("Save as …")),
        )
    if result.warning:
        return BannerView(sentence=result.warning, severity="warning")
    return None
