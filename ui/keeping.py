"""Keeping: no mask edit is lost; what is not saved yet, and what was left behind. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from memlens.masks.document import MaskDocument
from memlens.masks.journal_places import LeftBehind
from memlens.masks.journal_writer import JournalWriter
from memlens.masks.named_mask import NamedMask
from memlens.masks.open_shape import OpenShape
from memlens.session_lock import SessionLock
from ui import requests as ask
from ui.action_keys import ActionKey
from ui.demo_session import demo_session_path
from ui.dispatch import Dispatch
from ui.inspection_state import InspectionState
from ui.kept_run import KeptRun
from ui.results import Run
from ui.translation import tr
from ui.view_state import BannerView, WindowView


class Keeping:
    """Watches the mask documents of the window's runs and keeps every edit.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    failed
        Called in another thread, with a journal's path and a sentence, when edits cannot be
        kept; both are to be handed to `journal_failed` in this one.
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
        self._offers: tuple[LeftBehind, ...] = ()
        self._put_off = False

    # -- what there is to know

    @property
    def dirty(self) -> bool:
        """Whether the shown run's masks were edited since they were saved."""
        shown = self._shown
        return shown is not None and shown.dirty

    @property
    def next_unsaved(self) -> Run | None:
        """A run of this window with masks edited since they were saved, the shown one first."""
        shown = self._shown
        if shown is not None and shown.dirty:
            return shown.run
        return next((kept.run for kept in self._runs.values() if kept.dirty), None)

    @property
    def changes(self) -> int:
        """How many changes the shown run's masks have seen."""
        shown = self._shown
        return 0 if shown is None else shown.changes

    @property
    def read_only(self) -> str:
        """Why the shown session cannot be saved in its place, "" when it can."""
        shown = self._shown
        return "" if shown is None else shown.read_only

    @property
    def small(self) -> bool:
        """Whether the shown session was saved without its trajectory."""
        shown = self._shown
        return shown is not None and shown.small

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
        path = self._state.results.session_path
        name = path.name if path is not None else ""
        if self.read_only:
            name = tr("{name} (read-only)").format(name=name)
        if self.dirty:
            name = (name or tr("Unsaved run")) + "*"
        disabled = dict(view.disabled)
        if not self._offers:
            nothing = tr("No unsaved masks were left behind.")
            disabled[ActionKey.RESTORE_MASKS] = disabled[ActionKey.DISCARD_MASKS] = nothing
        elif self._offers[0].problem:
            disabled[ActionKey.RESTORE_MASKS] = self._offers[0].problem
        banner = view.banner
        if banner is None and self._offers and not self._put_off:
            banner = _offer(self._offers)
        title = f"{name} — memlens" if name else "memlens"
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
            self._keep_run(kept)
            self._refresh()

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
            )
        return self._runs[run.number]

    def _became_dirty(self, kept: KeptRun) -> None:
        self._keep_run(kept)
        self._refresh()

    def _keep_run(self, kept: KeptRun) -> None:
        path = kept.unsaved_run
        if path is not None and not path.exists():
            self._dispatch.keep_run(kept.run, path)

    def _not_kept(self, reason: str) -> None:
        sentence = tr("Mask edits are not kept safe now: {reason}. Save the session soon.")
        self._warn(sentence.format(reason=reason))

    def _warn(self, sentence: str) -> None:
        way_on = (ActionKey.SAVE_SESSION_AS.value, tr("Save elsewhere"))
        self._state.banner = BannerView(sentence=sentence, severity="warning", way_on=way_on)
        self._refresh()

    # -- runs come and go

    def run_complete(self, run: Run) -> None:
        """Keep the picture of a run whose masks were drawn while it was sampled."""
        kept = self._runs.get(run.number)
        if kept is not None and kept.dirty:
            kept.begin()
            self._keep_run(kept)

    def session_opened(self, result: ask.SessionOpened, run: Run) -> None:
        """Hold the opened session, if it can be held."""
        kept = self._of(run)
        kept.read_only = result.read_only
        kept.small = not result.session.trajectory.keeps_latents
        lock = result.lock
        if result.restored is not None:
            unsaved = result.restored.unsaved
            kept.restore(result.restored, lock if unsaved else None, result.shape)
            lock = None if unsaved else lock
        if lock is not None:
            self._locks[lock.session] = lock
        restored = None if result.restored is None else result.restored.journal
        self.found(result.left_behind + tuple(o for o in self._offers if o.journal != restored))
        self._state.banner = _opened_banner(result) or self._state.banner

    def runs_dropped(self) -> None:
        """Let go of runs that the window has no more, and of their sessions."""
        for number in [n for n in self._runs if self._state.history.get(n) is None]:
            self._runs.pop(number).let_go()
        self._release_unused()

    def discard_shown(self) -> None:
        """Let the shown run's unsaved edits go when the window closes: the person said so."""
        shown = self._shown
        if shown is not None:
            shown.discarded = True
        self._refresh()

    def discard_all(self) -> None:
        """Let all unsaved edits go when the window closes."""
        for kept in self._runs.values():
            kept.discarded = True
        self._refresh()

    def close(self) -> None:
        """Finish writing; what is dirty now is left for the next start to find."""
        for kept in self._runs.values():
            kept.let_go()
        self._runs.clear()
        for lock in self._locks.values():
            self._writer.then(lock.release)
        self._locks.clear()
        self._writer.close()

    def _release_unused(self) -> None:
        paths = (run.session_path for run in self._state.history)
        used = {path.resolve() for path in paths if path is not None}
        for path in [path for path in self._locks if path not in used]:
            self._writer.then(self._locks.pop(path).release)

    # -- saving

    def when_saved(self, then: Callable[[], None]) -> None:
        """Call `then` once the next save has left nothing unsaved; a failed one forgets it."""
        self._when_saved = then

    def saved(self, result: ask.SessionSaved, run: Run | None) -> None:
        """Note that the masks as they were when it was asked for are in a session file."""
        if result.lock is not None:
            self._locks[result.lock.session] = result.lock
        if run is not None:
            kept = self._of(run)
            kept.read_only, kept.small = "", not result.keeps_latents
            kept.saved(result.changes)
        self._release_unused()
        then, self._when_saved = self._when_saved, None
        if then is not None and not self.dirty:
            then()

    def save_failed(self) -> None:
        """Note that the last save failed: everything stays unsaved."""
        self._when_saved = None

    # -- what was left behind

    def look_for_left_behind(self) -> None:
        """Ask for the journals that a killed window left behind."""
        self._dispatch.find_left_behind()

    def found(self, offers: tuple[LeftBehind, ...]) -> None:
        """Offer journals that were left behind."""
        known = {offer.journal for offer in self._offers}
        if any(offer.journal not in known for offer in offers):
            self._put_off = False
        self._offers = tuple({offer.journal: offer for offer in offers}.values())

    def put_off(self) -> None:
        """Take the offer out of sight; the menu and the next start still have it."""
        self._put_off = True
        self._refresh()

    def restore(self) -> None:
        """Open the first run that was left behind, with its masks."""
        if not self._offers or self._offers[0].problem:
            return
        first = self._offers[0]
        self._put_off = True
        self._state.begin_change()
        self._dispatch.open_session(
            first.session, lock=not self.holds(first.session), restore=first
        )
        self._refresh()

    def discard_left_behind(self) -> None:
        """Delete the first journal that was left behind."""
        if self._offers:
            first, self._offers = self._offers[0], self._offers[1:]
            self._put_off = False
            self._dispatch.find_left_behind(discard=first.journal)
            self._refresh()


def may_hold(path: Path) -> bool:
    """Whether a session is one that windows lock: the bundled one is never written."""
    with suppress(OSError):
        return path.resolve() != demo_session_path().resolve()
    return True


def _offer(offers: tuple[LeftBehind, ...]) -> BannerView:
    first = offers[0]
    discard = (ActionKey.DISCARD_MASKS.value, tr("Discard"))
    if first.problem:
        return BannerView(sentence=first.problem, also=discard, severity="warning")
    time = datetime.fromtimestamp(first.modified).strftime("%Y-%m-%d %H:%M")
    sentence = tr("Recovered: masks of {title}, edited but not saved ({time}).").format(
        title=first.title, time=time
    )
    if len(offers) > 1:
        sentence += " " + tr("{n} more were left behind.").format(n=len(offers) - 1)
    return BannerView(
        sentence=sentence,
        way_on=(ActionKey.RESTORE_MASKS.value, tr("Restore")),
        also=discard,
        severity="notice",
    )


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
